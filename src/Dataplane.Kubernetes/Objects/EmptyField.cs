using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>What a field that is missing, null or empty means for traffic.</summary>
public enum EmptyMeaning
{
    /// <summary>No <c>spec</c>: every pod of the namespace is selected, and nothing may enter.</summary>
    NoSpec,
    /// <summary>The policy selects every pod of its namespace.</summary>
    EveryPod,
    /// <summary>A selector of a peer finds everything.</summary>
    EveryPeer,
    /// <summary>A rule without sources, or destinations: it allows all.</summary>
    AnyPeer,
    /// <summary>A rule without ports: it allows all, ICMP too.</summary>
    AnyPort,
    /// <summary>An item of <c>ports</c> without a port: it allows all of the protocol.</summary>
    AnyPortOfProtocol,
    /// <summary>A peer without namespaceSelector: pods of the policy's own namespace alone.</summary>
    OwnNamespace,
    /// <summary>No rule of a direction that the policy isolates.</summary>
    Nothing,
    /// <summary>No rule of a direction that the policy does not isolate: it stays open.</summary>
    StaysOpen,
    /// <summary><c>policyTypes</c> without an entry: as if it were missing.</summary>
    DefaultTypes,
}

/// <summary>A field of a NetworkPolicy that is missing, null or empty where that means all or nothing.</summary>
/// <param name="Name">Of the field, such as <c>from</c>.</param>
/// <param name="Path">Such as <c>spec.ingress[0].from</c>.</param>
/// <param name="Position">The key; of a missing field, the mapping that lacks it.</param>
/// <param name="Length">Characters to underline.</param>
/// <param name="Owner">The mapping that has the field or lacks it.</param>
/// <param name="State"><see cref="IsMissing"/>, <c>has no value</c> or <c>is empty</c>.</param>
/// <param name="Fix">The edit that states the meaning, or ends it for <see cref="EmptyMeaning.StaysOpen"/>.</param>
public sealed record EmptyField(EmptyMeaning Meaning, string Name, string Path, SourcePosition Position, int Length,
    SourcePosition Owner, string State, Fix? Fix)
{
    public const string IsMissing = "is missing";
}
