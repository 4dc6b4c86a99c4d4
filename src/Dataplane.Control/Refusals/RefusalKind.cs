namespace Dataplane.Control.Refusals;

/// <summary>Why something was refused.</summary>
public enum RefusalKind
{
    /// <summary>The manifests have errors, by themselves or together with what is there.</summary>
    Invalid,

    /// <summary>An object has two sources: apply and a file of the manifest directory, or two files.</summary>
    Conflict,

    /// <summary>An object is not the one that the request has seen: another change came first.</summary>
    Changed,

    /// <summary>A container or a pod is attached already, in another way.</summary>
    Taken,

    /// <summary>There is no such object.</summary>
    NotFound,

    /// <summary>A part of the stored state was lost; only a complete state is accepted.</summary>
    StateLost,

    /// <summary>The kernel refused, or the node has no room; everything is as it was.</summary>
    Kernel,

    /// <summary>The change cannot be written to disk; everything is as it was.</summary>
    NotStored,

    /// <summary>
    /// The change is enforced and stored, but no packet proved it in time, or a packet contradicts it.
    /// </summary>
    NotProven,

    /// <summary>The daemon is stopping.</summary>
    Stopping,
}
