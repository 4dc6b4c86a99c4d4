using System.Net.Sockets;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Netlink;
using Dataplane.Node.Observation;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;

namespace Dataplane.Integration.Observation;

/// <summary>One packet is followed through the rules, its end is witnessed, and nothing of the trace is left.</summary>
public sealed class TraceTests
{
    public static TheoryData<string, string, string, AddressFamily, bool> Flows => new(
        from family in AddressFamilies.All
        from flow in new[]
        {
            ("x/a", "x/b", "TCP:80", true), ("x/a", "x/b", "UDP:80", true), ("x/a", "x/c", "SCTP:80", false),
            ("x/c", "x/b", "TCP:80", false),
            ("x/c", "x/a", "ICMP", true), ("x/c", "x/b", "ICMP", false), ("node", "x/b", "TCP:9", true),
            ("x/a", "node", "UDP:9", true), ("x/c", "x/c", "TCP:80", true),
        }
        select new TheoryDataRow<string, string, string, AddressFamily, bool>(flow.Item1, flow.Item2, flow.Item3,
            family, flow.Item4));

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_packet_is_followed_to_its_end(string from, string to, string probe, AddressFamily family,
        bool allowed)
    {
        var lab = WatchedNode.TwoPods();
        using var node = new WatchedNode(lab.Cluster);
        var before = Listing(node);
        var trace = Tracer(node).Trace(lab.Flow(from, to, probe, family), TestContext.Current.CancellationToken);
        var text = string.Join('\n', trace.Steps.Select(s => $"{s.Time.TotalMicroseconds,8:0} {s.Where,-24} {s.What}"));
        TestContext.Current.TestOutputHelper!.WriteLine(text);
        Assert.True((allowed ? Measured.Allowed : Measured.Denied) == trace.Measured, text);
        Assert.Equal(allowed ? Evidence.Captured : Evidence.DropLog, trace.Evidence);
        Assert.Equal(trace.Steps.Select(s => s.Time).Order(), trace.Steps.Select(s => s.Time));
        // Every rule is known by its text, and the kernel's own last word is there.
        Assert.DoesNotContain(trace.Steps, s => s.What.StartsWith("rule ", StringComparison.Ordinal));
        Assert.Contains(trace.Steps,
            s => s.Where.StartsWith(from == "node" ? "inet output" : "bridge prerouting", StringComparison.Ordinal));
        if (!allowed) Assert.EndsWith(" drop", trace.Steps[^2].What, StringComparison.Ordinal);
        Assert.Equal(before, Listing(node));
        using var conntrack = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node.Session.Node.Netns);
        Assert.Empty(ConntrackTable.Dump(conntrack));
    }

    [Fact]
    public void A_denied_packet_names_the_policy_that_denied_it()
    {
        var lab = WatchedNode.TwoPods();
        using var node = new WatchedNode(lab.Cluster);
        var tracer = Tracer(node);
        Assert.Equal("denied (egress): policy x/a-out test.yaml:5",
            tracer.Trace(lab.Flow("x/a", "x/c"), default).Steps[^1].What);
        Assert.Equal("denied (ingress): policy x/b-in test.yaml:6",
            tracer.Trace(lab.Flow("x/c", "x/b"), default).Steps[^1].What);
        var allowed = tracer.Trace(lab.Flow("x/a", "x/b"), default).Steps;
        Assert.Contains(allowed,
            s => s.Where == "inet egress_lookup" && s.What.Contains("  (x/a-out ", StringComparison.Ordinal));
        Assert.Contains(allowed,
            s => s.Where == "inet ingress_lookup" && s.What.Contains("  (x/b-in ", StringComparison.Ordinal));
        // No program listens at x/b: its kernel answers with a reset.
        Assert.Equal(("x/b eth0", "arrived; answered with RST"), (allowed[^1].Where, allowed[^1].What));
    }

    [Fact]
    public void A_trace_that_is_given_up_leaves_no_chain()
    {
        var lab = WatchedNode.TwoPods();
        using var node = new WatchedNode(lab.Cluster);
        var before = Listing(node);
        using var gone = new CancellationTokenSource();
        gone.Cancel();
        Assert.Throws<OperationCanceledException>(() => Tracer(node).Trace(lab.Flow("x/a", "x/b"), gone.Token));
        Assert.Equal(before, Listing(node));
    }

    [Fact]
    public async Task Other_packets_are_not_traced()
    {
        var lab = WatchedNode.TwoPods();
        using var node = new WatchedNode(lab.Cluster);
        using var stop = new CancellationTokenSource();
        var talk = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) node.Send("x/a", "x/b", 80);
        }, TestContext.Current.CancellationToken);
        var trace = Tracer(node).Trace(lab.Flow("x/a", "x/b", "UDP:80"), default);
        await stop.CancelAsync();
        await talk;
        Assert.Single(trace.Steps, s => s.Where == "bridge prerouting");
    }

    [Fact]
    public void What_is_not_attached_cannot_be_traced()
    {
        var lab = WatchedNode.TwoPods();
        using var node = new WatchedNode(lab.Cluster);
        Assert.Throws<UntraceableException>(() => Tracer(node).Trace(lab.Flow("192.0.2.1", "x/b"), default));
    }

    private static PacketTracer Tracer(WatchedNode node) =>
        new(node.Session.Node, node.Session.Programmer, node.Drops, node.Cluster, new ProbeTraffic());

    /// <summary>Without the counters, which count.</summary>
    private static string Listing(WatchedNode node) =>
        InNetns.Exec(node.Session.Node.Netns.Name!, "nft", "--stateless list ruleset");
}
