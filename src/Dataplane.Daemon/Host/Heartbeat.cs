using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Linux.Namespaces;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Host;

/// <summary>
/// Feeds systemd's watchdog as long as the thread that owns the node answers and no thread is left in a foreign
/// namespace.
/// </summary>
internal static partial class Heartbeat
{
    public static async Task BeatAsync(
        ServiceManager manager, Reconciler reconciler, ILogger log, CancellationToken stop)
    {
        if (manager.Watchdog is not { } limit) return;
        using var timer = new PeriodicTimer(limit / 3);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await reconciler.OnNode(_ => true).WaitAsync(stop);
                if (ThreadHome.StrayThreads() is { Count: > 0 } stray) Stray(log, string.Join(", ", stray));
                else manager.Alive();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or RefusalException)
        {
            // The daemon is stopping.
        }
    }

    [LoggerMessage(400, LogLevel.Critical,
        "threads outside their network namespace: {Threads}; the watchdog is not fed")]
    private static partial void Stray(ILogger log, string threads);
}
