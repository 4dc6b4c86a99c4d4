using Dataplane.ApiMachinery.Resources;
using Dataplane.Control.Reconcile;
using Dataplane.Daemon.Endpoints;
using Dataplane.Daemon.KubernetesApi.Served;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.KubernetesApi.Shaping;

/// <summary>Keeps the shown objects those of the node. Many snapshots that come at once are one.</summary>
internal sealed partial class ServedState : IAsyncDisposable
{
    private readonly DaemonContext _context;
    private readonly Shaper _shaper;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private Task _loop = Task.CompletedTask;
    private Task _programs = Task.CompletedTask;

    private ServedState(DaemonContext context)
    {
        _context = context;
        _log = context.Logs.CreateLogger<ServedState>();
        Kinds = new ServedKinds(this);
        Objects = new ServedObjects(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000);
        _shaper = new Shaper(context, Objects, Kinds.OfStored);
    }

    public ServedObjects Objects { get; }

    public ServedKinds Kinds { get; }

    /// <summary>Returns when the present state is shown.</summary>
    public static ServedState Start(DaemonContext context)
    {
        var state = new ServedState(context);
        context.Reconciler.Changed += state.Note;
        state._shaper.Shape(context.Reconciler.Current);
        state._loop = Task.Run(state.LoopAsync);
        if (context.Programs is not null) state._programs = Task.Run(state.FollowProgramsAsync);
        return state;
    }

    /// <summary>What a change led to, as it is shown.</summary>
    public Task<ServedList> ReachedAsync(long generation, CancellationToken stop) =>
        Objects.ReachedAsync(generation, stop);

    /// <summary>The objects now, with Endpoints and EndpointSlices where those are asked for.</summary>
    public async Task<ServedList> CurrentAsync(ApiResource resource, CancellationToken stop)
    {
        if ((resource == Registry.Endpoints || resource == Registry.EndpointSlices) && _shaper.WantEndpoints())
        {
            var next = Objects.NextAsync(stop);
            Note();
            await next;
        }
        return Objects.Current;
    }

    public async ValueTask DisposeAsync()
    {
        _context.Reconciler.Changed -= Note;
        await _stop.CancelAsync();
        await Task.WhenAll(_loop, _programs);
        _stop.Dispose();
        _news.Dispose();
    }

    private void Note(NodeSnapshot snapshot) => Note();

    private void Note()
    {
        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is looked at already.
        }
    }

    private async Task LoopAsync()
    {
        try
        {
            while (true)
            {
                await _news.WaitAsync(_stop.Token);
                try
                {
                    _shaper.Shape(_context.Reconciler.Current);
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    Failed(_log, e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }

    private async Task FollowProgramsAsync()
    {
        var pods = _context.Programs!.Pods;
        try
        {
            while (true)
            {
                var change = pods.Change;
                Note();
                await change.WaitAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }

    [LoggerMessage(340, LogLevel.Error, "the Kubernetes API does not show the newest state")]
    private static partial void Failed(ILogger log, Exception e);
}
