using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <summary>
/// A bridge port that an earlier process has left. Its alias names the pod.
/// </summary>
/// <param name="Addresses">The addresses of the neighbour entries with its MAC address.</param>
/// <param name="PeerIndex">The interface index of its other end.</param>
/// <param name="PeerNamespace">The id of the namespace of its other end; null: the node's own.</param>
internal sealed record AdoptedPort(PortNumber Number, InterfaceIndex PortIndex, string Alias,
    IReadOnlyList<IPAddress> Addresses, InterfaceIndex PeerIndex, NamespaceId? PeerNamespace)
{
    /// <summary>All ports of the node with the name of a pod's port; without an alias they belong to no pod.</summary>
    public static IReadOnlyList<AdoptedPort> Find(NodePorts node)
    {
        var neighbours = Neighbours.Dump(node.Route).Where(n => n.Index == node.BridgeIndex && n.Permanent)
            .ToLookup(n => n.Mac, n => n.Address);
        var ports = new List<AdoptedPort>();
        foreach (var link in Links.Dump(node.Route))
        {
            if (link.Kind != "veth" || PortNumber.InName(link.Name) is not { } number || !node.IsOurPort(link))
                continue;
            IPAddress[] addresses = [.. neighbours[number.FarMac]];
            ports.Add(new AdoptedPort(number, link.Index, link.Alias ?? "", addresses, link.PeerIndex,
                link.PeerNamespace));
        }
        return ports;
    }

    /// <summary>
    /// The port as an attachment of the pod; null where it does not fit the pod. Name and alias can be anybody's: what
    /// counts is that its other end is eth0 in the pod's namespace.
    /// </summary>
    public Attachment? Claim(NodePorts node, PodEndpoint pod)
    {
        var wanted = NodePlan.AddressesOf(pod);
        // A missing address will be repaired; with one more, the port belongs to another pod.
        if (Addresses.Except(wanted).Any()) return null;
        var foreign = ForeignNetns.Named(pod.Pod.NetnsName);
        var opened = foreign is null ? NamedNetns.TryOpen(PodNames.Netns(node.Plan.Name, pod))
            : NamedNetns.TryOpen(foreign.Open);
        if (opened is not { } netns) return null;
        try
        {
            using var inside = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
            if (PodAttacher.InnerIndex(inside, Number.FarMac) is { } inner && inner == PeerIndex
                && NamespaceIds.Of(node.Route, netns) == PeerNamespace)
            {
                return new Attachment(pod, netns, Number.Name, PortIndex, Number.FarMac, NodeLayout.GatewayMac, wanted)
                {
                    Number = Number,
                    InnerIndex = inner,
                    Alias = Alias,
                    Foreign = foreign,
                    NamespaceId = PeerNamespace,
                };
            }
        }
        catch
        {
            netns.Dispose();
            throw;
        }
        netns.Dispose();
        return null;
    }

    public Remains Remains => new(Number, PortIndex, Addresses);
}

/// <summary>Opens namespaces whose names may not exist.</summary>
internal static class NamedNetns
{
    /// <summary>Null: no such name, or a file that no namespace is mounted on (any more).</summary>
    public static Netns? TryOpen(string name) => TryOpen(() => Netns.Open(name));

    /// <inheritdoc cref="TryOpen(string)"/>
    public static Netns? TryOpen(Func<Netns> open)
    {
        Netns? netns = null;
        try
        {
            netns = open();
            netns.Run(static () => 0);
            return netns;
        }
        catch (LinuxException e) when (e.ErrorNumber is Errno.ENOENT or Errno.ENOTDIR or Errno.EINVAL)
        {
            netns?.Dispose();
            return null;
        }
    }
}
