using Dataplane.Kubernetes.Objects;

namespace Dataplane.Control.State;

/// <summary>A pod that was deleted and whose programs may still run.</summary>
/// <param name="Pod">As it was, and that it terminates.</param>
/// <param name="From">The document that declared it, or its workload.</param>
public sealed record EndingPod(PodObject Pod, HeldDocument From)
{
    /// <summary>How long its programs may take to end, seconds; null: as the manifest says.</summary>
    public int? GraceSeconds { get; init; }

    /// <summary>
    /// It is attached and judged as before. False: it is closed, since a policy that was about it has gone too, or
    /// another pod needs what it had.
    /// </summary>
    public bool HasNetwork { get; init; } = true;
}
