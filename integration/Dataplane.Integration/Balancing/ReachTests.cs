using System.Net.Sockets;
using Dataplane.Linux.Nflog;
using Dataplane.Services.Tables;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Balancing;

/// <summary>Who reaches what through a Service, by real sockets: the answer says who answered, and to whom.</summary>
public sealed class ReachTests
{
    private const AddressFamily Four = AddressFamily.InterNetwork, Six = AddressFamily.InterNetworkV6;

    public static TheoryData<AddressFamily> Families => [Four, Six];

    private static string Virtual(AddressFamily family) => family == Four ? "10.96.0.10" : "fd00:10:96::a";

    private static string External(AddressFamily family) => family == Four ? "203.0.113.7" : "2001:db8:9::7";

    private static string NodeAt(AddressFamily family) => ServiceNet.NodeAddress(family).ToString();

    /// <param name="last">The last number of a pod's address.</param>
    private static string At(AddressFamily family, int last) =>
        family == Four ? $"10.244.0.{last}:8080" : $"[fd00:10:244::{last}]:8080";

    /// <summary>Port 80 of a Service with these pods behind it, at the node and an external address too.</summary>
    private static ServiceLab Web(AddressFamily family, params int[] pods) => new ServiceLab()
        .Pool(family, [.. pods.Select(p => At(family, p))])
        .At($"TCP 80 {Virtual(family)}").At($"UDP 80 {Virtual(family)}").At("TCP 30080").At("UDP 30080")
        .At($"TCP 80 {External(family)}").Address(Virtual(family)).Address(External(family));

