using System.ComponentModel;
using System.Net.Sockets;
using System.Threading.Channels;
using Dataplane.Control.Reconcile;
using Dataplane.Daemon.Configuration;
using Dataplane.Dns.Feeding;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;
using Dataplane.Planning;
using Dataplane.Services.Names;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.NameServing;

/// <summary>
/// Has a name server in the built-in pod, as long as there is one, and tells it the names of what is enforced. When the
/// daemon stops, the server stays.
/// </summary>
internal sealed partial class NameServer : IAsyncDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100), Longest = TimeSpan.FromSeconds(30);

    /// <summary>How long it may take to start, or to take a change.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DaemonOptions _options;
    private readonly Reconciler _reconciler;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<NodeSnapshot> _news = Channel.CreateBounded<NodeSnapshot>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Task _run;
    private readonly PodFiles _files;

    /// <summary>The newest state, whether a server was told it or ended before: the next one is told it.</summary>
    private NodeSnapshot? _wanted;

    private volatile string? _problem, _fileProblem, _noRoom;

    private NameServer(DaemonOptions options, Reconciler reconciler, ILogger log)
    {
        (_options, _reconciler, _log) = (options, reconciler, log);
        _files = new PodFiles(options.NodeName);
        reconciler.Changed += Use;
        Use(reconciler.Current);
        _run = Task.Run(RunAsync);
    }

    /// <summary>Why names are not answered, or not the newest ones.</summary>
    public IReadOnlyList<string> Problems =>
        [.. new[] { _problem, _fileProblem, _noRoom }.OfType<string>()];

    public static NameServer Start(DaemonOptions options, Reconciler reconciler, ILogger log) =>
        new(options, reconciler, log);

    public async ValueTask DisposeAsync()
    {
        _reconciler.Changed -= Use;
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private void Use(NodeSnapshot snapshot)
    {
        if (snapshot.EnforcedGeneration != snapshot.State.Generation) return;
        WriteFiles(snapshot);
        _noRoom = _options.Addresses.HasNameServer && BuiltInObjects.AreLeftOut(snapshot.Cluster)
            ? $"no name server: no address is left for the pod {BuiltInObjects.Pod}, or for its Service" : null;
        _news.Writer.TryWrite(snapshot);
    }

    /// <summary>Before a change is answered: who applies pods may use them then.</summary>
    private void WriteFiles(NodeSnapshot snapshot)
    {
        try
        {
            _files.Follow(snapshot);
            _fileProblem = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_fileProblem is null) NoFiles(_log, e.Message);
            _fileProblem = $"files of pods below /etc/netns: {e.Message}";
        }
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
                    if (PodOf(_wanted) is { } pod)
                    {
                        using var server = await ConnectAsync(pod);
                        await TellAsync(server, pod, () => pause = Shortest);
                    }
                    else
                    {
                        NameServerFiles.End(_options.NodeName);
                        _problem = null;
                        _wanted = await _news.Reader.ReadAsync(_stop.Token);
                    }
                    continue;
                }
                catch (Exception e) when (!_stop.IsCancellationRequested && IsFailure(e))
                {
                    _problem = $"the name server: {e.Message}";
                    Failed(_log, e.Message, pause.TotalSeconds);
                }
                await Task.Delay(pause, _stop.Token);
                pause = pause * 2 < Longest ? pause * 2 : Longest;
                if (_news.Reader.TryRead(out var newest)) _wanted = newest;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The daemon stops.
        }
    }

    private async Task<FeedClient> ConnectAsync(LivePod pod)
    {
        using var limit = Limit();
        return await NameServerProcess.ConnectAsync(_options, pod, limit.Token);
    }

    /// <summary>Tells the names, and each change of them, until the pod is another one, or it throws.</summary>
    private async Task TellAsync(FeedClient server, LivePod pod, Action told)
    {
        var path = NameServerFiles.PathOf(_options, pod.NetnsName!);
        var names = new ClusterNames();
        names.MoveTo(_wanted!.Cluster);
        await TakesAsync(stop => server.SnapshotAsync(Number(_wanted), names.Records, stop));
        Answering(_log, pod.Pod.Name, names.Records.Count);
        _problem = null;
        told();
        while (true)
        {
            var news = _news.Reader.WaitToReadAsync(_stop.Token).AsTask();
            if (await Task.WhenAny(news, server.Ended) != news) throw new IOException("it has ended");
            await news;
            if (!_news.Reader.TryRead(out var next)) continue;
            _wanted = next;
            if (PodOf(next)?.NetnsName is not { } netns || NameServerFiles.PathOf(_options, netns) != path) return;
            var change = names.MoveTo(next.Cluster);
            if (!change.IsEmpty) await TakesAsync(stop => server.DeltaAsync(Number(next), change, stop));
        }
    }

    private async Task TakesAsync(Func<CancellationToken, Task> tell)
    {
        using var limit = Limit();
        try
        {
            await tell(limit.Token);
        }
        catch (Exception e) when (!_stop.IsCancellationRequested && IsFailure(e))
        {
            // Such as one that hangs; another one takes its place.
            NameServerFiles.End(_options.NodeName);
            throw;
        }
    }

    private CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(Patience);
        return limit;
    }

    private static LivePod? PodOf(NodeSnapshot snapshot) => BuiltInObjects.AreIn(snapshot.Cluster)
        ? snapshot.Pods.FirstOrDefault(p => p.Pod.Name == BuiltInObjects.Pod && p.NetnsName is not null) : null;

    private static uint Number(NodeSnapshot snapshot) => (uint)snapshot.State.Generation;

    private static bool IsFailure(Exception e) => e is IOException or SocketException or OperationCanceledException
        or Win32Exception or LinuxException or UnauthorizedAccessException;

    [LoggerMessage(20, LogLevel.Information, "names are answered in {Pod}: {Records} records")]
    private static partial void Answering(ILogger log, string pod, int records);

    [LoggerMessage(22, LogLevel.Error, "files of pods below /etc/netns cannot be written: {Reason}")]
    private static partial void NoFiles(ILogger log, string reason);

    [LoggerMessage(21, LogLevel.Error, "the name server: {Reason}; tried again in {Seconds} s")]
    private static partial void Failed(ILogger log, string reason, double seconds);
}
