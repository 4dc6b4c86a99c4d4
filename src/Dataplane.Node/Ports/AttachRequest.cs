using System.Collections.Frozen;
using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Ports;

/// <summary>An opened namespace for a pod.</summary>
/// <param name="WasThere">Whether it existed before; then it may contain other interfaces.</param>
internal readonly record struct PodNetns(Netns Netns, bool WasThere);

/// <summary>A pod to attach.</summary>
/// <param name="Endpoint">Null for the negative control.</param>
/// <param name="Netns">Makes or opens the namespace. The caller of the function owns the result.</param>
internal sealed record AttachRequest(PodEndpoint? Endpoint, IPAddress[] Addresses, Func<PodNetns> Netns)
{
    /// <summary>A pod in a foreign namespace.</summary>
    public AttachRequest(PodEndpoint? endpoint, IPAddress[] addresses, ForeignNetns netns)
        : this(endpoint, addresses, () => new PodNetns(netns.Open(), WasThere: true)) => Foreign = netns;

    /// <summary>The alias of the port (IFLA_IFALIAS); null: none.</summary>
    public string? Alias { get; init; }

    /// <summary>The foreign namespace; null: the namespace is ours to delete.</summary>
    public ForeignNetns? Foreign { get; init; }

    /// <summary>The number that the port must have; null: any free one.</summary>
    public PortNumber? Number { get; init; }

    /// <summary>
    /// Addresses of a pod that is being replaced: their routes exist, and their neighbour entries are set by the
    /// caller.
    /// </summary>
    public IReadOnlySet<IPAddress> Held { get; init; } = FrozenSet<IPAddress>.Empty;
}
