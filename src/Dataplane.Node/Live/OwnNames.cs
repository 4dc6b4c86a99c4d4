using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;

namespace Dataplane.Node.Live;

/// <summary>
/// Deletes names below /run/netns only where their namespaces are this program's: anybody may have used the same name.
/// </summary>
internal static class OwnNames
{
    /// <summary>
    /// Kinds of links of which the kernel makes one in each new namespace (fb_tunnels_only_for_init_net).
    /// </summary>
    private static readonly HashSet<string?> Fallback =
        ["ipip", "sit", "gre", "gretap", "erspan", "vti", "vti6", "ip6tnl", "ip6gre", "ip6gretap"];

    /// <summary>
    /// Deletes the names of the node and its pods, the node's own last: with it the others are found.
    /// </summary>
    /// <exception cref="LinuxException">EEXIST: what has the node's name is no node.</exception>
    public static void DeleteNode(string node)
    {
        DeletePods(node);
        if (Links(node) is { } links && !IsEmpty(links) && !IsNode(links))
            throw Taken($"remove node {node}", node, "no node");
        Netns.Delete(node);
    }

    /// <summary>Deletes the names of the node's pods; others that begin alike stay.</summary>
    /// <param name="but">Names of pods that stay.</param>
    public static void DeletePods(string node, IReadOnlySet<string?>? but = null)
    {
        foreach (var name in PodNames.NetnsOf(node).Where(n => but?.Contains(n) is not true && IsPods(n)))
        {
            try
            {
                Netns.Delete(name);
            }
            catch (LinuxException e) when (e.ErrorNumber == Errno.EEXIST)
            {
                // A file with content, a link or a pipe.
            }
        }
    }

    /// <summary>Checks that a pod of the node may have the name, and the namespace that has it now.</summary>
    /// <exception cref="LinuxException">EEXIST: the namespace is no pod's.</exception>
    public static void RequirePods(string name)
    {
        if (Netns.IsThere(name) && !IsPods(name))
            throw Taken("make a pod's network namespace", name, "no pod of this node");
    }

    /// <summary>Whether the links are those of a node.</summary>
    public static bool IsNode(IEnumerable<LinkInfo> links) =>
        links.Any(l => l.Index == NodeLayout.BridgeIndex && l.Name == Rules.Shape.NodeShape.Default.Bridge);

    /// <summary>
    /// Whether the namespace is that of a pod: it says so, or has the eth0 that a node gives a pod (an earlier version
    /// said nothing), or nothing, as before that is made. True also where there is no namespace: see
    /// <see cref="Netns.Delete"/>.
    /// </summary>
    private static bool IsPods(string name) => Links(name) is not { } links || IsEmpty(links)
        || links.Any(l => l.Index == Linux.Rtnetlink.Links.Loopback && l.Alias == PodNames.Made)
        || links.Any(l => l.Kind == "veth" && l.Mac is { } mac && PortNumber.IsFarMac(mac));

    private static bool IsEmpty(IEnumerable<LinkInfo> links) =>
        links.All(l => l.Index == Linux.Rtnetlink.Links.Loopback || Fallback.Contains(l.Kind));

    /// <summary>Null: no namespace has the name.</summary>
    private static IReadOnlyList<LinkInfo>? Links(string name)
    {
        using var netns = NamedNetns.TryOpen(name);
        if (netns is null) return null;
        using var inside = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        return Linux.Rtnetlink.Links.Dump(inside);
    }

    private static LinuxException Taken(string operation, string name, string what) => new(operation, Errno.EEXIST,
        $"the network namespace {name} is {what}, and stays; choose another name, or: ip netns del {name}");
}
