using System.Net;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Ports;

/// <summary>An endpoint with a namespace of its own, at the far end of a veth pair.</summary>
/// <param name="Endpoint">
/// Null for the stranger: a port that no rule knows, the negative control of a verification.
/// </param>
/// <param name="Port">The near end, in the node's namespace.</param>
/// <param name="PortIndex">Its interface index.</param>
/// <param name="Mac">The far end's MAC address.</param>
/// <param name="NextHop">The MAC address that frames from the far end go to.</param>
internal sealed record Attachment(
    Endpoint? Endpoint, Netns Netns, string Port, InterfaceIndex PortIndex, MacAddress Mac, MacAddress NextHop,
    IReadOnlyList<IPAddress> Addresses)
{
    public required PortNumber Number { get; init; }

    /// <summary>The interface index of the far end.</summary>
    public InterfaceIndex InnerIndex { get; init; } = NodeLayout.PodInterface;

    /// <summary>
    /// The id of the pod's namespace in the node's namespace, by which change notices name it (IFLA_LINK_NETNSID);
    /// null: not known.
    /// </summary>
    public NamespaceId? NamespaceId { get; init; }

    /// <summary>The alias of the port in the kernel (IFLA_IFALIAS); null: none.</summary>
    public string? Alias { get; init; }

    /// <summary>The foreign namespace; null: the namespace is ours.</summary>
    public ForeignNetns? Foreign { get; init; }

    public bool IsForeign => Foreign is not null;

    /// <summary>The name of the endpoint in messages.</summary>
    public string EndpointName => Endpoint?.Name ?? "the negative control";
}
