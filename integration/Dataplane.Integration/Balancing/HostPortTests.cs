using System.Net.Sockets;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Balancing;

/// <summary>A port of the node that leads to a pod, by real sockets.</summary>
public sealed class HostPortTests
{
    private const AddressFamily Four = AddressFamily.InterNetwork, Six = AddressFamily.InterNetworkV6;

    public static TheoryData<AddressFamily> Families => [Four, Six];

    private static string NodeAt(AddressFamily family) => ServiceNet.NodeAddress(family).ToString();

    private static string Named(AddressFamily family) => family == Four ? "203.0.113.7" : "2001:db8:9::7";

    /// <summary>x/b has ports of the node: 80 at all its addresses, 81 at one that is named.</summary>
    private static Lab Pods(params string[] more) => new Lab().Namespace("x").Pod("x/a", "app=a")
        .Pod("x/b", "app=b", hostPorts: ["TCP 80 8080", "UDP 80 8080", $"TCP 81 8080 {Named(Four)}",
            $"TCP 81 8080 {Named(Six)}", .. more])
        .Pod("x/c", "app=c");

    [Theory]
    [MemberData(nameof(Families))]
    public void It_leads_to_the_pod_and_the_source_stays(AddressFamily family)
    {
        using var net = new ServiceNet(null, Pods()).Serve("x/b");
        foreach (var who in new[] { ServiceNet.Outside, "x/a" })
        {
            var from = net.AddressOf(who, family);
            Assert.Equal($"x/b to {from}", net.Ask(who, NodeAt(family), 80));
            Assert.Equal($"x/b to {from}", net.Ask(who, NodeAt(family), 80, ProtocolType.Udp));
            Assert.Equal($"x/b to {from}", net.Ask(who, Named(family), 81));
        }
        Assert.StartsWith("x/b to ", net.Ask(ServiceNet.Node, NodeAt(family), 80), StringComparison.Ordinal);
        Assert.Equal($"x/b to {(family == Four ? "10.244.0.1" : "fd00:10:244::1")}",
            net.Ask("x/b", NodeAt(family), 80));
        // At no other address, port or protocol, and not at the loopback.
        net.Lab.Exec("ip", "link set lo up");
        Assert.Equal("refused", net.Ask("x/a", NodeAt(family), 81));
        Assert.Equal("refused", net.Ask("x/a", NodeAt(family), 8080));
        Assert.Equal("refused", net.Ask(ServiceNet.Node, family == Four ? "127.0.0.1" : "::1", 80));
        Assert.Null(net.Lab.Node.Programmer.Check());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_policy_judges_the_pod_and_its_port(AddressFamily family)
    {
        using var net = new ServiceNet(null, Pods()
            .Policy("x/b", "app=b", ingress: [Rule.Of([Rule.Pods("app=a")], ["TCP 8080"])])).Serve("x/b");
        Assert.Equal($"x/b to {net.AddressOf("x/a", family)}", net.Ask("x/a", NodeAt(family), 80));
        Assert.Equal("ingress", net.WhyDropped("x/c", NodeAt(family), 80));
        Assert.Equal("ingress", net.WhyDropped("x/a", NodeAt(family), 80, ProtocolType.Udp));
        Assert.Equal("ingress", net.WhyDropped(ServiceNet.Outside, NodeAt(family), 80));
        Assert.Equal("ingress", net.WhyDropped(ServiceNet.Outside, Named(family), 81));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void It_comes_and_goes_with_the_pod(AddressFamily family)
    {
        using var net = new ServiceNet(null, ServiceNet.Pods()).Serve("x/b");
        Assert.Equal("refused", net.Ask(ServiceNet.Outside, NodeAt(family), 80));
        net.Apply(null, Pods());
        Assert.Equal($"x/b to {net.AddressOf(ServiceNet.Outside, family)}",
            net.Ask(ServiceNet.Outside, NodeAt(family), 80));
        net.Apply(null, ServiceNet.Pods());
        Assert.Equal("refused", net.Ask(ServiceNet.Outside, NodeAt(family), 80));
        Assert.Equal("refused", net.Ask("x/a", NodeAt(family), 80, ProtocolType.Udp));
    }
}
