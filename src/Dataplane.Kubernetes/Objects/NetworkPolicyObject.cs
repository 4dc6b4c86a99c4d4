using System.Net;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>networking.k8s.io/v1 NetworkPolicy, with the API server's defaults already applied.</summary>
/// <param name="PodSelector">Never null: missing, null and <c>{}</c> all select every pod of the namespace.</param>
/// <param name="IsolatesIngress">policyTypes lists Ingress, or policyTypes is missing.</param>
/// <param name="IsolatesEgress">policyTypes lists Egress, or policyTypes is missing and there is at least one egress
/// rule.</param>
public sealed record NetworkPolicyObject(
    string Namespace, string Name, IReadOnlyDictionary<string, string> Labels, LabelSelector PodSelector,
    bool IsolatesIngress, bool IsolatesEgress,
    IReadOnlyList<NetworkPolicyRule> Ingress, IReadOnlyList<NetworkPolicyRule> Egress, SourcePosition Position)
    : KubernetesObject(Namespace, Name, Labels, Position)
{
    public override string Kind => ObjectKinds.NetworkPolicy.Name;

    /// <summary>Where the list of policyTypes stands; null where it is missing.</summary>
    public SourcePosition? PolicyTypesPosition { get; init; }

    /// <summary>Where the key <c>egress</c> stands; null where it is missing.</summary>
    public SourcePosition? EgressPosition { get; init; }

    /// <summary>What the policy says by saying nothing, where that is not the usual way.</summary>
    public IReadOnlyList<EmptyField> EmptyFields { get; init; } = [];
}

/// <summary>
/// One ingress or egress rule: a flow matches when a peer and a port match. Empty lists match everything.
/// </summary>
public sealed record NetworkPolicyRule(IReadOnlyList<NetworkPolicyPeer> Peers, IReadOnlyList<NetworkPolicyPort> Ports,
    SourcePosition Position);

/// <summary>
/// One item of from/to. Either <see cref="IpBlock"/> alone, or one or both selectors:
/// only podSelector = pods of the policy's own namespace; both = AND.
/// </summary>
public sealed record NetworkPolicyPeer(LabelSelector? PodSelector, LabelSelector? NamespaceSelector, IpBlock? IpBlock,
    SourcePosition Position);

/// <summary>Host bits of <see cref="Cidr"/> and <see cref="Except"/> are already masked off.</summary>
public sealed record IpBlock(IPNetwork Cidr, IReadOnlyList<IPNetwork> Except, SourcePosition Position);

/// <summary>
/// One item of ports. Name set: a named port. Both null: every port of the protocol. EndPort: inclusive.
/// </summary>
/// <param name="Position">The item; of a named port, its name.</param>
public sealed record NetworkPolicyPort(TransportProtocol Protocol, ushort? Port, ushort? EndPort, string? Name,
    SourcePosition Position)
{
    /// <summary>The item, and in it the value of <c>port</c>; null where no manifest has them.</summary>
    public (SourcePosition Item, SourcePosition Value)? Places { get; init; }
}
