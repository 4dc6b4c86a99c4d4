namespace Dataplane.Kubernetes.Objects;

/// <summary>
/// The complete desired state: every object once, sorted by full name. Namespaces that objects name and no manifest
/// declares are included.
/// </summary>
public sealed record ManifestSet(
    IReadOnlyList<NamespaceObject> Namespaces, IReadOnlyList<PodObject> Pods,
        IReadOnlyList<NetworkPolicyObject> NetworkPolicies)
{
    /// <summary>
    /// ClusterNetworkPolicy, AdminNetworkPolicy, BaselineAdminNetworkPolicy: by tier, then in the order they are asked
    /// (priority, name).
    /// </summary>
    public IReadOnlyList<TierPolicyObject> TierPolicies { get; init; } = [];

    /// <summary>Node manifests, by name. The first describes this machine.</summary>
    public IReadOnlyList<NodeObject> Nodes { get; init; } = [];

    /// <summary>What the set may lack, although the input has or makes it.</summary>
    public IReadOnlyList<Unseen> Unseen { get; init; } = [];

    /// <summary>
    /// NetworkPolicies with an error outside their spec, by full name: fit for what is to be said about a policy alone.
    /// </summary>
    public IReadOnlyList<NetworkPolicyObject> BrokenPolicies { get; init; } = [];

    /// <summary>Pods that have ended, by full name: they count for nothing.</summary>
    public IReadOnlyList<PodObject> EndedPods { get; init; } = [];

    public IReadOnlyList<ServiceObject> Services { get; init; } = [];

    /// <summary>Addresses behind Services that objects list, by full name and kind.</summary>
    public IReadOnlyList<EndpointsObject> Endpoints { get; init; } = [];
}
