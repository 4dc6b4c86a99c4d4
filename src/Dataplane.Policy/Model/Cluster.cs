using Dataplane.Kubernetes;

namespace Dataplane.Policy;

/// <summary>An immutable picture of the desired state with addresses: what the oracle judges and the compiler compiles.</summary>
public sealed record Cluster(
    IReadOnlyDictionary<string, NamespaceObject> Namespaces, IReadOnlyList<PodEndpoint> Pods,
    IReadOnlyList<NetworkPolicyObject> NetworkPolicies, NodeEndpoint Node)
{
    /// <summary>The labels of a namespace; one that no manifest declares has only its name label.</summary>
    public IReadOnlyDictionary<string, string> NamespaceLabels(string name) =>
        Namespaces.TryGetValue(name, out var found) ? found.Labels
            : new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = name };
}
