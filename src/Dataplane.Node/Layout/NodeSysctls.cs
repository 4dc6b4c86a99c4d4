using System.Globalization;
using Dataplane.Linux.Namespaces;
using Dataplane.Rules.Guard;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Layout;

/// <summary>The settings of nodes and pods, explicit where a distribution's default could differ.</summary>
internal static class NodeSysctls
{
    private static string ReassemblyBytes => GuardProgram.ReassemblyBytes.ToString(CultureInfo.InvariantCulture);

    /// <summary>Settings of a private node, written before any link exists: new links inherit <c>default</c>.</summary>
    public static readonly SysctlSetting[] Node =
    [
        .. Both("net/ipv4/conf/{0}/accept_redirects", "0"), .. Both("net/ipv4/conf/{0}/send_redirects", "0"),
        // rp_filter looks the reverse path up as if the packet came from its output interface: without the mark, our
        // own prohibit rule for the bridge would match.
        .. Both("net/ipv4/conf/{0}/rp_filter", "1"), .. Both("net/ipv4/conf/{0}/src_valid_mark", "1"),
        .. Both("net/ipv4/conf/{0}/proxy_arp", "0"),
        .. Both("net/ipv4/conf/{0}/accept_source_route", "0"), .. Both("net/ipv4/conf/{0}/route_localnet", "0"),
        .. Both("net/ipv6/conf/{0}/accept_ra", "0"), .. Both("net/ipv6/conf/{0}/accept_dad", "0"),
        .. Both("net/ipv6/conf/{0}/accept_redirects", "0"), .. Both("net/ipv6/conf/{0}/accept_source_route", "-1"),
        // No link-local addresses: they are not needed, and with one on the bridge the node would send redirects.
        .. Both("net/ipv6/conf/{0}/addr_gen_mode", "1"),
        new("net/ipv4/ip_forward", "1"), .. Both("net/ipv6/conf/{0}/forwarding", "1"),
        // Only where br_netfilter is loaded: pods are routed, the bridge must not run the IP hooks a second time.
        new("net/bridge/bridge-nf-call-iptables", "0", Optional: true),
        new("net/bridge/bridge-nf-call-ip6tables", "0", Optional: true),
        new("net/bridge/bridge-nf-call-arptables", "0", Optional: true),
    ];

    /// <summary>
    /// Written once conntrack is in use: some of them exist only then.
    /// </summary>
    public static readonly SysctlSetting[] Conntrack =
    [
        // A TCP segment without a conntrack entry must not create one: after a lost entry the server's next segment
        // would open a connection in the opposite direction, which no later policy change could cut.
        new("net/netfilter/nf_conntrack_tcp_loose", "0"),
        // A closed TCP connection must not stay for 120 s: the kernel does not count it (already_closed in
        // nf_conncount.c), so one pod that opens and closes connections would fill the table.
        new("net/netfilter/nf_conntrack_tcp_timeout_time_wait", "1"),
        new("net/netfilter/nf_conntrack_tcp_timeout_close", "1"),
        // The pieces of a datagram follow one another; what has not come within a second has been lost. The kernel's
        // own values, 30 and 60 seconds and 4 MiB, are full after 1,900 unfinished datagrams.
        new("net/ipv4/ipfrag_time", "1"), new("net/ipv4/ipfrag_high_thresh", ReassemblyBytes),
        // Conntrack's own, which come before those of the IP layer.
        new("net/netfilter/nf_conntrack_frag6_timeout", "1", Optional: true),
        new("net/netfilter/nf_conntrack_frag6_high_thresh", ReassemblyBytes, Optional: true),
        new("net/ipv6/ip6frag_time", "1", Optional: true),
        new("net/ipv6/ip6frag_high_thresh", ReassemblyBytes, Optional: true),
    ];

    /// <summary>
    /// Of a private node: conntrack does not see the packets of the short way. So what ends a connection looks to it as
    /// if it came from far outside the window, and must count all the same.
    /// </summary>
    /// <param name="isOn">Whether there is one.</param>
    public static SysctlSetting[] ShortWay(bool isOn) =>
    [
        new("net/netfilter/nf_conntrack_tcp_be_liberal", isOn ? "1" : "0"),
        new("net/netfilter/nf_conntrack_tcp_ignore_invalid_rst", isOn ? "1" : "0", Optional: true),
    ];

    /// <summary>Settings of a pod's namespace: it learns nothing from the wire and sends nothing by itself.</summary>
    public static readonly SysctlSetting[] Pod =
    [
        .. Both("net/ipv4/conf/{0}/accept_redirects", "0"),
        // A pod's packet to its own address by way of the gateway comes back with its own source address.
        new("net/ipv4/conf/default/accept_local", "1"),
        new("net/ipv6/conf/default/accept_ra", "0", Optional: true),
        new("net/ipv6/conf/default/accept_redirects", "0", Optional: true),
        new("net/ipv6/conf/default/addr_gen_mode", "1", Optional: true),
        new("net/ipv6/conf/default/router_solicitations", "0", Optional: true),
    ];

    /// <summary>All settings of a running private node, with those that its bridge has inherited.</summary>
    public static readonly SysctlSetting[] Running = [.. Node, .. Conntrack, .. Of(Node, NodeShape.Default.Bridge)];

    /// <summary>As <see cref="Pod"/>, for our interface only, in a foreign namespace.</summary>
    public static readonly SysctlSetting[] Foreign =
    [
        // Docker makes its namespaces without IPv6.
        new("net/ipv6/conf/eth0/disable_ipv6", "0"), .. Of(Pod, "eth0"),
    ];

    /// <summary>
    /// Settings of a host node: those that the whole namespace needs, and those of our bridge. <c>all</c> and
    /// <c>default</c> belong to other programs, with one exception: IPv6 forwarding can only be set for all
    /// (addrconf_fixup_forwarding).
    /// </summary>
    public static readonly SysctlSetting[] Host =
    [
        new("net/ipv4/ip_forward", "1"), new("net/ipv6/conf/all/forwarding", "1"), .. Conntrack, .. HostBridge,
    ];

    /// <summary>Settings of a host node's bridge, written before it is up.</summary>
    public static SysctlSetting[] HostBridge =>
        [.. Of(Node, NodeShape.Default.Bridge), new($"net/ipv6/conf/{NodeShape.Default.Bridge}/disable_ipv6", "0")];

    /// <summary>
    /// Settings of a port of a host node, written before it is up. Frames of a port go to the bridge. A packet that
    /// reaches the IP layer on the port itself, past the bridge, must find no route, also without our tables.
    /// </summary>
    public static SysctlSetting[] HostPort(string port) =>
    [
        new($"net/ipv4/conf/{port}/rp_filter", "1"), new($"net/ipv4/conf/{port}/forwarding", "0"),
        new($"net/ipv6/conf/{port}/disable_ipv6", "1"),
    ];

    private static SysctlSetting[] Of(SysctlSetting[] settings, string link) =>
        [.. settings.Where(s => s.Name.Contains("/default/", StringComparison.Ordinal))
        .Select(s => s with { Name = s.Name.Replace("/default/", $"/{link}/", StringComparison.Ordinal) })];

    private static SysctlSetting[] Both(string format, string value)
    {
        var optional = format.StartsWith("net/ipv6", StringComparison.Ordinal);
        return [new(string.Format(format, "all"), value, optional),
            new(string.Format(format, "default"), value, optional)];
    }
}
