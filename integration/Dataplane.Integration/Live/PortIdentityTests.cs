using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Dataplane.Api;
using Dataplane.Integration.Attacks;
using Dataplane.Integration.Chaos;
using Dataplane.Integration.HostNode;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Policy.Model;

namespace Dataplane.Integration.Live;

/// <summary>
/// Whoever is privileged in the node's namespace gives another link the name of a pod's port, and all else that can be
/// seen of it. b may not talk to c, and takes the port of a, which may.
/// </summary>
public sealed class PortIdentityTests
{
    private static readonly string Manifests = string.Join("---\n", Yaml.Pod("a"), Yaml.Pod("b"), Yaml.Pod("c"), """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: from-a, namespace: x}
        spec:
          podSelector: {matchLabels: {app: c}}
          ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]
        """);

    public static TheoryData<bool, AddressFamily> Nodes =>
        new MatrixTheoryData<bool, AddressFamily>([false, true], [.. AddressFamilies.All]);

    /// <summary>While nobody watches, it is not that port; the next daemon finds it.</summary>
    [Theory]
    [MemberData(nameof(Nodes))]
    public void A_link_with_the_name_of_a_port_is_not_that_port(bool isHost, AddressFamily family)
    {
        using var host = isHost ? new FakeHost() : null;
        using var daemon = host is null ? new DaemonProcess() : new DaemonProcess(host.Netns, "--node", "host");
        daemon.Apply("pods.yaml", Manifests);
        var node = host?.Netns.Name ?? daemon.NodeName;
        var (a, b, c) = (Pod("a"), Pod("b"), Pod("c"));
        var (from, to) = (IPAddress.Parse(Of(a)), IPAddress.Parse(Of(c)));
        using var there = Netns.Open(c.Netns!);
        using var ear = RawIpReceiver.Open(there, family, IpProtocol.Udp);
        using (var own = Netns.Open(a.Netns!)) Send(own, "eth0", Datagram("own"));
        Assert.Equal("own", Heard(ear));

        daemon.Kill();
        Steal(node, a, b, index: 9_999);
        using (var thief = Netns.Open(b.Netns!))
        {
            var before = Refused(node);
            // The first ones may come before the bridge forwards what the new port takes in.
            Assert.True(SpinWait.SpinUntil(() =>
            {
                Send(thief, "stolen", Datagram("stolen"));
                return Refused(node) > before;
            }, PodSocket.Patience), "it is taken for the pod's port");
        }

        daemon.Start();
        Assert.DoesNotContain("stolen", InNetns.Exec(b.Netns!, "ip", "link"), StringComparison.Ordinal);
        a = Pod("a");
        using (var own = Netns.Open(a.Netns!)) Send(own, "eth0", Datagram("own again"));
        Assert.Equal("own again", Heard(ear));
        ThreadHome.AssertAllHome();

        PodEntry Pod(string name) =>
            daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.Single(p => p.Name == $"x/{name}");

        string Of(PodEntry pod) => family == AddressFamily.InterNetwork ? pod.IPv4! : pod.IPv6!;

        byte[] Datagram(string what) => Craft.Frame(NodeLayout.GatewayMac, MacAddress.Parse(a.Mac!),
            family == AddressFamily.InterNetwork ? EtherTypes.IPv4 : EtherTypes.IPv6,
            Craft.Ip(from, to, Craft.Udp, Craft.UdpTo(from, to, 4000, 53, Encoding.ASCII.GetBytes(what))));
    }

    /// <summary>With its index too, and an eth0 in the pod that leads elsewhere: the repair is not content.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_port_that_leads_to_another_pod_is_made_again(bool reopened)
    {
        using var lab = new LiveLab();
        lab.Node.Apply(NumberedPods.Cluster(0, 3));
        var (a, b) = (lab.Node.Pods[0], lab.Node.Pods[1]);
        var (first, second) = (Entry(a), Entry(b));
        if (reopened) lab.Close();
        Steal(lab.Name, first, second, a.PortIndex.Value);
        InNetns.Exec(first.Netns!, "ip",
            $"link add eth0 index 2 address {a.Mac} type veth peer name decoy netns {second.Netns}");
        if (reopened)
        {
            lab.Node.Apply(NumberedPods.Cluster(0, 3));
        }
        else
        {
            Assert.Contains($"port {a.Port} of {a.Pod.Name} another link of this name",
                lab.Node.Repair().Select(r => $"{r.What} {r.Found}"));
        }
        Assert.DoesNotContain("stolen", InNetns.Exec(second.Netns!, "ip", "link"), StringComparison.Ordinal);
        Assert.Empty(lab.Node.Repair());
        var report = lab.Node.Verify([new Probe(FlowProtocol.Tcp, 80)], null, null, null, default);
        Assert.Null(report.ControlFailure);
        Assert.Equal(report.Flows.Count, report.Agree);

        static PodEntry Entry(Node.Live.LivePod pod) =>
            new(pod.Pod.Name, null, null) { Netns = pod.NetnsName, Port = pod.Port, Mac = pod.Mac.ToString() };
    }

    /// <summary>The port of one pod is deleted, and its place taken by a link into another.</summary>
    private static void Steal(string node, PodEntry from, PodEntry by, int index)
    {
        string alias;
        using (var netns = Netns.Open(node))
        using (var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns))
            alias = Links.Dump(route).Single(l => l.Name == from.Port).Alias!;
        foreach (var arguments in new[]
        {
            $"link delete {from.Port}",
            $"link add {from.Port} index {index} type veth peer name stolen netns {by.Netns}",
            $"link set {from.Port} group 244 master dp0",
            $"link set {from.Port} type bridge_slave isolated on learning off flood off mcast_flood off "
                + "bcast_flood off",
            $"link set {from.Port} alias {alias} up",
        })
        {
            InNetns.Exec(node, "ip", arguments);
        }
        InNetns.Exec(by.Netns!, "ip", $"link set stolen address {from.Mac} up");
    }

    private static void Send(Netns netns, string name, byte[] frame)
    {
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        using var injector = PacketInjector.Open(netns, Links.Dump(route).Single(l => l.Name == name).Index);
        using var frames = new FrameBatch(1, 1514);
        frame.CopyTo(frames.Next());
        frames.Commit(frame.Length);
        injector.Send(frames);
    }

    private static string Heard(RawIpReceiver ear)
    {
        while (true)
        {
            if (ear.TryRead(out var packet)) return Encoding.ASCII.GetString(packet.Transport[8..]);
            Assert.True(ear.Wait(PodSocket.Patience), "nothing arrives");
        }
    }

    /// <summary>It has neither a guard nor, where there is none, the index of the port.</summary>
    private static long Refused(string node) => ((string[])["unguarded", "spoof"]).Sum(reason => long.Parse(
        InNetns.Exec(node, "nft", $"list chain bridge dataplane drop_{reason}").Split("packets ")[1].Split(' ')[0],
        CultureInfo.InvariantCulture));
}
