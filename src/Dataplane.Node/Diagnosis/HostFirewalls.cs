using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Host;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Diagnosis;

/// <summary>
/// Finds rules and settings of other programs that drop packets of a host node's pods although our rules allow them:
/// our accept does not override a drop of theirs.
/// </summary>
public static class HostFirewalls
{
    private static readonly string Bridge = NodeShape.Default.Bridge;

    /// <summary>Checks the namespace of this process. No findings if it is not a host node.</summary>
    public static IReadOnlyList<Finding> Check()
    {
        using var netns = Netns.OpenCurrent();
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        var links = Links.Dump(route);
        if (HostPorts.NodeOf(links) is null) return [];
        List<Finding> findings = [.. ForwardPolicies(netns), .. LegacyTables(netns), .. ReversePaths(netns, links),
            .. BridgeHooks(netns)];
        return findings.Count > 0 ? findings
            : [Finding.Ok($"host node: nobody else's rules drop what {Bridge} forwards")];
    }

    private static IEnumerable<Finding> ForwardPolicies(Netns netns)
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns);
        foreach (var chain in NftTables.DumpBaseChains(socket)
            .Where(c => c is { Hook: NftHook.Forward, Policy: NftVerdict.Drop } && c.Table != SetNames.Table))
        {
            if (chain.Family is not (NftPacketFamily.IPv4 or NftPacketFamily.IPv6 or (byte)NftFamily.Inet)) continue;
            var family = chain.Family switch
            {
                NftPacketFamily.IPv4 => "ip", NftPacketFamily.IPv6 => "ip6", _ => "inet",
            };
            var tool = chain.Family == NftPacketFamily.IPv6 ? "ip6tables" : "iptables";
            yield return Finding.Warning(
                $"chain {chain.Name} of table {family} {chain.Table} drops what it does not "
                    + $"accept, {Bridge}'s packets too",
                chain is { Table: "filter", Name: "FORWARD" } && family != "inet"
                    ? $"{tool} -I FORWARD -i {Bridge} -j ACCEPT; {tool} -I FORWARD -o {Bridge} -j ACCEPT"
                    : $"nft insert rule {family} {chain.Table} {chain.Name} iifname {Bridge} accept; "
                        + $"nft insert rule {family} {chain.Table} {chain.Name} oifname {Bridge} accept");
        }
    }

    /// <summary>
    /// Rules of the legacy iptables are not visible over netlink; /proc only shows which of its tables exist.
    /// </summary>
    private static IEnumerable<Finding> LegacyTables(Netns netns)
    {
        (string File, string Tool)[] variants =
            [("ip_tables_names", "iptables-legacy"), ("ip6_tables_names", "ip6tables-legacy")];
        foreach (var (file, tool) in variants)
        {
            if (LegacyNames(file).Contains("filter"))
            {
                yield return Finding.Warning(
                    $"there are rules of {tool}; where the policy of its chain FORWARD is drop, {Bridge}'s packets are "
                        + "dropped too",
                    $"{tool} -S FORWARD | grep -- '-P FORWARD DROP' && {tool} -I FORWARD -i {Bridge} -j ACCEPT "
                        + $"&& {tool} -I FORWARD -o {Bridge} -j ACCEPT");
            }
        }
    }

    /// <summary>
    /// Reads a file below /proc/self/net. It shows the namespace of the process's first thread, in which the process
    /// was started.
    /// </summary>
    private static string[] LegacyNames(string file) =>
        File.Exists($"/proc/self/net/{file}") ? File.ReadAllLines($"/proc/self/net/{file}") : [];

    /// <summary>The guard gives pods' frames a tag, so that the hooks of bridges leave them alone.</summary>
    private static IEnumerable<Finding> BridgeHooks(Netns netns)
    {
        const string Tagged = "bridge-nf-filter-vlan-tagged";
        if (Sysctl.Read(netns, $"net/bridge/{Tagged}") == "1")
        {
            yield return Finding.Warning(
                $"net.bridge.{Tagged} is 1: bridges run the hooks of the IP layer for pods' frames too, and no pod "
                    + "reaches another by a Service",
                $"sysctl -w net.bridge.{Tagged}=0");
        }
    }

    /// <summary>
    /// Interfaces with a strict rp_filter that ignores marks: without the mark it finds no reverse path. See
    /// <see cref="NodeRouting.HostRules"/>.
    /// </summary>
    private static IEnumerable<Finding> ReversePaths(Netns netns, IEnumerable<LinkInfo> links)
    {
        var all = (Filter: Sysctl.Read(netns, "net/ipv4/conf/all/rp_filter"),
            Mark: Sysctl.Read(netns, "net/ipv4/conf/all/src_valid_mark"));
        foreach (var link in links.Where(l => l.Index != Links.Loopback && l.Name != Bridge && l.Master.IsNone))
        {
            var conf = $"net/ipv4/conf/{link.Name}";
            // The higher of both values is used (ip-sysctl, rp_filter); src_valid_mark is on if either is.
            string?[] filters = [all.Filter, Sysctl.Read(netns, $"{conf}/rp_filter")];
            if (filters.Max(StringComparer.Ordinal) != "1" || all.Mark == "1"
                || Sysctl.Read(netns, $"{conf}/src_valid_mark") == "1")
            {
                continue;
            }
            yield return Finding.Warning(
                $"rp_filter is strict on {link.Name}, and knows nothing of marks: packets from "
                    + "there to pods are dropped, "
                    + "answers too",
                $"sysctl -w net.ipv4.conf.{link.Name}.src_valid_mark=1 (or rp_filter=2)");
        }
    }
}
