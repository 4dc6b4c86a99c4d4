using System.Collections.Frozen;
using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Ports;

/// <summary>An opened namespace for a pod.</summary>
/// <param name="WasThere">It existed before, and may contain interfaces of others.</param>
internal readonly record struct PodNetns(Netns Netns, bool WasThere);

/// <summary>A pod to attach.</summary>
/// <param name="Endpoint">Null for the negative control.</param>
/// <param name="Netns">Makes or opens the namespace; whoever attaches owns what it returns.</param>
internal sealed record AttachRequest(PodEndpoint? Endpoint, IPAddress[] Addresses, Func<PodNetns> Netns)
{
    /// <summary>A pod in a namespace that somebody else has made and keeps.</summary>
    public AttachRequest(PodEndpoint? endpoint, IPAddress[] addresses, ForeignNetns netns)
        : this(endpoint, addresses, () => new PodNetns(netns.Open(), WasThere: true)) => Foreign = netns;

    /// <summary>The alias of the port (IFLA_IFALIAS); null: none.</summary>
    public string? Alias { get; init; }

    /// <summary>The namespace, where somebody else has made it; null: it is ours to delete.</summary>
    public ForeignNetns? Foreign { get; init; }

    /// <summary>The number that the port must have; null: any free one.</summary>
    public int? Number { get; init; }

    /// <summary>
    /// Addresses of a pod that is being replaced: their routes exist, and their neighbour entries are set by the
    /// caller.
    /// </summary>
    public IReadOnlySet<IPAddress> Held { get; init; } = FrozenSet<IPAddress>.Empty;
}
