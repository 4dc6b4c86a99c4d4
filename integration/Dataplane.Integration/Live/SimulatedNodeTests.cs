using System.Globalization;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Live;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;

namespace Dataplane.Integration.Live;

/// <summary>
/// A node whose pods the tables alone know: everything of them is in the tables, and nothing else is anywhere.
/// </summary>
public sealed class SimulatedNodeTests
{
    /// <summary>More than a bridge has room for.</summary>
    private const int Pods = 1_500;

    [Fact]
    public void Pods_are_elements_and_nothing_else()
    {
        using var lab = new LiveLab(kind: NodeKind.Simulated);
        var change = lab.Node.Apply(NumberedPods.Cluster(0, Pods));
        Assert.Equal(Pods, change.Attached.Count);
        Assert.True(lab.Node.IsSimulated);
        Assert.All(lab.Node.Pods, pod => Assert.Null(pod.NetnsName));
        Assert.Equal([lab.Name], NodeNames.Of(lab.Name));
        using (var netns = Netns.Open(lab.Name))
        using (var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns))
        {
            Assert.Equal(["lo", "dp0"], Links.Dump(route).Select(l => l.Name));
            Assert.DoesNotContain(Routes.Dump(route), r => r.Table == 244);
            Assert.DoesNotContain(Neighbours.Dump(route), n => n.Mac is { } mac && mac == lab.Node.Pods[0].Mac);
        }
        var identities = Identities(lab);
        Assert.Equal(Pods, identities.Count);
        Assert.All(lab.Node.Pods,
            pod => Assert.Equal((pod.PortIndex.Value, pod.Mac.ToString()), identities[pod.Pod.IPv4!.ToString()]));
        Assert.Empty(lab.Node.Repair());

        var less = lab.Node.Apply(NumberedPods.Cluster(1, Pods));
        Assert.Equal(["ns0/p0"], less.Detached);
        Assert.Equal(Pods - 1, Identities(lab).Count);
        var more = lab.Node.Apply(NumberedPods.Cluster(1, Pods + 1));
        Assert.Single(more.Attached);
        Assert.InRange(more.Elements, 1, 20);
    }

    [Fact]
    public void Pods_have_their_numbers_again_when_it_is_opened_again()
    {
        using var lab = new LiveLab(kind: NodeKind.Simulated);
        lab.Node.Apply(NumberedPods.Cluster(0, Pods));
        // From now on the lowest free number is not the next pod's.
        lab.Node.Apply(NumberedPods.Cluster(100, Pods + 50));
        var before = lab.Node.Pods.ToDictionary(p => p.Pod.Name, p => (p.Port, p.Mac));
        lab.Reopen();
        Assert.True(lab.Node.Adopted);
        lab.Node.Apply(NumberedPods.Cluster(90, Pods + 60));
        var now = lab.Node.Pods.ToDictionary(p => p.Pod.Name, p => (p.Port, p.Mac));
        Assert.All(before, pod => Assert.Equal(pod.Value, now[pod.Key]));
        Assert.Equal(now.Count, now.Values.Distinct().Count());
        Assert.Equal(now.Count, Identities(lab).Count);
        Assert.Empty(lab.Node.Repair());
    }

    [Fact]
    public void What_takes_packets_is_refused()
    {
        using var lab = new LiveLab(kind: NodeKind.Simulated);
        var cluster = NumberedPods.Cluster(0, 3);
        lab.Node.Apply(cluster);
        Assert.Contains("simulated", Assert.Throws<SimulatedNodeException>(() => lab.Node.Verify(
            [new Probe(FlowProtocol.Tcp, 80)], null, null, null, default)).Message, StringComparison.Ordinal);
        var flow = new Flow(cluster.Pods[0], cluster.Pods[1], new Probe(FlowProtocol.Tcp, 80),
            System.Net.Sockets.AddressFamily.InterNetwork);
        Assert.Contains("simulated",
            Assert.Throws<SimulatedNodeException>(() => lab.Node.Verify([flow], default)).Message,
            StringComparison.Ordinal);
        Assert.Contains("simulated", Assert.Throws<UntraceableException>(() => lab.Node.Trace(flow, default)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NodeKind.Private, NodeKind.Simulated, "not simulated")]
    [InlineData(NodeKind.Simulated, NodeKind.Private, "is simulated")]
    public void A_node_of_one_kind_is_not_opened_as_another(NodeKind made, NodeKind opened, string said)
    {
        using var lab = new LiveLab(kind: made);
        lab.Node.Apply(NumberedPods.Cluster(0, 2));
        lab.Close();
        var error = Assert.Throws<LinuxException>(() => LiveNode.Open(lab.Options with { Kind = opened }));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, lab.Reopen().Apply(NumberedPods.Cluster(0, 2)) is { } ? lab.Node.Pods.Count : 0);
    }

    /// <summary>Port and MAC address by address, as the kernel has them.</summary>
    private static Dictionary<string, (int Port, string Mac)> Identities(LiveLab lab) =>
        lab.Exec("nft", "list map bridge dataplane identity4").Split('\n')
        .SelectMany(line => line.Split(','))
        .Select(part => part.Replace("elements = {", "", StringComparison.Ordinal).Trim().Split(' '))
        .Where(words => words.Length > 4 && int.TryParse(words[0], out _))
        .ToDictionary(words => words[4], words => (int.Parse(words[0], CultureInfo.InvariantCulture), words[2]));
}
