using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Observation;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Programming;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;
using Dataplane.Rules.Shape;

namespace Dataplane.Integration.Observation;

/// <summary>What pods send appears in the flow log, with the right names and the policy that decided.</summary>
public sealed class FlowLogTests
{
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Allowed_and_denied_flows_are_told_with_names_and_policies(AddressFamily family)
    {
        using var node = new WatchedNode(WatchedNode.TwoPods().Cluster);
        var allowed = node.Send("x/a", "x/b", 80, family);
        var denied = node.Send("x/a", "x/c", 53, family);
        node.Send("x/c", "x/b", 80, family);

        var text = family.Text();
        var passed = node.Await(f => f is { Verdict: FlowVerdict.Allowed, To: "x/b" });
        Assert.Equal(("x/a", "UDP", allowed, 80, text, null, 1L), (passed.From, passed.Protocol, passed.SourcePort,
            passed.Port, passed.Family, passed.Decision, passed.Count));
        // Lab: three pods and a namespace stand on the first four lines of test.yaml, x/a-out on the fifth, x/b-in on
        // the sixth.
        var egress = node.Await(f => f is { Verdict: FlowVerdict.Denied, From: "x/a" });
        Assert.Equal(("x/c", "UDP", denied, 53, text, "egress"),
            (egress.To, egress.Protocol, egress.SourcePort, egress.Port, egress.Family, egress.Reason));
        Assert.Equal(new FlowDecision("egress", "x/a-out", "test.yaml", 5), egress.Decision);
        var ingress = node.Await(f => f is { Verdict: FlowVerdict.Denied, From: "x/c" });
        Assert.Equal(new FlowDecision("ingress", "x/b-in", "test.yaml", 6), ingress.Decision);
        Assert.DoesNotContain(node.Flows.Last(100), f => f is { Verdict: FlowVerdict.Allowed, From: not "x/a" });
    }

    [Fact]
    public void A_forged_address_is_told_as_the_pod_that_sent_it()
    {
        using var node = new WatchedNode(WatchedNode.TwoPods().Cluster);
        var victim = node.Pod("x/b").IPv4!;
        // A second address in x/c, that of x/b, and a program that uses it.
        using (var route = Dataplane.Linux.Netlink.NetlinkSocket.Open(Dataplane.Linux.Netlink.NetlinkProtocol.Route,
            node.Session.Node.Attachments.Single(a => a.Endpoint == node.Pod("x/c")).Netns))
        {
            route.Commit("a forged address", batch =>
                Dataplane.Linux.Rtnetlink.Addresses.Add(batch, new(2), victim, 32));
        }
        using var socket = PodSocket.Open(node.Session, node.Pod("x/c"), AddressFamily.InterNetwork, SocketType.Dgram,
            ProtocolType.Udp);
        socket.Bind(new IPEndPoint(victim, 0));
        socket.SendTo("x"u8, new IPEndPoint(node.Pod("x/a").IPv4!, 80));
        var forged = node.Await(f => f.Verdict == FlowVerdict.Denied);
        Assert.Equal(("x/c", "x/a", "spoof", null), (forged.From, forged.To, forged.Reason, forged.Decision));
    }

    [Fact]
    public void The_counts_of_a_flood_add_up()
    {
        const int Sent = 20_000;
        using var node = new WatchedNode(WatchedNode.TwoPods().Cluster);
        node.Send("x/a", "x/c", 9, times: Sent);
        AssertAllTold(node, Sent);
    }

    [Fact]
    public void What_the_kernel_had_no_room_for_is_told_as_lost()
    {
        const int Sent = 60_000;
        using var node = new WatchedNode(WatchedNode.TwoPods().Cluster);
        // A sink that breaks its promise stands for a reading thread that gets no CPU.
        using var resume = new ManualResetEventSlim();
        using (node.Drops.Subscribe(_ => resume.Wait()))
        {
            node.Send("x/a", "x/c", 9, times: Sent);
            resume.Set();
        }
        AssertAllTold(node, Sent);
        Assert.True(node.Drops.Overruns > 0, "the buffer never overflowed: send more");
        Assert.Contains(node.Flows.Last(int.MaxValue), f => f is { Verdict: FlowVerdict.Lost, Reason: "drop log" });
    }

