using System.Net.Sockets;
using System.Threading.Channels;
using Dataplane.Control.Reconcile;
using Dataplane.Daemon.Configuration;
using Dataplane.Dns.Serving;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Policy.Model;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.HealthServing;

/// <summary>
/// Answers at the <c>healthCheckNodePort</c> of each Service that has one, from what is enforced. It ends with the
/// daemon, as kube-proxy's does: load balancers then turn to other nodes, and connections that are there go on.
/// </summary>
internal sealed partial class HealthServer : IAsyncDisposable
{
    private const int MostConnections = 64, MostOfSource = 8;

    private readonly DaemonOptions _options;
    private readonly Reconciler _reconciler;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<NodeSnapshot> _news = Channel.CreateBounded<NodeSnapshot>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Connections _connections = new(MostConnections, MostOfSource);
    private readonly Dictionary<(AddressFamily, ushort), (HealthCheck Check, HealthListener Listener)> _ports = [];
    private readonly Task _run;
    private volatile IReadOnlyList<string> _problems = [];

    private HealthServer(DaemonOptions options, Reconciler reconciler, ILogger log)
    {
        (_options, _reconciler, _log) = (options, reconciler, log);
        reconciler.Changed += Use;
        Use(reconciler.Current);
        _run = Task.Run(RunAsync);
    }

    /// <summary>Ports that are not answered at, and why.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public static HealthServer Start(DaemonOptions options, Reconciler reconciler, ILogger log) =>
        new(options, reconciler, log);

    public async ValueTask DisposeAsync()
    {
        _reconciler.Changed -= Use;
        await _stop.CancelAsync();
        await _run;
        foreach (var (_, listener) in _ports.Values) await listener.DisposeAsync();
        _stop.Dispose();
    }

    private void Use(NodeSnapshot snapshot) => _news.Writer.TryWrite(snapshot);

    private async Task RunAsync()
    {
        try
        {
            while (true) await FollowAsync(await _news.Reader.ReadAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The daemon stops.
        }
    }

    private async Task FollowAsync(NodeSnapshot snapshot)
    {
        var wanted = HealthCheck.Of(snapshot).ToDictionary(check => (check.Family, check.Port));
        foreach (var gone in _ports.Keys.Except(wanted.Keys).ToList())
        {
            _ports.Remove(gone, out var port);
            await port.Listener.DisposeAsync();
        }
        var problems = new List<string>();
        foreach (var (key, check) in wanted)
        {
            if (_ports.TryGetValue(key, out var port))
            {
                if (port.Check == check) continue;
                port.Listener.Show(check);
                _ports[key] = (check, port.Listener);
            }
            else if (Problem(check) is { } problem)
            {
                problems.Add(problem);
            }
        }
        foreach (var news in problems.Except(_problems)) Silent(_log, news);
        _problems = problems;
    }

    /// <summary>Why there is no answer at a port; null: there is.</summary>
    private string? Problem(HealthCheck check)
    {
        try
        {
            using var netns = _options.IsHost ? Netns.OpenCurrent() : Netns.Open(_options.NodeName);
            _ports[(check.Family, check.Port)] = (check, new HealthListener(netns, check, _connections));
            return null;
        }
        catch (Exception e) when (e is SocketException or LinuxException)
        {
            return $"healthCheckNodePort {check.Port} of Service {check.Namespace}/{check.Name} over "
                + $"{check.Family.Text()}: {e.Message}; load balancers leave this node out";
        }
    }

    [LoggerMessage(23, LogLevel.Error, "{Problem}")]
    private static partial void Silent(ILogger log, string problem);
}
