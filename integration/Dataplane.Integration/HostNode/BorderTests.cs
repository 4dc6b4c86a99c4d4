using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Namespaces;
using Dataplane.Policy.Model;
namespace Dataplane.Integration.HostNode;

/// <summary>
/// What comes to a host node from outside, and what pods could do to that: sources, source ports, addresses of the
/// node.
/// </summary>
public sealed class BorderTests
{
    private const ushort Port = 7_777, NodePort = 30_080, Remote = 50_001;

    private const string Node = """
        apiVersion: v1
        kind: Node
        metadata: {name: n1}
        status: {addresses: [{type: InternalIP, address: 192.0.2.1}, {type: InternalIP, address: "2001:db8:2::1"}]}
        """;

    [Theory]
    [MemberData(nameof(Families))]
    public void No_packet_from_outside_has_its_source_in_the_networks_of_pods_and_Services(AddressFamily family)
    {
        using var host = new FakeHost();
        using var daemon = new DaemonProcess(host.Netns, "--node", "host");
        string[] forged = family == AddressFamily.InterNetwork
            ? ["10.244.99.99", "10.96.3.3"] : ["fd00:10:244::9999", "fd00:10:96::9999"];
        var router = family == AddressFamily.InterNetwork ? FakeHost.Router : FakeHost.Router6;
        daemon.Apply("pods.yaml", Yaml.Pod("b") + $$"""
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: b, namespace: x}
            spec:
              podSelector: {matchLabels: {app: b} }
              ingress:
              - from:
                - ipBlock: {cidr: "{{router}}/{{Bits(family)}}"}
                - ipBlock: {cidr: "{{forged[0]}}/{{Bits(family)}}"}
                - ipBlock: {cidr: "{{forged[1]}}/{{Bits(family)}}"}
            """);
        // The kernel's own check knows IPv4 only, and has to be on.
        foreach (var what in (string[])["all", "up0"])
            Sysctl.Write(host.Netns.Netns, new SysctlSetting($"net/ipv4/conf/{what}/rp_filter", "0"));
        foreach (var address in forged)
        {
            InNetns.Exec(host.RouterNetns, "ip", $"addr add {address}/{Bits(family)} dev lo"
                + (family == AddressFamily.InterNetwork ? "" : " nodad"));
        }
        var pod = Pods(daemon)["x/b"];
        var to = Address(pod, family);
        using var b = Netns.Open(pod.Netns!);
        using var server = Open(b, to, Port);
        using var pinned = CpuPinning.PinCurrentThread();
        foreach (var source in (IEnumerable<IPAddress>)[.. forged.Select(IPAddress.Parse), router])
        {
            using var client = Open(host.RouterNetns, source, 0);
            client.SendTo([.. "from "u8, .. source.GetAddressBytes()], new IPEndPoint(to, Port));
        }
        // The last one was sent behind the others on one CPU.
        Assert.Equal([.. "from "u8, .. router.GetAddressBytes()], Closed.Talk.Receive(server));
        Assert.Equal(0, server.Available);
        Assert.Equal(forged.Length, Dropped(host, "spoof_outside"));
        ThreadHome.AssertAllHome();
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_pod_does_not_choose_the_port_of_the_node_that_its_packets_come_from(AddressFamily family)
    {
        using var host = new FakeHost();
        using var daemon = new DaemonProcess(host.Netns, "--node", "host");
        daemon.Apply("pods.yaml", string.Join("---\n", Yaml.Pod("b"), Yaml.Pod("m"), $$"""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: m, namespace: x}
            spec: {podSelector: {matchLabels: {app: m} } }
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: b, namespace: x}
            spec:
              type: NodePort
              selector: {app: b}
              ipFamilyPolicy: RequireDualStack
              ports: [{port: {{Port}}, nodePort: {{NodePort}}, protocol: UDP}]
            """));
        var pods = Pods(daemon);
        var isFour = family == AddressFamily.InterNetwork;
        var (uplink, outside) = isFour ? (FakeHost.Uplink, FakeHost.Router) : (FakeHost.Uplink6, FakeHost.Router6);
        using Netns b = Netns.Open(pods["x/b"].Netns!), m = Netns.Open(pods["x/m"].Netns!);
        using var server = Open(b, Address(pods["x/b"], family), Port);
        using var program = Open(host.Netns.Netns, uplink, Port);
        using var client = Open(host.RouterNetns, outside, Remote);
        foreach (var (port, victim) in new[] { (NodePort, server), (Port, program) })
        {
            using var thief = Open(m, Address(pods["x/m"], family), port);
            thief.SendTo("mine"u8.ToArray(), new IPEndPoint(outside, Remote));
            EndPoint from = new IPEndPoint(isFour ? IPAddress.Any : IPAddress.IPv6Any, 0);
            var buffer = new byte[64];
            Assert.Equal("mine"u8.ToArray(), buffer[..client.ReceiveFrom(buffer, ref from)]);
            Assert.Equal(uplink, ((IPEndPoint)from).Address);
            Assert.InRange(((IPEndPoint)from).Port, 32_768, 65_535);
            client.SendTo("secret"u8.ToArray(), new IPEndPoint(uplink, port));
            Assert.Equal("secret"u8.ToArray(), Closed.Talk.Receive(victim));
            Assert.Equal(0, thief.Available);
            // An answer finds the pod all the same.
            client.SendTo("yours"u8.ToArray(), from);
            Assert.Equal("yours"u8.ToArray(), Closed.Talk.Receive(thief));
        }
        ThreadHome.AssertAllHome();
    }

    [Theory]
    [InlineData("nodes: {}", false)]
    [InlineData("nodes: {}", true)]
    [InlineData("networks: [0.0.0.0/0, \"::/0\"]", false)]
    [InlineData("networks: [0.0.0.0/0, \"::/0\"]", true)]
    public void A_tier_that_denies_the_node_denies_each_of_its_addresses(string peer, bool hasNodeObject)
    {
        using var host = new FakeHost();
        host.Ip("addr add 192.0.2.77/32 dev up0");
        host.Ip("addr add 2001:db8:2::77/128 dev up0 nodad");
        using var daemon = new DaemonProcess(host.Netns, "--node", "host");
        daemon.Apply("pods.yaml", Yaml.Pod("a") + (hasNodeObject ? $"---\n{Node}\n" : ""));
        var pod = Pods(daemon)["x/a"];
        using var a = Netns.Open(pod.Netns!);
        foreach (var family in AddressFamilies.All)
        {
            var isFour = family == AddressFamily.InterNetwork;
            string[] all = isFour ? ["10.244.0.1", "192.0.2.1", "192.0.2.77"]
                : ["fd00:10:244::1", "2001:db8:2::1", "2001:db8:2::77"];
            using var server = PodSocket.Open(host.Netns.Netns, isFour ? FakeHost.Uplink : FakeHost.Uplink6,
                SocketType.Dgram, ProtocolType.Udp);
            server.Bind(new IPEndPoint(isFour ? IPAddress.Any : IPAddress.IPv6Any, Port));
            daemon.Apply("policy.yaml", $$"""
                apiVersion: policy.networking.k8s.io/v1alpha2
                kind: ClusterNetworkPolicy
                metadata: {name: no-node}
                spec:
                  tier: Admin
                  priority: 5
                  subject: {namespaces: {} }
                  egress: [{name: deny, action: Deny, to: [{ {{peer}} }]}]
                """);
            using (var client = Open(a, Address(pod, family), 0))
            {
                var before = Dropped(host, "egress_tier");
                foreach (var address in all)
                    client.SendTo("no"u8.ToArray(), new IPEndPoint(IPAddress.Parse(address), Port));
                Assert.True(SpinWait.SpinUntil(
                    () => Dropped(host, "egress_tier") == before + all.Length, PodSocket.Patience));
                Assert.Equal(0, server.Available);
            }
            daemon.Delete(new ObjectReference("ClusterNetworkPolicy", "no-node"));
            using (var client = Open(a, Address(pod, family), 0))
            {
                client.EnableBroadcast = isFour;
                // No address of the node, but the node hears it where nothing drops it.
                var before = Dropped(host, "not_unicast");
                var everybody = isFour ? "192.0.2.255" : "2001:db8:2::";
                client.SendTo("no"u8.ToArray(), new IPEndPoint(IPAddress.Parse(everybody), Port));
                foreach (var address in all)
                {
                    client.SendTo("yes"u8.ToArray(), new IPEndPoint(IPAddress.Parse(address), Port));
                    Assert.Equal("yes"u8.ToArray(), Closed.Talk.Receive(server));
                }
                Assert.Equal(before + 1, Dropped(host, "not_unicast"));
            }
        }
        ThreadHome.AssertAllHome();
    }

    public static TheoryData<AddressFamily> Families => [.. AddressFamilies.All];

    private static int Bits(AddressFamily family) => family == AddressFamily.InterNetwork ? 32 : 128;

    private static Dictionary<string, PodEntry> Pods(DaemonProcess daemon) =>
        daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.ToDictionary(p => p.Name);

    private static IPAddress Address(PodEntry pod, AddressFamily family) =>
        IPAddress.Parse(family == AddressFamily.InterNetwork ? pod.IPv4! : pod.IPv6!);

    private static Socket Open(Netns netns, IPAddress address, int port)
    {
        var socket = PodSocket.Open(netns, address, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    /// <summary>The packets that were dropped for a reason, as the counter of its chain has them.</summary>
    private static int Dropped(FakeHost host, string reason)
    {
        var chain = host.Netns.Exec("nft", $"list chain inet dataplane drop_{reason}");
        var words = chain[(chain.IndexOf("packets ", StringComparison.Ordinal) + "packets ".Length)..];
        return int.Parse(words.AsSpan(0, words.IndexOf(' ')), CultureInfo.InvariantCulture);
    }
}
