namespace Dataplane.Kubernetes.Objects;

/// <summary>core/v1 ServiceType: from where a Service is reached.</summary>
public enum ServiceType
{
    /// <summary>At its ClusterIPs, from pods and nodes.</summary>
    ClusterIP,

    /// <summary>Also at a port of every node.</summary>
    NodePort,

    /// <summary>Also at the addresses of a load balancer.</summary>
    LoadBalancer,

    /// <summary>Not at all: its name is an alias of another name.</summary>
    ExternalName,
}
