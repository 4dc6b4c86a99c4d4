using System.Net.Sockets;
using System.Threading.Channels;
using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Daemon.Configuration;
using Dataplane.Runtime.Supervision;
using Dataplane.Runtime.Supervision.Client;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Programs;

/// <summary>
/// Has the supervisor run the programs of the pods that are attached and enforced, and tells the node what it says of
/// them. When the daemon stops, both the supervisor and the programs stay.
/// </summary>
internal sealed partial class ProgramRunner : IAsyncDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100), Longest = TimeSpan.FromSeconds(30);

    /// <summary>How long the supervisor may take to start, or to take an order.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DaemonOptions _options;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<NodeSnapshot> _news = Channel.CreateBounded<NodeSnapshot>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Deadlines _deadlines = new(TimeProvider.System);
    private SupervisorClient? _client;

    /// <summary>The newest state, whether a supervisor was told it or ended before: the next one is told it.</summary>
    private NodeSnapshot? _wanted;

    private Reconciler? _reconciler;
    private Task _run = Task.CompletedTask, _watch = Task.CompletedTask;
    private volatile string? _problem;

    private ProgramRunner(DaemonOptions options, ILogger log) => (_options, _log) = (options, log);

    public KnownPods Pods { get; } = new();

    /// <summary>What is known before the node is opened.</summary>
    public ProgramState First { get; private set; } = ProgramState.None;

    public SupervisorFiles Files => SupervisorPlace.Files(_options);

    /// <summary>Why programs are not run, or not the newest ones.</summary>
    public IReadOnlyList<string> Problems => _problem is { } problem ? [problem] : [];

    /// <summary>
    /// Finds the supervisor, or starts one, and asks what runs: a daemon that starts drops no endpoint. Whatever is
    /// enforced stays so meanwhile. Where there is no answer, no pod is ready, and it is asked again.
    /// </summary>
    public static async Task<ProgramRunner> OpenAsync(DaemonOptions options, ILogger log)
    {
        var runner = new ProgramRunner(options, log) { First = new ProgramState { IsRunning = true } };
        if (!SupervisorPlace.IsPossible(options)) return runner;
        try
        {
            using var limit = runner.Limit();
            runner._client = await SupervisorPlace.ConnectAsync(options, limit.Token);
            runner.First = runner.Pods.Begin(runner._client.First);
        }
        catch (Exception e) when (IsFailure(e))
        {
            runner.Fail(e, Shortest);
        }
        return runner;
    }

    /// <summary>Follows the node. Called once.</summary>
    public void Begin(Reconciler reconciler)
    {
        _reconciler = reconciler;
        reconciler.Changed += Use;
        Use(reconciler.Current);
        _run = Task.Run(RunAsync);
        _watch = Task.Run(WatchAsync);
    }

    public async ValueTask DisposeAsync()
    {
        if (_reconciler is not null) _reconciler.Changed -= Use;
        await _stop.CancelAsync();
        await Task.WhenAll(_run, _watch);
        if (_client is not null) await _client.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Only of pods that the kernel has with their policies, and never of a state that was lost.</summary>
    private void Use(NodeSnapshot snapshot)
    {
        if (snapshot.EnforcedGeneration == snapshot.State.Generation && snapshot.State.Lost is null)
            _news.Writer.TryWrite(snapshot);
    }

    private async Task RunAsync()
    {
        var pause = Shortest;
        try
        {
            _wanted = await _news.Reader.ReadAsync(_stop.Token);
            while (true)
            {
                try
                {
                    var client = await ClientAsync();
                    await FollowAsync(client, () => pause = Shortest);
                }
                catch (Exception e) when (!_stop.IsCancellationRequested && IsFailure(e))
                {
                    Fail(e, pause);
                }
                if (_client is { } broken)
                {
                    _client = null;
                    await broken.DisposeAsync();
                }
                await Task.Delay(pause, _stop.Token);
                pause = pause * 2 < Longest ? pause * 2 : Longest;
                if (_news.Reader.TryRead(out var next)) _wanted = next;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The daemon stops.
        }
    }

    /// <summary>The connection that is there, or a new one, of which the node is told what it knows.</summary>
    private async Task<SupervisorClient> ClientAsync()
    {
        if (_client is not null) return _client;
        using var limit = Limit();
        _client = await SupervisorPlace.ConnectAsync(_options, limit.Token);
        _reconciler!.Tell(Pods.Reset(_client.First));
        return _client;
    }

    /// <summary>Tells what is to run and what is to end, until the connection breaks, which throws.</summary>
    private async Task FollowAsync(SupervisorClient client, Action told)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var listening = ListenAsync(client, stop.Token);
        try
        {
            var orders = new OrderFeed(_options, Pods, _reconciler!.Tell, _deadlines);
            while (true)
            {
                await TakesAsync(limit => orders.MoveToAsync(client, _wanted!, limit));
                if (_problem is not null || orders.IsFirst) Running(_log, orders.Count);
                _problem = null;
                told();
                var news = _news.Reader.WaitToReadAsync(stop.Token).AsTask();
                if (await Task.WhenAny(news, listening) != news) await listening;
                await news;
                if (_news.Reader.TryRead(out var next)) _wanted = next;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(SupervisorClient client, CancellationToken stop)
    {
        await foreach (var report in client.ReportsAsync(stop))
            if (Pods.Take(report) is { } news) _reconciler!.Tell(news);
    }

    /// <summary>Gives up waiting for pods whose programs do not end: they lose their network all the same.</summary>
    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var late = _deadlines.Passed().Where(Pods.GiveUp).ToHashSet();
                if (late.Count == 0) continue;
                foreach (var pod in late) Late(_log, pod);
                _reconciler!.Tell(new ProgramNews(new Dictionary<string, bool>(), late));
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }

    private async Task TakesAsync(Func<CancellationToken, Task> tell)
    {
        using var limit = Limit();
        await tell(limit.Token);
    }

    private void Fail(Exception e, TimeSpan pause)
    {
        _problem = $"programs of pods: {e.Message}";
        Failed(_log, e.Message, pause.TotalSeconds);
    }

    private CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(Patience);
        return limit;
    }

    private static bool IsFailure(Exception e) =>
        e is IOException or SocketException or OperationCanceledException or UnauthorizedAccessException;

    [LoggerMessage(30, LogLevel.Information, "programs run in {Pods} pods")]
    private static partial void Running(ILogger log, int pods);

    [LoggerMessage(31, LogLevel.Error, "programs of pods: {Reason}; tried again in {Seconds} s")]
    private static partial void Failed(ILogger log, string reason, double seconds);

    [LoggerMessage(32, LogLevel.Warning,
        "pod {Pod}: its programs have not ended within their grace period; its network is removed")]
    private static partial void Late(ILogger log, string pod);
}
