using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Programming;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Closed;

/// <summary>
/// Without elements and without tables nothing reaches a pod or comes out of one: seen by capture, after the same
/// packets had passed.
/// </summary>
public sealed class ClosedTests
{
    private static readonly Probe[] AllProbes =
        [new(FlowProtocol.Tcp, 80), new(FlowProtocol.Udp, 53), new(FlowProtocol.Sctp, 132), new(FlowProtocol.Icmp, 0)];

    private static Lab Pods() => new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b");

    [Fact]
    public void A_pod_is_closed_before_it_is_programmed_and_after()
    {
        var (before, after) = (Pods().Cluster, Pods().Pod("x/late").Cluster);
        // The late pod of one cluster; the other two are the same in both as far as the node is concerned.
        var late = after.Pods[2];
        var all = before with { Pods = [.. before.Pods, late] };
        using var node = PrivateNode.Create(NodeOptions.Default);
        using var programmer = new RulesetProgrammer(node);
        node.AttachPods(before.Pods);
        programmer.Program(before);
        using var watch = new WireWatch(node, before.Node);
        watch.Add(node.AttachPods([late])[0]);
        var flows = FlowsOf(all, late).ToList();

        var first = watch.Prepare(flows);
        Assert.Empty(watch.Delivered(first));
        programmer.Program(all);
        var second = watch.Prepare(flows);
        Assert.Equal(string.Join(",", Names(flows).Order(StringComparer.Ordinal)),
            string.Join(",", watch.Delivered(second)));
        programmer.Program(before);
        Assert.Empty(watch.Delivered(watch.Prepare(flows)));
        // The connections that existed are no way around.
        Assert.Empty(watch.Delivered(second));
        ThreadHome.AssertAllHome();
    }

    [Theory]
    [InlineData("flush ruleset", false)]
    [InlineData("delete table inet dataplane", false)]
    [InlineData("flush table inet dataplane", false)]
    [InlineData("delete table bridge dataplane", true)]
    [InlineData("flush table bridge dataplane", true)]
    public void Without_tables_or_with_half_of_them_nothing_opens(string command, bool judges)
    {
        var cluster = Pods().Policy("x/closed", "app=b", ingress: []).Cluster;
        using var session = NodeSession.Open(cluster, NodeOptions.Default, [], owned: false);
        Assert.False(session.Programmer.IsOwner);
        Assert.Single(session.Warnings);
        using var watch = new WireWatch(session.Node, cluster.Node);
        var flows = FlowsOf(cluster, cluster.Pods[0]).Union(FlowsOf(cluster, cluster.Pods[1])).ToList();
        var allowed = flows.Where(f => Oracle.Evaluate(cluster, f).Allowed).ToList();
        Assert.True(allowed.Count < flows.Count);
        var shots = watch.Prepare(flows);
        Assert.Equal(Names(allowed), watch.Delivered(shots));

        InNetns.Exec(session.Node.Netns.Name!, "nft", command);
        // Where the inet table is whole it judges what needs no identity as ever; nothing comes out of a pod.
        var open = judges ? Names(allowed.Where(f => f.From is not PodEndpoint)) : [];
        Assert.Equal(open, watch.Delivered(watch.Prepare(flows)));
        Assert.Equal(open, watch.Delivered(shots));
        ThreadHome.AssertAllHome();
    }

    /// <summary>Everything to and from a pod: another pod, outside, the node.</summary>
    private static IEnumerable<Flow> FlowsOf(Cluster cluster, PodEndpoint pod) =>
        from family in AddressFamilies.All
        from probe in AllProbes
        from other in new Endpoint[] { cluster.Pods.First(p => p != pod),
            family == AddressFamily.InterNetwork ? WireWatch.External4 : WireWatch.External6, cluster.Node }
        from flow in new[] { new Flow(pod, other, probe, family), new Flow(other, pod, probe, family) }
        select flow;

    private static HashSet<string> Names(IEnumerable<Flow> flows) => [.. flows.Select(f => new Shot(f, default).Name)];
}
