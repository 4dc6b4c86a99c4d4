using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Network;
using Dataplane.Policy.Model;
namespace Dataplane.Node.Live;

/// <summary>A bridge port that an earlier process has left, as the kernel tells of it: whose it is, is written on it.</summary>
/// <param name="Addresses">Whatever neighbour entries lead to it.</param>
/// <param name="NamespaceNumber">See <see cref="Attachment.NamespaceNumber"/>.</param>
internal sealed record AdoptedPort(int Number, int PortIndex, string Alias, IReadOnlyList<IPAddress> Addresses, int? NamespaceNumber)
{
    /// <summary>All ports of the node that look like a pod's; what does not say whose it is, is nobody's.</summary>
    public static IReadOnlyList<AdoptedPort> Find(BridgeNode node)
    {
        var neighbours = Neighbours.Dump(node.Route).Where(n => n.Index == node.BridgeIndex && n.Permanent).ToLookup(n => n.Mac, n => n.Address);
        var ports = new List<AdoptedPort>();
        foreach (var link in Links.Dump(node.Route))
        {
            if (link.Kind != "veth" || NodeLayout.PortNumber(link.Name) is not { } number || !node.IsOurPort(link)) continue;
            ports.Add(new AdoptedPort(number, link.Index, link.Alias ?? "", [.. neighbours[NodeLayout.FarMac(number)]], link.PeerNamespace));
        }
        return ports;
    }

    /// <summary>As an attachment of the pod; null where it is not what the pod needs.</summary>
    public Attachment? Claim(BridgeNode node, PodEndpoint pod)
    {
        IPAddress[] wanted = BridgeNode.AddressesOf(pod);
        // One that is missing will be mended; one too many makes it another pod's.
        if (Addresses.Except(wanted).Any()) return null;
        var name = pod.Pod.NetnsName ?? PodNames.Netns(node.Name, pod);
        if (NamedNetns.TryOpen(name) is not { } netns) return null;
        try
        {
            using var inside = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
            if (PodAttacher.InnerIndex(inside, NodeLayout.FarMac(Number)) is { } inner)
                return new Attachment(pod, netns, NodeLayout.PortName(Number), PortIndex, NodeLayout.FarMac(Number), NodeLayout.GatewayMac, wanted)
                {
                    Number = Number, InnerIndex = inner, Alias = Alias, ForeignNetns = pod.Pod.NetnsName, NamespaceNumber = NamespaceNumber,
                };
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

/// <summary>Namespaces by name, where the name may mean nothing.</summary>
internal static class NamedNetns
{
    /// <summary>Null: no such name, or a file that no namespace is mounted on (any more).</summary>
    public static Netns? TryOpen(string name)
    {
        Netns? netns = null;
        try
        {
            netns = Netns.Open(name);
            netns.Run(static () => 0);
            return netns;
        }
        catch (LinuxException e) when (e.ErrorNumber is Errno.ENOENT or Errno.EINVAL)
        {
            netns?.Dispose();
            return null;
        }
    }
}
