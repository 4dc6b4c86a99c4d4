namespace Dataplane.Kubernetes.Objects;

/// <summary>core/v1 DNSPolicy: whom a pod asks for names.</summary>
public enum DnsPolicy
{
    /// <summary>The cluster's name server. ClusterFirstWithHostNet is the same for a pod with a network of its
    /// own.</summary>
    ClusterFirst,

    /// <summary>Those of the machine.</summary>
    Default,

    /// <summary>Whom dnsConfig names.</summary>
    None,
}
