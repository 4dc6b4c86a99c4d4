using Dataplane.Control.State;
using Dataplane.Control.Store;
using Microsoft.Extensions.Logging;

namespace Dataplane.Control.Reconcile;

/// <summary>
/// Writes snapshots of the store beside the changes, not between them: it takes time in proportion to the state.
/// </summary>
internal sealed class StoreCompaction(StateStore store, ILogger log) : IDisposable
{
    private Task _last = Task.CompletedTask;

    /// <summary>Begins a snapshot where the store wants one and none is being written.</summary>
    /// <param name="stored">The state that is stored now.</param>
    public void BeginIfNeeded(DesiredState stored)
    {
        if (_last.IsCompleted && store.WantsSnapshot(stored)) Begin(stored);
    }

    /// <summary>
    /// Begins a snapshot where Services were given something at the start, such as those of a state from before there
    /// were leases of them: a change would store those that it touches.
    /// </summary>
    /// <param name="loaded">The state that is stored.</param>
    /// <param name="planned">The same, with what was given.</param>
    public void BeginIfGiven(DesiredState loaded, DesiredState planned)
    {
        var (before, after) = (loaded.Leases.Services.Services, planned.Leases.Services.Services);
        if (planned.Lost is null && after.Any(l => before.GetValueOrDefault(l.Key) != l.Value)) Begin(planned);
    }

    private void Begin(DesiredState stored) =>
        _last = Task.Run(() =>
        {
            try
            {
                store.WriteSnapshot(stored);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The stored state is complete without it.
                Log.NoSnapshot(log, e.Message);
            }
        });

    /// <summary>
    /// Waits for the snapshot that is being written: afterwards the directory may be another daemon's.
    /// </summary>
    public void Dispose() => _last.Wait();
}
