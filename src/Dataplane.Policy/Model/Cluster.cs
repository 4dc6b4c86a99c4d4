using System.Net;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Model;

/// <summary>
/// An immutable snapshot of the desired state with addresses: the input of the oracle and of the compiler.
/// </summary>
public sealed record Cluster(
    IReadOnlyDictionary<string, NamespaceObject> Namespaces, IReadOnlyList<PodEndpoint> Pods,
    IReadOnlyList<NetworkPolicyObject> NetworkPolicies, NodeEndpoint Node)
{
    /// <summary>What a kubelet gives every Linux node that no manifest describes.</summary>
    public static readonly IReadOnlyDictionary<string, string> DefaultNodeLabels =
        new Dictionary<string, string> { ["kubernetes.io/os"] = "linux" };

    /// <summary>In any order; <see cref="Tier"/> sorts.</summary>
    public IReadOnlyList<TierPolicyObject> TierPolicies { get; init; } = [];

    /// <summary>What may exist and is not here; warnings look at it, verdicts do not.</summary>
    public IReadOnlyList<Unseen> Unseen { get; init; } = [];

    /// <summary>Policies with errors, which are not enforced: warnings alone look at them.</summary>
    public IReadOnlyList<NetworkPolicyObject> BrokenPolicies { get; init; } = [];

    /// <summary>Pods that have ended: no endpoints, and known by name.</summary>
    public IReadOnlyList<PodObject> EndedPods { get; init; } = [];

    /// <summary>By full name. Where planning stopped at an error, without addresses.</summary>
    public IReadOnlyList<PlacedService> Services { get; init; } = [];

    /// <summary>Addresses behind Services that objects list, by full name and kind.</summary>
    public IReadOnlyList<EndpointsObject> Endpoints { get; init; } = [];

    /// <summary>The name of this machine among nodes, as endpoints say where they are; null: no manifest names
    /// it.</summary>
    public string? NodeName { get; init; }

    /// <summary>Those that <see cref="Node"/> does not name: gateways, and a host's other interfaces.</summary>
    public IReadOnlyList<IPAddress> FurtherNodeAddresses { get; init; } = [];

    /// <summary>Of both families, those of <see cref="Node"/> first.</summary>
    public IEnumerable<IPAddress> NodeAddresses =>
        new[] { Node.IPv4, Node.IPv6 }.OfType<IPAddress>().Concat(FurtherNodeAddresses);

    /// <summary>
    /// Where pods and Services have their addresses. An address of these that nobody has leads nowhere: it is that of
    /// no machine outside.
    /// </summary>
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];

    /// <summary>What <c>nodes</c> peers select this machine by.</summary>
    public IReadOnlyDictionary<string, string> NodeLabels { get; init; } = DefaultNodeLabels;

    /// <summary>
    /// The policies of a tier in the order they are asked. Equal priorities: by name, then kind, which the API leaves
    /// open.
    /// </summary>
    public IEnumerable<TierPolicyObject> Tier(PolicyTier tier) => InOrder(TierPolicies.Where(p => p.Tier == tier));

    /// <summary>The order of policies of both tiers, Admin first.</summary>
    internal static IEnumerable<TierPolicyObject> InOrder(IEnumerable<TierPolicyObject> policies) =>
        policies.OrderBy(p => p.Tier)
        .ThenBy(p => p.Priority).ThenBy(p => p.Name, StringComparer.Ordinal)
            .ThenBy(p => p.Kind, StringComparer.Ordinal);

    /// <summary>The labels of a namespace; one that no manifest declares has only its name label.</summary>
    public IReadOnlyDictionary<string, string> NamespaceLabels(string name) =>
        Namespaces.TryGetValue(name, out var found) ? found.Labels
            : new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = name };
}
