using Dataplane.Linux.Namespaces;
using Dataplane.Rules.Nftables;

namespace Dataplane.Node.Network;

/// <summary>The settings of nodes and pods, explicit where a distribution's default could differ.</summary>
internal static class NodeSysctls
{
    /// <summary>Before any link exists: <c>default</c> is what new links inherit.</summary>
    public static readonly SysctlSetting[] Node =
    [
        .. Both("net/ipv4/conf/{0}/accept_redirects", "0"), .. Both("net/ipv4/conf/{0}/send_redirects", "0"),
        // rp_filter asks for the way back as if the packet came from its output interface: without the mark, our own prohibit rule
        // for the bridge would answer.
        .. Both("net/ipv4/conf/{0}/rp_filter", "1"), .. Both("net/ipv4/conf/{0}/src_valid_mark", "1"), .. Both("net/ipv4/conf/{0}/proxy_arp", "0"),
        .. Both("net/ipv4/conf/{0}/accept_source_route", "0"), .. Both("net/ipv4/conf/{0}/route_localnet", "0"),
        .. Both("net/ipv6/conf/{0}/accept_ra", "0"), .. Both("net/ipv6/conf/{0}/accept_dad", "0"),
        .. Both("net/ipv6/conf/{0}/accept_redirects", "0"), .. Both("net/ipv6/conf/{0}/accept_source_route", "-1"),
        // No link-local addresses: nobody needs them, and with one on the bridge the node would send redirects.
        .. Both("net/ipv6/conf/{0}/addr_gen_mode", "1"),
        new("net/ipv4/ip_forward", "1"), .. Both("net/ipv6/conf/{0}/forwarding", "1"),
        // Only where br_netfilter is loaded: pods are routed, the bridge must not run the IP hooks a second time.
        new("net/bridge/bridge-nf-call-iptables", "0", Optional: true), new("net/bridge/bridge-nf-call-ip6tables", "0", Optional: true),
        new("net/bridge/bridge-nf-call-arptables", "0", Optional: true),
    ];

    /// <summary>
    /// Once conntrack is in use. A TCP segment of no known connection must not make one: after a lost entry the server's next
    /// segment would open a connection the other way round, which no later policy change could cut.
    /// </summary>
    public static readonly SysctlSetting[] Conntrack = [new("net/netfilter/nf_conntrack_tcp_loose", "0")];

    /// <summary>An end host that learns nothing from the wire and sends nothing unasked.</summary>
    public static readonly SysctlSetting[] Pod =
    [
        .. Both("net/ipv4/conf/{0}/accept_redirects", "0"),
        // A pod's packet to its own address by way of the gateway comes back with its own source address.
        new("net/ipv4/conf/default/accept_local", "1"),
        new("net/ipv6/conf/default/accept_ra", "0", Optional: true), new("net/ipv6/conf/default/accept_redirects", "0", Optional: true),
        new("net/ipv6/conf/default/addr_gen_mode", "1", Optional: true), new("net/ipv6/conf/default/router_solicitations", "0", Optional: true),
    ];

    /// <summary>All of the node's, and what its bridge has made of the defaults.</summary>
    public static readonly SysctlSetting[] Running = [.. Node, .. Conntrack, .. Of(Node, NodeShape.Default.Bridge)];

    /// <summary>As <see cref="Pod"/>, of our interface alone, in a namespace that somebody else has made.</summary>
    public static readonly SysctlSetting[] Foreign = Of(Pod, "eth0");

    private static SysctlSetting[] Of(SysctlSetting[] settings, string link) => [.. settings.Where(s => s.Name.Contains("/default/", StringComparison.Ordinal))
        .Select(s => s with { Name = s.Name.Replace("/default/", $"/{link}/", StringComparison.Ordinal) })];

    private static SysctlSetting[] Both(string format, string value)
    {
        var optional = format.StartsWith("net/ipv6", StringComparison.Ordinal);
        return [new(string.Format(format, "all"), value, optional), new(string.Format(format, "default"), value, optional)];
    }
}