    [Theory]
    [MemberData(nameof(Families))]
    public void Pods_and_the_node_reach_a_backend_by_the_address_of_its_Service(AddressFamily family)
    {
        using var net = new ServiceNet(Web(family, 3).Table).Serve("x/b");
        var a = net.AddressOf("x/a", family);
        Assert.Equal($"x/b to {a}", net.Ask("x/a", Virtual(family), 80));
        Assert.Equal($"x/b to {a}", net.Ask("x/a", Virtual(family), 80, ProtocolType.Udp));
        Assert.StartsWith("x/b to ", net.Ask(ServiceNet.Node, Virtual(family), 80), StringComparison.Ordinal);
        Assert.StartsWith("x/b to ", net.Ask(ServiceNet.Node, Virtual(family), 80, ProtocolType.Udp),
            StringComparison.Ordinal);
        Assert.Null(net.Lab.Node.Programmer.Check());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Who_may_not_reach_the_backend_does_not_reach_it_by_the_Service(AddressFamily family)
    {
        using var net = new ServiceNet(Web(family, 3).Table, ServiceNet.Pods()
            .Policy("x/b", "app=b", ingress: [Rule.Of([Rule.Pods("app=a")], ["TCP 8080"])])).Serve("x/b");
        Assert.Equal("ingress", net.WhyDropped("x/c", Virtual(family), 80));
        Assert.Equal("ingress", net.WhyDropped("x/a", Virtual(family), 80, ProtocolType.Udp));
        Assert.Equal("ingress", net.WhyDropped("x/c", NodeAt(family), 30080));
        Assert.Equal("ingress", net.WhyDropped(ServiceNet.Outside, NodeAt(family), 30080));
        Assert.Equal($"x/b to {net.AddressOf("x/a", family)}", net.Ask("x/a", Virtual(family), 80));
        // The node's own connections are never denied.
        Assert.StartsWith("x/b to ", net.Ask(ServiceNet.Node, Virtual(family), 80), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void An_egress_rule_speaks_of_the_backend(AddressFamily family)
    {
        using var net = new ServiceNet(Web(family, 3, 4).Table, ServiceNet.Pods()
            .Policy("x/a", "app=a", egress: [Rule.Of([Rule.Pods("app=b")], ["TCP 8080"])])).Serve("x/b", "x/c");
        var heard = new HashSet<string>();
        Assert.NotNull(net.Log);
        for (var i = 0; i < 64 && heard.Count < 2; i++)
        {
            using var socket = net.Open("x/a", family, ProtocolType.Tcp);
            socket.Blocking = false;
            try
            {
                socket.Connect(System.Net.IPAddress.Parse(Virtual(family)), 80);
            }
            catch (SocketException)
            {
                // In progress.
            }
            string? found = null;
            Assert.True(SpinWait.SpinUntil(() =>
            {
                net.Log.Receive(TimeSpan.FromMilliseconds(10), (scoped in NflogPacket p) => found = p.Prefix);
                return found is not null || socket.Poll(0, SelectMode.SelectWrite);
            }, PodSocket.Patience));
            heard.Add(found ?? "open");
        }
        Assert.Equal(["egress", "open"], heard.Order());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_port_of_the_node_leads_to_a_backend_and_the_source_stays(AddressFamily family)
    {
        using var net = new ServiceNet(Web(family, 3).Table).Serve("x/b");
        foreach (var who in new[] { ServiceNet.Outside, "x/a" })
        {
            foreach (var protocol in new[] { ProtocolType.Tcp, ProtocolType.Udp })
            {
                Assert.Equal($"x/b to {net.AddressOf(who, family)}",
                    net.Ask(who, NodeAt(family), 30080, protocol));
            }
        }
        Assert.Equal($"x/b to {net.AddressOf(ServiceNet.Outside, family)}",
            net.Ask(ServiceNet.Outside, External(family), 80));
        Assert.Equal($"x/b to {net.AddressOf("x/a", family)}", net.Ask("x/a", External(family), 80));
        Assert.StartsWith("x/b to ", net.Ask(ServiceNet.Node, NodeAt(family), 30080), StringComparison.Ordinal);
        // Not at the loopback: that would need route_localnet, which opens others' loopback services.
        net.Lab.Exec("ip", "link set lo up");
        Assert.Equal("refused", net.Ask(ServiceNet.Node, family == Four ? "127.0.0.1" : "::1", 30080));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_Service_that_nobody_serves_refuses_at_once(AddressFamily family)
    {
        using var net = new ServiceNet(Web(family).Table);
        foreach (var who in new[] { "x/a", ServiceNet.Node, ServiceNet.Outside })
        {
            foreach (var protocol in new[] { ProtocolType.Tcp, ProtocolType.Udp })
            {
                Assert.Equal("refused", net.Ask(who, Virtual(family), 80, protocol));
                Assert.Equal("refused", net.Ask(who, Virtual(family), 81, protocol));
                Assert.Equal("refused", net.Ask(who, NodeAt(family), 30080, protocol));
            }
        }
        // As soon as somebody serves, the next datagram of the same flow arrives.
        Assert.Equal("refused", net.AskAgain("x/a", Virtual(family), 80));
        net.Serve("x/b").Apply(Web(family, 3).Table);
        Assert.Equal($"x/b to {net.AddressOf("x/a", family)}", net.AskAgain("x/a", Virtual(family), 80));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_node_is_refused_at_an_address_that_is_no_Services(AddressFamily family)
    {
        var nobody = family == Four ? "10.96.0.99" : "fd00:10:96::99";
        using var net = new ServiceNet(ServiceTable.Empty).Serve("x/b");
        AssertRefused();
        net.Apply(Web(family, 3).Table);
        AssertRefused();
        Assert.StartsWith("x/b to ", net.Ask(ServiceNet.Node, Virtual(family), 80), StringComparison.Ordinal);
        // A pod's packet is dropped and told, as one to a pod that is not there.
        Assert.Equal("no-pod", net.WhyDropped("x/a", nobody, 80));

        void AssertRefused()
        {
            Assert.Equal("refused", net.Ask(ServiceNet.Node, nobody, 80));
            Assert.Equal("refused", net.Ask(ServiceNet.Node, nobody, 80, ProtocolType.Udp));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Backends_get_their_shares(AddressFamily family)
    {
        using var net = new ServiceNet(Web(family, 3, 4, 5).Table).Serve("x/b", "x/c", "x/d");
        var shares = Enumerable.Range(0, 240).Select(_ => net.Ask("x/a", Virtual(family), 80, ProtocolType.Udp))
            .CountBy(answer => answer.Split(' ')[0]).ToDictionary();
        Assert.Equal(["x/b", "x/c", "x/d"], shares.Keys.Order());
        // 80 on the average, with a deviation of 7.
        Assert.All(shares, share => Assert.InRange(share.Value, 40, 120));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_pod_that_is_chosen_for_itself_hears_itself_and_sees_the_node(AddressFamily family)
    {
        using var net = new ServiceNet(Web(family, 2).Table, ServiceNet.Pods().Policy("x/a", "app=a", ingress: []))
            .Serve("x/a");
        var gateway = family == Four ? "10.244.0.1" : "fd00:10:244::1";
        foreach (var protocol in new[] { ProtocolType.Tcp, ProtocolType.Udp })
        {
            var heard = net.Ask("x/a", Virtual(family), 80, protocol);
            Assert.StartsWith("x/a to ", heard, StringComparison.Ordinal);
            Assert.Contains(heard, new[] { $"x/a to {gateway}", $"x/a to {NodeAt(family)}" });
        }
        // Nobody else comes in by that way.
        Assert.Equal("ingress", net.WhyDropped("x/b", Virtual(family), 80));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Without_a_local_backend_outside_is_dropped_by_name_and_inside_is_served(AddressFamily family)
    {
        var table = new ServiceLab().Pool(family, [At(family, 3)]).At("TCP 30080", FrontendSide.Inside)
            .Pool(family, [], drops: true).At("TCP 30080", FrontendSide.Outside).Table;
        using var net = new ServiceNet(table).Serve("x/b");
        Assert.Equal("no-local-backend", net.WhyDropped(ServiceNet.Outside, NodeAt(family), 30080));
        Assert.Equal($"x/b to {net.AddressOf("x/a", family)}", net.Ask("x/a", NodeAt(family), 30080));
        Assert.StartsWith("x/b to ", net.Ask(ServiceNet.Node, NodeAt(family), 30080), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Sources_that_a_Service_does_not_name_are_dropped_by_name(AddressFamily family)
    {
        string[] others = family == Four ? ["192.0.2.0/24"] : ["2001:db8:1::/48"];
        string[] named = [.. others, $"{ServiceNet.OutsideAddress(family)}/{(family == Four ? 32 : 128)}"];
        using var net = new ServiceNet(From(others)).Serve("x/b");
        Assert.Equal("service-source", net.WhyDropped(ServiceNet.Outside, External(family), 80));
        net.Apply(From(named));
        Assert.Equal($"x/b to {ServiceNet.OutsideAddress(family)}",
            net.Ask(ServiceNet.Outside, External(family), 80));

        ServiceTable From(string[] sources) => new ServiceLab().Pool(family, [At(family, 3)], sources: sources)
            .At($"TCP 80 {External(family)}").Table;
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_pod_does_not_send_from_the_address_of_a_Service(AddressFamily family)
    {
        using var net = new ServiceNet(Web(family, 3).Table).Serve("x/b");
        InNetns.Exec(net.Lab.Pod("x/a").NetnsName!, "ip",
            $"addr add {Virtual(family)}/{(family == Four ? 32 : 128)} dev lo");
        InNetns.Exec(net.Lab.Pod("x/a").NetnsName!, "ip", "link set lo up");
        Assert.NotNull(net.Log);
        using var socket = net.Open("x/a", family, ProtocolType.Udp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Parse(Virtual(family)), 0));
        socket.SendTo("?"u8, new System.Net.IPEndPoint(net.AddressOf("x/b", family), 8080));
        Assert.Equal("spoof", net.NextDrop());
    }
}