    [Fact]
    public void What_is_over_the_limit_is_told_as_lost()
    {
        const int Sent = 5_000;
        var cluster = WatchedNode.TwoPods().Cluster;
        using var node = PrivateNode.Create(NodeOptions.Default);
        node.AttachPods(cluster.Pods);
        using var programmer = new RulesetProgrammer(node, NodeShape.Default with { LoggedDropsPerSecond = 10 });
        programmer.Program(cluster);
        using var drops = DropLog.Open(node.Netns);
        using var flows = new FlowLog(
            node.Netns, drops, new FlowScene(cluster, () => new Dictionary<InterfaceIndex, string>()));
        using (var socket = PodSocket.Open(node, cluster.Pods[0], AddressFamily.InterNetwork, SocketType.Dgram,
            ProtocolType.Udp))
        {
            for (var i = 0; i < Sent; i++) socket.SendTo("x"u8, new IPEndPoint(cluster.Pods[2].IPv4!, 9));
        }
        SpinWait.SpinUntil(() => Told(FlowVerdict.Denied) + Told(FlowVerdict.Lost) >= Sent, PodSocket.Patience);
        Assert.Equal(Sent, Told(FlowVerdict.Denied) + Told(FlowVerdict.Lost));
        Assert.True(Told(FlowVerdict.Lost) > Sent / 2);
        Assert.All(flows.Last(int.MaxValue), f => Assert.True(
            f.Verdict == FlowVerdict.Denied || f.Reason == "egress: over the limit of the drop log", f.Reason));

        long Told(FlowVerdict verdict) => flows.Last(int.MaxValue).Where(f => f.Verdict == verdict).Sum(f => f.Count);
    }

    [Fact]
    public void Verification_and_the_flow_log_read_the_same_drop_log()
    {
        using var node = new WatchedNode(WatchedNode.TwoPods().Cluster);
        var report = node.Session.Probe([new Probe(FlowProtocol.Tcp, 80), new Probe(FlowProtocol.Udp, 9)],
            stop: TestContext.Current.CancellationToken);
        Assert.Null(report.ControlFailure);
        Assert.Equal(report.Flows.Count, report.Agree);
        Assert.Contains(report.Flows, f => f.Measured == Measured.Denied);
        node.Await(f => f is { Verdict: FlowVerdict.Denied, From: "x/a", To: "x/c" });
        // While pods talk, too.
        node.Send("x/a", "x/c", 53, times: 100);
        report = node.Session.Probe([new Probe(FlowProtocol.Tcp, 80)], stop: TestContext.Current.CancellationToken);
        Assert.Equal(report.Flows.Count, report.Agree);
    }

    [Fact]
    public void After_a_change_the_new_policies_are_named()
    {
        using var node = new WatchedNode(WatchedNode.TwoPods().Cluster);
        node.Send("x/c", "x/a", 7);
        node.Await(f => f is { Verdict: FlowVerdict.Allowed, From: "x/c", To: "x/a" });
        var closed = node.Cluster with
        {
            NetworkPolicies = WatchedNode.TwoPods().Policy("x/c-out", egress: []).Cluster.NetworkPolicies,
        };
        node.Session.Programmer.Program(closed);
        node.Flows.Use(new FlowScene(closed, () => new Dictionary<InterfaceIndex, string>()));
        node.Send("x/c", "x/a", 7);
        var denied = node.Await(f => f is { Verdict: FlowVerdict.Denied, From: "x/c", To: "x/a" });
        Assert.Equal("x/c-out", denied.Decision?.Policy);
    }

    [Fact]
    public async Task A_slow_reader_is_told_what_it_missed()
    {
        using var node = new WatchedNode(WatchedNode.TwoPods().Cluster);
        var stop = TestContext.Current.CancellationToken;
        using var slow = node.Flows.Subscribe(0, new FlowFilter(FlowVerdict.Denied), out _, capacity: 2);
        using var other = node.Flows.Subscribe(0, new FlowFilter(FlowVerdict.Denied, "x/a"), out _);
        for (var port = 1; port <= 20; port++) node.Send("x/a", "x/c", port);
        node.Await(f => f.Port == 20);
        var (seen, lost) = (0L, 0L);
        await foreach (var flow in slow.ReadAllAsync(stop))
        {
            if (flow.Verdict == FlowVerdict.Lost) lost += flow.Count;
            else seen += flow.Count;
            if (seen + lost == 20) break;
        }
        Assert.Equal((2, 18), (seen, lost));
        var all = 0;
        await foreach (var flow in other.ReadAllAsync(stop))
            if (flow is { From: "x/a", To: "x/c" } && ++all == 20) break;
    }

    /// <summary>One entry after the other shows whether any are missing before it, and is itself counted.</summary>
    private static void AssertAllTold(WatchedNode node, long sent)
    {
        SpinWait.SpinUntil(() =>
        {
            node.Send("x/c", "x/b", 9);
            sent++;
            return SpinWait.SpinUntil(() => Told() >= sent, 2 * FlowWindow.Length);
        }, PodSocket.Patience);
        Assert.Equal(sent, Told());

        long Told() => node.Flows.Last(int.MaxValue).Where(f => f.Verdict != FlowVerdict.Allowed).Sum(f => f.Count);
    }
}
