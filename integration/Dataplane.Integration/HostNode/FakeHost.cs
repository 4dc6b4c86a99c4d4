using System.Net;
using System.Net.Sockets;
using Dataplane.Integration.Closed;
using Dataplane.Linux.Namespaces;
namespace Dataplane.Integration.HostNode;

/// <summary>
/// A machine that others use: a bridge with two neighbours, an uplink with a router behind it, a firewall with marks of
/// its own. It is a namespace, so that nothing touches the real one.
/// </summary>
internal sealed class FakeHost : IDisposable
{
    public static readonly IPAddress Uplink = IPAddress.Parse("192.0.2.1"), Router = IPAddress.Parse("192.0.2.9"),
        Uplink6 = IPAddress.Parse("2001:db8:2::1"), Router6 = IPAddress.Parse("2001:db8:2::9"),
        Left = IPAddress.Parse("10.77.0.1"), Right = IPAddress.Parse("10.77.0.2"), Left6 = IPAddress.Parse("fd77::1"),
        Right6 = IPAddress.Parse("fd77::2");

    /// <summary>
    /// Marks the neighbours' packets early, and counts those that have lost the mark when they leave.
    /// </summary>
    private const string Firewall = """
        table inet firewall {
            counter lost { }
            counter kept { }
            chain early { type filter hook prerouting priority -460; policy accept; iifname "br0" meta mark set 0x2000abcd; }
            chain late { type filter hook postrouting priority 300; policy accept;
                iifname "br0" oifname "up0" meta mark != 0x2000abcd counter name lost
                iifname "br0" oifname "up0" meta mark 0x2000abcd counter name kept
            }
        }
        """;

    private readonly TestNetns _left = TestNetns.Create(), _right = TestNetns.Create(), _router = TestNetns.Create();
    private readonly List<IDisposable> _things = [];

    /// <param name="bridgesAskIp">
    /// Whether bridges run the hooks of the IP layer too, as the kernel does wherever br_netfilter is loaded, and as
    /// Kubernetes wants it.
    /// </param>
    public FakeHost(bool bridgesAskIp = true)
    {
        try
        {
            var value = bridgesAskIp ? "1" : "0";
            Sysctl.Write(Netns.Netns, new("net/bridge/bridge-nf-call-iptables", value, Optional: true),
                new("net/bridge/bridge-nf-call-ip6tables", value, Optional: true));
            Build();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public TestNetns Netns { get; } = TestNetns.Create();

    public Netns RouterNetns => _router.Netns;

    public string RouterName => _router.Name;

    public string Ip(string arguments) => Netns.Exec("ip", arguments);

    /// <summary>
    /// Of others, by every way that there is: over the bridge, forwarded, to the machine itself and inside it, both
    /// families.
    /// </summary>
    public IReadOnlyList<Talk> Talks() =>
    [
        Talk(_left.Netns, Left, _right.Netns, Right, ProtocolType.Tcp, 1),
        Talk(_left.Netns, Left6, _right.Netns, Right6, ProtocolType.Udp, 2),
        Talk(_left.Netns, Left, _router.Netns, Router, ProtocolType.Tcp, 3),
        Talk(_left.Netns, Left6, _router.Netns, Router6, ProtocolType.Udp, 4),
        Talk(_router.Netns, Router, Netns.Netns, Uplink, ProtocolType.Tcp, 5),
        Talk(_router.Netns, Router6, Netns.Netns, Uplink6, ProtocolType.Udp, 6),
        Talk(Netns.Netns, IPAddress.Loopback, Netns.Netns, IPAddress.Loopback, ProtocolType.Tcp, 7),
        Talk(Netns.Netns, IPAddress.IPv6Loopback, Netns.Netns, IPAddress.IPv6Loopback, ProtocolType.Udp, 8),
    ];

    public Talk Talk(Netns a, IPAddress client, Netns b, IPAddress server, ProtocolType protocol, int port)
    {
        var talk = new Talk(a, client, b, server, protocol, port);
        _things.Add(talk);
        return talk;
    }

    /// <summary>All that a daemon could have changed but settings.</summary>
    public string Picture() => string.Join('\n',
        Ip("rule"), Ip("-6 rule"), Ip("link"), Ip("addr"), Ip("route show table all"), Ip("-6 route show table all"),
        Ip("neigh show nud permanent"),
        Netns.Exec("nft", "-s list ruleset"));

    /// <summary>Packets of the neighbours' that left without the firewall's mark, and with it.</summary>
    public (long Lost, long Kept) Marks()
    {
        return (Count("lost"), Count("kept"));

        long Count(string counter) => long.Parse(
            Netns.Exec("nft", $"list counter inet firewall {counter}").Split("packets ")[1].Split(' ')[0],
            System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        foreach (var thing in _things) thing.Dispose();
        foreach (var netns in new[] { _left, _right, _router, Netns }) netns.Dispose();
    }

    private void Build()
    {
        foreach (var (netns, port, four, six) in new[] { (_left, "n0", Left, Left6), (_right, "n1", Right, Right6) })
        {
            Plug(netns, port, four, six, IPAddress.Parse("10.77.0.254"), IPAddress.Parse("fd77::254"), 24, 64);
            if (port == "n0") Ip("link add br0 type bridge forward_delay 0 mcast_snooping 0");
            Ip($"link set {port} master br0 up");
        }
        Ip("addr add 10.77.0.254/24 dev br0");
        Ip("addr add fd77::254/64 dev br0 nodad");
        Ip("link set br0 up");
        Plug(_router, "up0", Router, Router6, Uplink, Uplink6, 24, 64);
        Ip($"addr add {Uplink}/24 dev up0");
        Ip($"addr add {Uplink6}/64 dev up0 nodad");
        Ip("link set up0 up");
        Ip("link set lo up");
        Netns.Exec("nft", "-f -", Firewall);
        Sysctl.Write(Netns.Netns, new SysctlSetting("net/ipv4/ip_forward", "1"));
        Sysctl.Write(Netns.Netns, new SysctlSetting("net/ipv6/conf/all/forwarding", "1"));
        // Carriers and link-local addresses come a little later, and pictures show them.
        foreach (var link in new[] { "n0", "n1", "br0", "up0" })
        {
            Assert.True(SpinWait.SpinUntil(() => Ip($"link show {link}").Contains("state UP", StringComparison.Ordinal),
                PodSocket.Patience), $"{link} does not come up");
        }
        foreach (var link in new[] { "n0", "n1", "br0", "up0" })
        {
            Assert.True(SpinWait.SpinUntil(
                () => Ip($"-6 addr show dev {link} -tentative").Contains("fe80:", StringComparison.Ordinal),
                PodSocket.Patience), $"{link} has no link-local address");
        }
    }

    private void Plug(TestNetns netns, string port, IPAddress four, IPAddress six, IPAddress gateway4,
        IPAddress gateway6, int prefix4, int prefix6)
    {
        Sysctl.Write(Netns.Netns, new SysctlSetting("net/ipv6/conf/default/accept_dad", "0"));
        Ip($"link add {port} type veth peer name eth0 netns {netns.Name}");
        netns.Exec("ip", "link set lo up");
        netns.Exec("ip", "link set eth0 up");
        netns.Exec("ip", $"addr add {four}/{prefix4} dev eth0");
        netns.Exec("ip", $"addr add {six}/{prefix6} dev eth0 nodad");
        netns.Exec("ip", $"route add default via {gateway4}");
        netns.Exec("ip", $"-6 route add default via {gateway6}");
    }
}
