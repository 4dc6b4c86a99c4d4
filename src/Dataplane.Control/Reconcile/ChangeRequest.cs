using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Node.Live;
using Dataplane.Node.Verification;

namespace Dataplane.Control.Reconcile;

/// <summary>A change of the desired state.</summary>
/// <param name="Change">Computes the change from the state it meets; throws a <see cref="RefusalException"/>.</param>
public sealed record ChangeRequest(Func<DesiredState, StateChange> Change)
{
    /// <summary>Answer what would happen and change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>How long to wait for a packet that proves the change; null: not at all.</summary>
    public TimeSpan? Wait { get; init; }
}

/// <summary>What a change did, or would do.</summary>
/// <param name="Generation">The generation after the change; of a dry run, the current one.</param>
/// <param name="Cut">Live connections that ended, or would end.</param>
public sealed record ChangeResult(
    long Generation, IReadOnlyList<ObjectChange> Objects, IReadOnlyList<CutConnection> Cut)
{
    public bool DryRun { get; init; }

    /// <summary>Names of pods that were attached, or would be, in order.</summary>
    public IReadOnlyList<string> Attached { get; init; } = [];

    /// <summary>Names of pods that were detached, or would be, in order.</summary>
    public IReadOnlyList<string> Detached { get; init; } = [];

    /// <summary>Number of elements that the kernel's transaction added or deleted.</summary>
    public int Elements { get; init; }

    /// <summary>
    /// With <see cref="ChangeRequest.Wait"/>: the packets that proved it; empty where there is nothing to send one to.
    /// </summary>
    public IReadOnlyList<ProvenFlow> Proof { get; init; } = [];

    /// <summary>
    /// With <see cref="ChangeRequest.Wait"/>: objects of which no packet can prove anything, and why.
    /// </summary>
    public IReadOnlyList<string> Unproven { get; init; } = [];

    /// <summary>What a cluster would have made of it instead.</summary>
    public IReadOnlyList<Diagnostic> Remarks { get; init; } = [];

    /// <summary>From taking the change from the queue until it was enforced, or proved.</summary>
    public TimeSpan Took { get; init; }
}

/// <summary>A flow whose packet ended as the policies say.</summary>
public sealed record ProvenFlow(FlowResult Result)
{
    /// <summary>Such as <c>x/a -> x/b TCP 80</c>.</summary>
    public string Name => $"{Result.Flow.From.Name} -> {Result.Flow.To.Name} {Result.Flow.Probe}";
}
