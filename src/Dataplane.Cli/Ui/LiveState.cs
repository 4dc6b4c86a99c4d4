using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Dataplane.Api;
using Dataplane.Api.Client;
using Dataplane.Cli.Input;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Ui;

/// <summary>What the daemon enforces, followed as it changes, and told to every page that listens.</summary>
internal sealed class LiveState(ApiClient api)
{
    /// <summary>Past flows that a page begins with.</summary>
    private const int MostFlows = 200;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200),
        LongestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Queue<UiEvent> _flows = [];
    private UiEvent _state = UiEvent.Away("connecting");
    private long _version;

    /// <summary>The newest document with its cluster; null: the daemon has not been asked yet.</summary>
    public LivePage? Page { get; private set; }

    public Listeners Listeners { get; } = new();

    /// <summary>What a page that begins to listen is told first, and where it is told the rest.</summary>
    /// <returns>Null: too many pages listen.</returns>
    public (IReadOnlyList<UiEvent> Beginning, Channel<UiEvent> Later)? Listen()
    {
        lock (_lock) return Listeners.Add() is { } later ? ([.. _flows, _state], later) : null;
    }

    /// <summary>Ends when it is told to. A daemon that ends is waited for.</summary>
    public async Task FollowAsync(CancellationToken stop)
    {
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            // Both end when the daemon does: the first that ends ends the other.
            using var both = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var follow = FollowChanges(both.Token);
            var flows = FollowFlows(both.Token);
            var ended = await Task.WhenAny(follow, flows);
            await both.CancelAsync();
            var why = await Why(ended);
            await Why(follow);
            await Why(flows);
            if (stop.IsCancellationRequested) return;
            pause = _state.IsHere ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            Tell(UiEvent.Away(why));
            await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Why it ended.</summary>
    private static async Task<string?> Why(Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (Exception e) when (e is ApiException or CommandFailure or OperationCanceledException or IOException)
        {
            return e is OperationCanceledException ? null : e.Message;
        }
    }

    private async Task FollowChanges(CancellationToken stop)
    {
        await foreach (var line in Lines(ApiPaths.Changes, stop))
        {
            var change = JsonSerializer.Deserialize(line, ApiJson.Default.ChangeEntry)!;
            if (Page?.Generation != change.Generation)
            {
                var state = await api.GetAsync(ApiPaths.State, ApiJson.Default.StateResponse, stop);
                if (Page?.Generation != state.Generation)
                {
                    Page = LivePage.Of(DaemonState.Of(state), state.Generation);
                    _version++;
                }
            }
            else if (!_state.IsHere)
            {
                // A daemon that has started again may count from where another began.
                var state = await api.GetAsync(ApiPaths.State, ApiJson.Default.StateResponse, stop);
                Page = LivePage.Of(DaemonState.Of(state), state.Generation);
                _version++;
            }
            Tell(UiEvent.Here(_version, change));
        }
    }

    private async Task FollowFlows(CancellationToken stop)
    {
        var last = _flows.Count == 0 ? MostFlows : 0;
        await foreach (var line in Lines($"{ApiPaths.Flows}?follow=1&last={last}", stop))
        {
            var told = UiEvent.Flow(JsonSerializer.Deserialize(line, ApiJson.Default.FlowEntry)!);
            lock (_lock)
            {
                _flows.Enqueue(told);
                if (_flows.Count > MostFlows) _flows.Dequeue();
                Listeners.Tell(told);
            }
        }
    }

    private void Tell(UiEvent state)
    {
        lock (_lock)
        {
            _state = state;
            Listeners.Tell(state);
        }
    }

    private async IAsyncEnumerable<string> Lines(
        string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await using var stream = await api.OpenAsync(path, stop);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (await api.GuardAsync(() => reader.ReadLineAsync(stop).AsTask(), stop) is { } line)
            if (line.Length > 0) yield return line;
    }
}
