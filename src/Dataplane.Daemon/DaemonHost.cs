using System.Reflection;
using System.Runtime.InteropServices;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.Observation;
using Dataplane.Daemon.Reconcile;
using Dataplane.Daemon.Watched;
using Dataplane.Linux.Native;
using Dataplane.Node.Diagnosis;
using Dataplane.Node.Live;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon;

/// <summary>The daemon, from start to stop.</summary>
public static partial class DaemonHost
{
    internal static string Version { get; } = (Assembly.GetEntryAssembly() ?? typeof(DaemonHost).Assembly)
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Runs until <paramref name="stop"/>, SIGTERM or SIGINT. What is enforced stays enforced.</summary>
    /// <returns>An exit code.</returns>
    /// <exception cref="OptionException">The daemon cannot run so.</exception>
    /// <exception cref="NodeBusyException">Another daemon has this node, this state directory or this socket.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static Task<int> RunAsync(DaemonOptions options, CancellationToken stop) => RunAsync(options, () => { }, stop);

    /// <param name="ready">Called once requests are answered.</param>
    internal static async Task<int> RunAsync(DaemonOptions options, Action ready, CancellationToken stop)
    {
        var lines = new LineLogger(Console.Error, TimeProvider.System, JournalStream.IsStandardError()) { Level = options.LogLevel };
        using var logs = new LoggerFactory([lines], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        var log = logs.CreateLogger("Dataplane.Daemon");
        using var manager = ServiceManager.OfThisProcess();
        var policy = AccessPolicy.From(options);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop);

        // Before there is a node that nobody could reach.
        SocketFile.RequireFree(options.Socket);
        // Before anything is counted.
        using var metrics = new PrometheusText();
        using var collector = options.OtlpEndpoint is { } endpoint ? OtlpMetrics.Start(endpoint) : null;
        using var reconciler = new Reconciler(options.LiveNode, options.StateDirectory, log);
        await reconciler.StartAsync();
        if (options.IsHost)
            foreach (var finding in HostFirewalls.Check().Where(f => f.Fix is not null)) InTheWay(log, finding.What, finding.Fix!);
        using var observatory = await Observatory.StartAsync(reconciler, metrics);
        await using var directory = new WatchedDirectory(options.ManifestDirectory, reconciler, log);
        await directory.StartAsync();

        // The node's lock is ours: whoever listens here serves another node.
        SocketFile.Prepare(options.Socket);
        await using var server = ApiServer.Build(new DaemonContext(options, reconciler, directory, observatory, logs), () => policy);
        await server.StartAsync(stop);
        SocketFile.Open(options.Socket, policy);

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            manager.Reloading(Environment.TickCount64 * 1000);
            Reload();
            manager.Ready("reloaded");
        });
        var heartbeat = Heartbeat.BeatAsync(manager, reconciler, log, stopping.Token);
        manager.Ready($"generation {reconciler.Picture.State.Generation}, {reconciler.Picture.Pods.Count} pods");
        Listening(log, options.Socket, options.NodeName);
        ready();
        await Task.Delay(Timeout.Infinite, stopping.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

        Stopping(log);
        manager.Stopping();
        await server.StopAsync(CancellationToken.None);
        await heartbeat;
        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }

        void Reload()
        {
            directory.Touch();
            if (options.ReadAgain is not { } readAgain) return;
            try
            {
                var fresh = readAgain();
                policy = AccessPolicy.From(fresh);
                SocketFile.Open(options.Socket, policy);
                lines.Level = fresh.LogLevel;
                Reloaded(log);
            }
            // Whatever it is, such as a socket that somebody removed: a signal must not end the daemon.
            catch (Exception e) when (e is OptionException or IOException or UnauthorizedAccessException)
            {
                NotReloaded(log, e.Message);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "listening on {Socket} for node {Node}")]
    private static partial void Listening(ILogger log, string socket, string node);

    [LoggerMessage(2, LogLevel.Information, "stopping; what is enforced stays enforced")]
    private static partial void Stopping(ILogger log);

    [LoggerMessage(3, LogLevel.Information, "the configuration is read again")]
    private static partial void Reloaded(ILogger log);

    [LoggerMessage(5, LogLevel.Warning, "{Finding}; fix: {Fix}")]
    private static partial void InTheWay(ILogger log, string finding, string fix);

    [LoggerMessage(4, LogLevel.Error, "everything stays as it was: {Reason}")]
    private static partial void NotReloaded(ILogger log, string reason);
}
