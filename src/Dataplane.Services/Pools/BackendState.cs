namespace Dataplane.Services.Pools;

/// <summary>Whether a pool may send connections to a backend.</summary>
internal enum BackendState
{
    /// <summary>No.</summary>
    Waiting,

    /// <summary>Only where none is ready: it terminates, and still serves.</summary>
    Leaving,

    Ready,
}
