namespace Dataplane.Api;

/// <summary>
/// POST /v1/attachments: a container is to be a pod of this node. Answered once the kernel has the pod's policies.
/// </summary>
/// <param name="Network">The name of the network configuration, CNI specification.</param>
/// <param name="Container">CNI_CONTAINERID.</param>
/// <param name="Interface">CNI_IFNAME; it must be <c>eth0</c>.</param>
/// <param name="Netns">The absolute path of the container's network namespace.</param>
/// <param name="Namespace">The pod's namespace.</param>
/// <param name="Name">The pod's name.</param>
public sealed record AttachRequest(
    string Network, string Container, string Interface, string Netns, string Namespace, string Name)
{
    /// <summary>The pod's labels, where no manifest declares a pod of this name.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The addresses that the pod is to have, at most one of each family; empty: they are assigned.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>
    /// The pod has one container's network at a time, the newest: of what a kubelet asks for. Otherwise a pod that
    /// another container has is refused.
    /// </summary>
    public bool Replace { get; init; }
}

/// <summary>GET /v1/attachments?container=: what runtimes have attached.</summary>
public sealed record AttachmentsResponse(long Generation, IReadOnlyList<AttachmentEntry> Attachments);

/// <summary>A container that is a pod.</summary>
/// <param name="Pod"><c>namespace/name</c>.</param>
public sealed record AttachmentEntry(string Network, string Container, string Interface, string Netns, string Pod)
{
    /// <summary>Its namespace has gone: it has no network until its runtime deletes it.</summary>
    public bool Gone { get; init; }

    /// <summary>The kernel has the pod and its policies; false: the pod is closed.</summary>
    public bool Enforced { get; init; }

    /// <summary>Its own end: the MAC address of <see cref="Interface"/>.</summary>
    public string? Mac { get; init; }

    /// <summary>The node's end, an interface in <see cref="NodeNetns"/>.</summary>
    public string? Port { get; init; }

    /// <summary>The path of the node's network namespace; null: the machine's own.</summary>
    public string? NodeNetns { get; init; }

    public IReadOnlyList<AttachedAddress> Addresses { get; init; } = [];

    /// <summary>Addresses of the cluster's name server; empty: there is none, or the pod does not use it.</summary>
    public IReadOnlyList<string> NameServers { get; init; } = [];

    /// <summary>The domains that are tried behind a name.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>Options of resolv.conf(5).</summary>
    public IReadOnlyList<string> DnsOptions { get; init; } = [];
}

/// <summary>An address of a container, alone in its network, and its way to everything else.</summary>
public sealed record AttachedAddress(string Address, string Gateway);

/// <summary>
/// POST /v1/attachments/delete: containers go. Those that are not there are no error. Either one, or all of a network
/// but some.
/// </summary>
public sealed record DetachRequest(string Network)
{
    /// <summary>The one that goes; null: see <see cref="Valid"/>.</summary>
    public ContainerInterface? Only { get; init; }

    /// <summary>Those that stay; null: see <see cref="Only"/>.</summary>
    public IReadOnlyList<ContainerInterface>? Valid { get; init; }
}

/// <summary>An interface of a container.</summary>
public sealed record ContainerInterface(string Container, string Interface);

/// <summary>The answer to <see cref="DetachRequest"/>: the pods that went.</summary>
public sealed record DetachResponse(long Generation, IReadOnlyList<string> Pods);

/// <summary>
/// POST /v1/attachments/check: looks at everything that a container's network is made of, and mends what differs.
/// </summary>
public sealed record CheckRequest(string Network, string Container, string Interface);

/// <param name="Attachment">As it is now.</param>
/// <param name="Differences">What was found, such as <c>address 10.244.0.2 of x/a: missing</c>.</param>
public sealed record CheckResponse(AttachmentEntry Attachment, IReadOnlyList<string> Differences);
