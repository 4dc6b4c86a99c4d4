using System.Runtime.InteropServices;
using Dataplane.Control.Metering;
using Dataplane.Control.Reconcile;
using Dataplane.Control.Sources;
using Dataplane.Control.State;
using Dataplane.Daemon.Configuration;
using Dataplane.Daemon.Endpoints;
using Dataplane.Daemon.HealthServing;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.KubernetesApi;
using Dataplane.Daemon.NameServing;
using Dataplane.Daemon.Observation;
using Dataplane.Daemon.Programs;
using Dataplane.Linux.Native;
using Dataplane.Node.Diagnosis;
using Dataplane.Node.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon;

/// <summary>The daemon, from start to stop.</summary>
public static partial class DaemonHost
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    /// <summary>Runs until <paramref name="stop"/>, SIGTERM or SIGINT. The node stays enforced.</summary>
    /// <returns>An exit code.</returns>
    /// <exception cref="OptionException">The daemon cannot run with these options.</exception>
    /// <exception cref="NodeBusyException">
    /// Another daemon has this node, this state directory or this socket.
    /// </exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static Task<int> RunAsync(DaemonOptions options, CancellationToken stop) =>
        RunAsync(options, () => { }, stop);

    /// <param name="ready">Called once requests are answered.</param>
    internal static async Task<int> RunAsync(DaemonOptions options, Action ready, CancellationToken stop)
    {
        var lines = new LineLogger(Console.Error, TimeProvider.System, JournalStream.IsStandardError())
        {
            Level = options.LogLevel,
        };
        using var logs = new LoggerFactory([lines], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        var log = logs.CreateLogger("Dataplane.Daemon");
        using var manager = ServiceManager.OfThisProcess();
        var settings = new ReloadableSettings(options, lines, log);
        // Disposed last, when everything else has ended.
        using var limit = new StopLimit(log);
        // Before a node is made that no client could reach.
        SocketFile.Require(options.Socket);

        using var meters = new DataplaneMeters();
        using var metrics = new PrometheusText(meters);
        using var collector = options.OtlpEndpoint is { } endpoint ? OtlpMetrics.Start(endpoint) : null;
        await using var programs = await StartProgramsAsync(options, log);
        using var reconciler = new Reconciler(options.LiveNode, options.StateDirectory, meters, log)
        {
            Programs = programs?.First ?? ProgramState.None,
        };
        await reconciler.StartAsync();
        if (options.IsHost) WarnOfTheMachine(log);
        using var observatory = await Observatory.StartAsync(reconciler, meters);
        await using var directory = new ManifestDirectory(options.ManifestDirectory, reconciler, log);
        await directory.StartAsync();

        await using var names = NameServer.Start(options, reconciler, log);
        // After the name server: programs find the files of their pods.
        programs?.Begin(reconciler);
        await using var health = options.IsSimulated ? null : HealthServer.Start(options, reconciler, log);

        var context = new DaemonContext(options, reconciler, directory, observatory, names, health, programs, metrics,
            logs);
        await using var server = await ListenAsync(context, settings, stop);
        await using var kubernetes = options.KubernetesApi is { } at
            ? await KubernetesApiServer.StartAsync(context, at, stop) : null;
        await ServeAsync(context, settings, manager, log, ready, stop);
        limit.Begin();
        await server.StopAsync(CancellationToken.None);
        SocketFile.Close(options.Socket);
        return 0;
    }

    /// <returns>Null: nothing is to run, and nothing runs that an earlier daemon has started.</returns>
    private static async Task<ProgramRunner?> StartProgramsAsync(DaemonOptions options, ILogger log)
    {
        if (options.Runtime != RuntimeKind.None) return await ProgramRunner.OpenAsync(options, log);
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            if (await SupervisorPlace.EndAsync(options.NodeName, limit.Token)) ProgramsEnded(log);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            ProgramsLeft(log, e.Message);
        }
        return null;
    }

    private static void WarnOfTheMachine(ILogger log)
    {
        foreach (var finding in HostFirewalls.Check().Concat(HostRoutes.Check()))
        {
            if (finding.Fix is { } fix) InTheWay(log, finding.What, fix);
        }
    }

    /// <summary>The node's lock is held by now, so a daemon that listens on this socket serves another node.</summary>
    private static async Task<WebApplication> ListenAsync(
        DaemonContext context, ReloadableSettings settings, CancellationToken stop)
    {
        var socket = context.Options.Socket;
        SocketFile.Prepare(socket);
        var server = ApiServer.Build(context, () => settings.Access);
        try
        {
            await server.StartAsync(stop);
            settings.OpenSocket();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Handles signals and feeds the watchdog until the daemon is to stop.</summary>
    private static async Task ServeAsync(
        DaemonContext context, ReloadableSettings settings, ServiceManager manager, ILogger log, Action ready,
        CancellationToken stop)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var terminate = On(PosixSignal.SIGTERM, stopping.Cancel);
        using var interrupt = On(PosixSignal.SIGINT, stopping.Cancel);
        using var reload = On(PosixSignal.SIGHUP, () =>
        {
            manager.Reloading(Environment.TickCount64 * 1000);
            context.Directory?.Touch();
            settings.Reload();
            manager.Ready("reloaded");
        });
        var heartbeat = Heartbeat.BeatAsync(manager, context.Reconciler, log, stopping.Token);
        var snapshot = context.Reconciler.Current;
        manager.Ready($"generation {snapshot.State.Generation}, {snapshot.Pods.Count} pods");
        Listening(log, context.Options.Socket, context.Options.NodeName);
        ready();
        await Task.Delay(Timeout.Infinite, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Stopping(log);
        manager.Stopping();
        await heartbeat;
    }

    private static PosixSignalRegistration On(PosixSignal signal, Action action) =>
        PosixSignalRegistration.Create(signal, received =>
        {
            received.Cancel = true;
            action();
        });

    [LoggerMessage(1, LogLevel.Information, "listening on {Socket} for node {Node}")]
    private static partial void Listening(ILogger log, string socket, string node);

    [LoggerMessage(2, LogLevel.Information, "stopping; what is enforced stays enforced")]
    private static partial void Stopping(ILogger log);

    [LoggerMessage(6, LogLevel.Information, "--runtime none: the programs of pods have been ended")]
    private static partial void ProgramsEnded(ILogger log);

    [LoggerMessage(7, LogLevel.Error, "--runtime none: programs of pods cannot be ended: {Reason}")]
    private static partial void ProgramsLeft(ILogger log, string reason);

    [LoggerMessage(5, LogLevel.Warning, "{Finding}; fix: {Fix}")]
    private static partial void InTheWay(ILogger log, string finding, string fix);
}
