namespace Dataplane.Kubernetes.Objects;

/// <summary>The fields of a pod that a variable can be taken from (core/v1 ObjectFieldSelector).</summary>
public enum PodField
{
    /// <summary>metadata.name</summary>
    Name,

    /// <summary>metadata.namespace</summary>
    Namespace,

    /// <summary>metadata.labels['KEY']</summary>
    Label,

    /// <summary>status.podIP</summary>
    PodAddress,

    /// <summary>status.podIPs, with commas between them</summary>
    PodAddresses,

    /// <summary>status.hostIP</summary>
    HostAddress,

    /// <summary>status.hostIPs, with commas between them</summary>
    HostAddresses,

    /// <summary>spec.nodeName</summary>
    NodeName,
}
