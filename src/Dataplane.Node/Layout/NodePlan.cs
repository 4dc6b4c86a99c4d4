using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Layout;

/// <summary>
/// The plan of a node without pods: names, addresses, settings, routing. It does not change during the life of the
/// node.
/// </summary>
/// <param name="Name">The name of the node, from which the names of its pods' namespaces are made.</param>
/// <param name="Addresses">The pod networks and the gateways.</param>
/// <param name="Shape">The properties of the node that the rules depend on.</param>
/// <param name="Settings">Sysctls of the node's namespace that must hold as long as it lives.</param>
internal sealed record NodePlan(string Name, NodeOptions Addresses, NodeShape Shape,
    IReadOnlyList<SysctlSetting> Settings)
{
    /// <summary>A node in a network namespace of its own.</summary>
    public static NodePlan Private(string name, NodeOptions addresses) =>
        new(name, addresses, NodeShape.Default with { ServiceNetworks = ServiceNetworks(addresses) },
            NodeSysctls.Running);

    /// <summary>A node in the namespace of this process, beside other programs' interfaces.</summary>
    /// <param name="masquerade">Whether pods reach the outside with an address of the node.</param>
    public static NodePlan Host(string name, NodeOptions addresses, bool masquerade) =>
        new(name, addresses, NodeShape.Default with
    {
        IsShared = true,
        Inside =
        [
            addresses.PodNetworkIPv4, addresses.PodNetworkIPv6,
            .. AddressFamilies.All.Select(family => addresses.Services.Networks[family]),
        ],
        Masqueraded = masquerade ? [addresses.PodNetworkIPv4, addresses.PodNetworkIPv6] : [],
        ServiceNetworks = ServiceNetworks(addresses),
    }, NodeSysctls.Host);

    private static IPNetwork[] ServiceNetworks(NodeOptions addresses) =>
        [addresses.Services.NetworkIPv4, addresses.Services.NetworkIPv6];

    public IPAddress Gateway(AddressFamily family) => Addresses.Gateways[family];

    public IPNetwork PodNetwork(AddressFamily family) => Addresses.PodNetworks[family];

    /// <summary>The addresses of a pod, at most one of each family.</summary>
    public static IPAddress[] AddressesOf(PodEndpoint pod) => [.. new[] { pod.IPv4, pod.IPv6 }.OfType<IPAddress>()];

    /// <summary>The routing rules that keep the node closed for packets that no rule of ours has marked.</summary>
    public Rule[] RoutingRules(AddressFamily family) =>
        Shape.IsShared ? NodeRouting.HostRules(family) : NodeRouting.Rules(family);

    /// <summary>
    /// Whether a foreign routing rule with a lower priority number than ours is deleted. In a shared namespace only the
    /// kernel's own rule for local addresses is; rules of other programs stay.
    /// </summary>
    public bool IsSurplus(in Rule rule) => !Shape.IsShared || rule == NodeRouting.KernelsLocalRule(rule.Family);

    /// <summary>The routes that exist before any pod is attached.</summary>
    /// <param name="bridge">The interface index of the bridge.</param>
    public IEnumerable<Route> BaseRoutes(AddressFamily family, InterfaceIndex bridge)
    {
        yield return NodeRouting.ToSink(bridge, PodNetwork(family), Gateway(family));
        // A connection of the node's own to a Service needs a route before its destination is translated.
        yield return NodeRouting.ToSink(bridge, Addresses.Services.Networks[family], Gateway(family));
        if (!Shape.IsShared) yield break;
        var everywhere = NodeRouting.ToSink(bridge, family.Everywhere(), Gateway(family));
        yield return everywhere with { Table = NodeLayout.SinkTable };
    }

    /// <summary>
    /// The node's routes to a pod address: the one that only marked packets find, and, outside the pod network, one to
    /// the sink.
    /// </summary>
    /// <param name="bridge">The interface index of the bridge.</param>
    public IEnumerable<Route> RoutesTo(IPAddress address, InterfaceIndex bridge)
    {
        var gateway = Gateway(address.AddressFamily);
        yield return new Route(NodeLayout.Host(address))
        {
            Table = NodeLayout.PodTable, OutInterface = bridge, PreferredSource = gateway,
        };
        // The route of the pod network to the sink does not cover a requested address outside that network.
        if (!PodNetwork(address.AddressFamily).Contains(address))
            yield return NodeRouting.ToSink(bridge, NodeLayout.Host(address), gateway);
    }
}
