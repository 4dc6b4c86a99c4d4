namespace Dataplane.Kubernetes.Objects;

/// <summary>Which endpoints a packet to a Service may reach (<c>internalTrafficPolicy</c>,
/// <c>externalTrafficPolicy</c>).</summary>
public enum TrafficPolicy
{
    /// <summary>All of them.</summary>
    Cluster,

    /// <summary>Those of the node where the packet arrives.</summary>
    Local,
}
