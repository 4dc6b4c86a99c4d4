using System.Net;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>Before NetworkPolicies are asked (Admin), or after, where none selects the pod (Baseline).</summary>
public enum PolicyTier { Admin, Baseline }

/// <summary>
/// What the first matching rule of a tier decides. Pass skips the rest of the Admin tier; Baseline has none.
/// </summary>
public enum TierAction { Accept, Deny, Pass }

/// <summary>
/// A cluster-wide policy: ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2), AdminNetworkPolicy or
/// BaselineAdminNetworkPolicy (v1alpha1). They differ in spelling only. In a tier the lower priority number goes first,
/// and in a policy the earlier rule.
/// </summary>
/// <param name="KindName">The kind as written.</param>
/// <param name="Priority">0 to 1000; a BaselineAdminNetworkPolicy, which has none, comes last: 1001.</param>
public sealed record TierPolicyObject(
    string KindName, string Name, IReadOnlyDictionary<string, string> Labels, PolicyTier Tier, int Priority,
        TierSubject Subject,
    IReadOnlyList<TierRule> Ingress, IReadOnlyList<TierRule> Egress, SourcePosition Position)
    : KubernetesObject("", Name, Labels, Position)
{
    public override string Kind => KindName;

    /// <summary>Where <c>priority:</c> stands; the object's own place for a kind that has none.</summary>
    public SourcePosition PriorityPosition { get; init; } = Position;

    /// <summary>Fields that mean everything by being null.</summary>
    public IReadOnlyList<EmptyField> EmptyFields { get; init; } = [];
}

/// <summary>
/// The pods that the policy is for: those that <see cref="PodSelector"/> selects (null: all) in the selected
/// namespaces.
/// </summary>
public sealed record TierSubject(LabelSelector NamespaceSelector, LabelSelector? PodSelector, SourcePosition Position);

/// <summary>One rule: it matches when a peer and a port match. No ports: everything, ICMP included.</summary>
/// <param name="RuleName">As written; null where the rule has none.</param>
public sealed record TierRule(
    string? RuleName, TierAction Action, IReadOnlyList<TierPeer> Peers, IReadOnlyList<TierPort> Ports,
        SourcePosition Position);

/// <summary>
/// One item of from or to; exactly one of the forms. Namespaces (with or without a pod selector): pods. Nodes and
/// networks: egress only; networks match pods and nodes too.
/// </summary>
public sealed record TierPeer(
    LabelSelector? NamespaceSelector, LabelSelector? PodSelector, LabelSelector? Nodes,
        IReadOnlyList<IPNetwork> Networks, SourcePosition Position);

/// <summary>
/// A range of ports of a protocol (one port: First = Last), or a name that the destination pod resolves, whatever the
/// protocol.
/// </summary>
/// <param name="Position">The item; of a named port, its name.</param>
public sealed record TierPort(TransportProtocol? Protocol, ushort First, ushort Last, string? Name,
    SourcePosition Position);
