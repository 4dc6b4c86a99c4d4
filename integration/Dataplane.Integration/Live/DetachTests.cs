using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Live;

/// <summary>
/// Ports of detached pods are deleted a little later: they are out of service at once, and not taken for other ports.
/// </summary>
public sealed class DetachTests
{
    private static Lab Pods(params IEnumerable<int> numbers) =>
        numbers.Aggregate(new Lab().Namespace("x").Pod("x/stays"), (lab, number) => lab.Pod($"x/p{number}"));

    [Fact]
    public void A_port_is_out_of_service_at_once_and_its_number_is_free_only_when_it_has_gone()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods().Cluster);
        using var netns = Netns.Open(lab.Name);
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        for (var round = 0; round < 20; round++)
        {
            // Three are attached and three detached each time; an address belongs to another pod in the next round.
            lab.Node.Apply(Pods(Enumerable.Range(3 * round, 3)).Cluster);
            var ports = lab.Node.Pods.Select(p => p.Port).Append(NodePorts.StrangerNumber.Name).ToHashSet();
            Assert.All(Links.Dump(route).Where(l => l.Kind == "veth" && !ports.Contains(l.Name)),
                left => Assert.Equal((false, NodeLayout.DoomedGroup), (left.Up, left.Group)));
            Assert.Empty(lab.Node.Repair());
        }
        lab.Node.Apply(Pods().Cluster);
        lab.Close();
        // The stranger goes with the process, or a little later.
        Assert.True(SpinWait.SpinUntil(() => Links.Dump(route).Count(l => l.Kind == "veth") == 1, 10_000),
            string.Join(", ", Links.Dump(route).Select(l => l.Name)));
    }

    /// <summary>
    /// The process ended after it had taken the port down, and before it deleted it: no process knows any more that the
    /// pod was to be detached.
    /// </summary>
    [Fact]
    public void A_port_that_a_dead_process_was_about_to_delete_is_deleted_by_the_next()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods(1, 2).Cluster);
        var (port, staying) = (lab.Pod("x/p1").Port, lab.Pod("x/p2").Port);
        lab.Close();
        lab.Exec("ip", $"link set {port} down group {NodeLayout.DoomedGroup}");
        var change = lab.Reopen().Apply(Pods(1, 2).Cluster);
        Assert.Equal(["x/p1"], change.Attached);
        Assert.Equal(staying, lab.Pod("x/p2").Port);
        Assert.Empty(lab.Node.Repair());
    }

    /// <summary>lo cannot be deleted: as long as it is among the ports that go, none of them goes.</summary>
    [Fact]
    public void What_the_kernel_refuses_to_delete_is_told_tried_again_and_costs_nobody_else_anything()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods(1, 2).Cluster);
        var talk = lab.Talk("x/p1", "x/stays", ProtocolType.Tcp, 80);
        talk.BothWays();
        using var netns = Netns.Open(lab.Name);
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        var p1 = lab.Pod("x/p1").Pod.IPv4!;

        lab.Exec("ip", $"link set lo group {NodeLayout.DoomedGroup}");
        // The refusal comes behind the answer, or just before it.
        lab.Node.Apply(Pods(1).Cluster);
        lab.Node.AwaitDetached();
        Assert.Contains(lab.Connections(), c => c.Original.Source.Equals(p1));
        Assert.Contains("delete ports", lab.Node.Apply(Pods().Cluster).Unfinished);
        Assert.DoesNotContain(lab.Connections(), c => c.Original.Source.Equals(p1));

        lab.Exec("ip", "link set lo group 0");
        Assert.True(lab.Node.Check());
        lab.Node.AwaitDetached();
        Assert.DoesNotContain(Links.Dump(route), l => l.Group == NodeLayout.DoomedGroup);
        Assert.Null(lab.Node.Apply(Pods().Cluster).Unfinished);
        Assert.Empty(lab.Node.Repair());
    }
}
