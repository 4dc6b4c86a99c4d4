namespace Dataplane.Kubernetes.Objects;

/// <summary>core/v1 DNSPolicy: whom a pod asks for names.</summary>
public enum DnsPolicy
{
    /// <summary>The cluster's name server; a pod of the node's network asks those of the machine.</summary>
    ClusterFirst,

    /// <summary>The cluster's name server, for a pod of the node's network too.</summary>
    ClusterFirstWithHostNet,

    /// <summary>Those of the machine.</summary>
    Default,

    /// <summary>Whom dnsConfig names, and nobody else.</summary>
    None,
}
