using Microsoft.Extensions.Hosting;

namespace Dataplane.Daemon.Host;

/// <summary>Of a server that starts and stops on request only: it handles no signals, DaemonHost does.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
