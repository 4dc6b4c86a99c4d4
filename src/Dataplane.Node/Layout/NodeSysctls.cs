using Dataplane.Linux.Namespaces;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Layout;

/// <summary>The settings of nodes and pods, explicit where a distribution's default could differ.</summary>
internal static class NodeSysctls
{
    /// <summary>Before any link exists: <c>default</c> is what new links inherit.</summary>
    public static readonly SysctlSetting[] Node =
    [
        .. Both("net/ipv4/conf/{0}/accept_redirects", "0"), .. Both("net/ipv4/conf/{0}/send_redirects", "0"),
        // rp_filter asks for the way back as if the packet came from its output interface: without the mark, our own
        // prohibit rule for the bridge would answer.
        .. Both("net/ipv4/conf/{0}/rp_filter", "1"), .. Both("net/ipv4/conf/{0}/src_valid_mark", "1"),
        .. Both("net/ipv4/conf/{0}/proxy_arp", "0"),
        .. Both("net/ipv4/conf/{0}/accept_source_route", "0"), .. Both("net/ipv4/conf/{0}/route_localnet", "0"),
        .. Both("net/ipv6/conf/{0}/accept_ra", "0"), .. Both("net/ipv6/conf/{0}/accept_dad", "0"),
        .. Both("net/ipv6/conf/{0}/accept_redirects", "0"), .. Both("net/ipv6/conf/{0}/accept_source_route", "-1"),
        // No link-local addresses: nobody needs them, and with one on the bridge the node would send redirects.
        .. Both("net/ipv6/conf/{0}/addr_gen_mode", "1"),
        new("net/ipv4/ip_forward", "1"), .. Both("net/ipv6/conf/{0}/forwarding", "1"),
        // Only where br_netfilter is loaded: pods are routed, the bridge must not run the IP hooks a second time.
        new("net/bridge/bridge-nf-call-iptables", "0", Optional: true),
        new("net/bridge/bridge-nf-call-ip6tables", "0", Optional: true),
        new("net/bridge/bridge-nf-call-arptables", "0", Optional: true),
    ];

    /// <summary>
    /// Once conntrack is in use. A TCP segment of no known connection must not make one: after a lost entry the
    /// server's next segment would open a connection the other way round, which no later policy change could cut.
    /// </summary>
    public static readonly SysctlSetting[] Conntrack = [new("net/netfilter/nf_conntrack_tcp_loose", "0")];

    /// <summary>An end host that learns nothing from the wire and sends nothing unasked.</summary>
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

    /// <summary>All of the node's, and what its bridge has made of the defaults.</summary>
    public static readonly SysctlSetting[] Running = [.. Node, .. Conntrack, .. Of(Node, NodeShape.Default.Bridge)];

    /// <summary>As <see cref="Pod"/>, of our interface alone, in a namespace that somebody else has made.</summary>
    public static readonly SysctlSetting[] Foreign = Of(Pod, "eth0");

    /// <summary>
    /// Of a node that shares its namespace: what the whole namespace must do, and our bridge. <c>all</c> and
    /// <c>default</c> are other people's, with the one exception that IPv6 forwards for all or not at all
    /// (addrconf_fixup_forwarding).
    /// </summary>
    public static readonly SysctlSetting[] Host =
    [
        new("net/ipv4/ip_forward", "1"), new("net/ipv6/conf/all/forwarding", "1"), .. Conntrack, .. HostBridge,
    ];

    /// <summary>Before the bridge is up.</summary>
    public static SysctlSetting[] HostBridge =>
        [.. Of(Node, NodeShape.Default.Bridge), new($"net/ipv6/conf/{NodeShape.Default.Bridge}/disable_ipv6", "0")];

    /// <summary>
    /// Of a port in a namespace that others share, before it is up: the bridge passes on what it receives. What reaches
    /// the IP layer on the port itself, past the bridge, must find no way, also when our tables are gone.
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
