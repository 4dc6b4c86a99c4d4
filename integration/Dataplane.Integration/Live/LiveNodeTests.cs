using System.Net.Sockets;
using Dataplane.Integration.Closed;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Live;

/// <summary>A node that outlives its process: what comes, what goes, what stays while it is closed.</summary>
public sealed class LiveNodeTests
{
    private static Lab Pods() => new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b");

    private static Lab Closed(Lab lab) =>
        lab.Policy("x/b", "app=b", ingress: [Rule.Of([Rule.Pods("app=a")], ["TCP 80", "UDP 80"])]);

    [Fact]
    public void A_node_closed_and_opened_again_has_lost_nothing()
    {
        using var lab = new LiveLab();
        Assert.False(lab.Node.Adopted);
        var first = lab.Node.Apply(Closed(Pods()).Cluster);
        Assert.Equal(["x/a", "x/b"], first.Attached);
        Talk[] talks = [..
            from family in AddressFamilies.All
            from protocol in new[] { ProtocolType.Tcp, ProtocolType.Udp }
            select lab.Talk("x/a", "x/b", protocol, 80, family)];
        foreach (var talk in talks) talk.BothWays();
        var pods = lab.Node.Pods.Select(p => (p.NetnsName, p.Port, p.PortIndex, p.Mac)).ToList();

        lab.Close();
        foreach (var talk in talks) talk.BothWays();
        Assert.True(lab.Node.Adopted);
        foreach (var talk in talks) talk.BothWays();
        var again = lab.Node.Apply(Closed(Pods()).Cluster);
        foreach (var talk in talks) talk.BothWays();

        Assert.Equal((0, 0, 0), (again.Attached.Count, again.Detached.Count, again.Cut.Count));
        Assert.Equal(pods, lab.Node.Pods.Select(p => (p.NetnsName, p.Port, p.PortIndex, p.Mac)));
        Assert.True(lab.Node.IsOwner);
    }

    [Fact]
    public void A_pod_that_goes_leaves_nothing_and_its_address_inherits_nothing()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods().Cluster);
        lab.Talk("x/a", "x/b", ProtocolType.Tcp, 80).BothWays();
        lab.Talk("x/a", "x/b", ProtocolType.Udp, 80, AddressFamily.InterNetworkV6).BothWays();
        var gone = lab.Pod("x/b");
        Assert.Contains(lab.Connections(), c => c.Original.Destination.Equals(gone.Pod.IPv4));
        Assert.Equal(["x/b"], lab.Node.Apply(new Lab().Namespace("x").Pod("x/a", "app=a").Cluster).Detached);

        Assert.DoesNotContain(gone.NetnsName, Netns.List());
        foreach (var address in new[] { gone.Pod.IPv4!.ToString(), gone.Pod.IPv6!.ToString() })
        {
            Assert.DoesNotContain(lab.Connections(),
                c => c.Original.Destination.ToString() == address || c.Original.Source.ToString() == address);
            foreach (var listing in new[]
            {
                "route show table all", "-6 route show table all", "neighbour", "-6 neighbour",
            })
            {
                Assert.DoesNotContain($"{address} ", lab.Exec("ip", listing), StringComparison.Ordinal);
            }
            Assert.DoesNotContain($"{address} ", lab.Exec("nft", "list ruleset"), StringComparison.Ordinal);
        }
        Assert.DoesNotContain(gone.Port, lab.Exec("ip", "link"), StringComparison.Ordinal);
        Assert.DoesNotContain(gone.Mac.ToString(), lab.Exec("bridge", "fdb"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_changes_hands_in_one_change_takes_no_connection_along()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods().Cluster);
        using var old = lab.Talk("x/a", "x/b", ProtocolType.Tcp, 80);
        old.BothWays();
        var change = lab.Node.Apply(new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/c", "app=c").Cluster);
        Assert.Equal(["x/c"], change.Attached);
        Assert.Equal(["x/b"], change.Detached);
        Assert.Empty(lab.Connections());
        lab.Talk("x/a", "x/c", ProtocolType.Tcp, 80).BothWays();
        lab.Talk("x/c", "x/a", ProtocolType.Udp, 81, AddressFamily.InterNetworkV6).BothWays();
    }

    [Fact]
    public void What_cannot_be_cleaned_up_is_no_refusal_and_is_tried_again()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods().Cluster);
        lab.Talk("x/a", "x/b", ProtocolType.Udp, 80).BothWays();
        var name = lab.Pod("x/b").NetnsName!;
        Netns.Delete(name);
        var inTheWay = Directory.CreateDirectory($"/run/netns/{name}");
        var next = new Lab().Namespace("x").Pod("x/a", "app=a").Cluster;
        try
        {
            var change = lab.Node.Apply(next);
            Assert.Contains(name, change.Unfinished, StringComparison.Ordinal);
            Assert.Same(next, lab.Node.Enforced);
        }
        finally
        {
            inTheWay.Delete();
        }
        Assert.Null(lab.Node.Apply(next).Unfinished);
        Assert.Equal(["x/a"], lab.Node.Pods.Select(p => p.Pod.Name));
        Assert.Empty(lab.Connections());
    }

    [Fact]
    public void What_others_put_into_the_tables_while_nobody_owned_them_goes()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Closed(Pods()).Cluster);
        lab.Close();
        var before = lab.Exec("nft", "-s list ruleset");
        // The first is what a trace that was killed leaves.
        lab.Exec("nft", "add chain inet dataplane trace { type filter hook output priority -460 ; }");
        lab.Exec("nft", "add rule inet dataplane trace meta nftrace set 1");
        lab.Exec("nft", "add chain bridge dataplane other { type filter hook prerouting priority -310 ; }");
        lab.Node.Apply(Closed(Pods()).Cluster);
        var after = lab.Exec("nft", "-s list ruleset");
        Assert.DoesNotContain("chain trace", after, StringComparison.Ordinal);
        Assert.DoesNotContain("chain other", after, StringComparison.Ordinal);
        Assert.Equal(before.Count(c => c == '{'), after.Count(c => c == '{'));
    }

    [Fact]
    public void A_port_that_was_lost_while_nobody_watched_leaves_no_connection_to_its_addresses_next_owner()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods().Cluster);
        lab.Talk("x/a", "x/b", ProtocolType.Udp, 80).BothWays();
        var port = lab.Pod("x/b").Port;
        lab.Close();
        lab.Exec("ip", $"link delete {port}");
        lab.Node.Apply(new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/c", "app=c").Cluster);
        Assert.Empty(lab.Connections());
    }

    [Fact]
    public void An_epoch_that_the_tables_took_with_them_is_not_counted_again()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods().Cluster);
        lab.Talk("x/a", "x/b", ProtocolType.Udp, 80).BothWays();
        var mark = Assert.Single(lab.Connections()).Mark;
        lab.Close();
        lab.Exec("nft", "flush ruleset");
        lab.Node.Apply(Pods().Cluster);
        Assert.DoesNotContain($"0x{mark:x8}", lab.Epoch(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_one_has_it_open()
    {
        using var lab = new LiveLab();
        _ = lab.Node;
        Assert.Throws<NodeBusyException>(() => LiveNode.Open(lab.Options));
        Assert.Throws<NodeBusyException>(() => LiveNode.Destroy(lab.Name));
        lab.Reopen();
    }

    [Fact]
    public void Pods_that_swap_addresses_are_other_pods()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods().Cluster);
        lab.Talk("x/a", "x/b", ProtocolType.Tcp, 80).BothWays();
        var change = lab.Node.Apply(new Lab().Namespace("x").Pod("x/b", "app=b").Pod("x/a", "app=a").Cluster);
        Assert.Equal(["x/a", "x/b"], change.Attached);
        Assert.Equal(["x/a", "x/b"], change.Detached);
        Assert.Empty(lab.Connections());
        Assert.Empty(lab.Node.Repair());
        lab.Talk("x/a", "x/b", ProtocolType.Tcp, 80).BothWays();
        AssertVerified(lab);
    }

    [Fact]
    public void A_port_that_was_lost_meanwhile_comes_back_into_the_pods_namespace()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Closed(Pods()).Cluster);
        InNetns.Exec(lab.Pod("x/a").NetnsName!, "ip", "link add mark0 type veth peer name mark1");
        lab.Close();
        lab.Exec("ip", "link delete pod1");
        Assert.Equal(["x/a"], lab.Node.Apply(Closed(Pods()).Cluster).Attached);
        InNetns.Exec(lab.Pod("x/a").NetnsName!, "ip", "link show mark0");
        Assert.Empty(lab.Node.Repair());
        lab.Talk("x/a", "x/b", ProtocolType.Udp, 80).BothWays();
        AssertVerified(lab);
    }

    [Fact]
    public void Tables_of_another_shape_are_replaced()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Closed(Pods()).Cluster);
        lab.Close();
        lab.Exec("nft", "delete table inet dataplane");
        lab.Exec("nft", "add table inet dataplane");
        lab.Exec("nft", "add set inet dataplane egress_isolated \"{ type ipv4_addr; }\"");
        lab.Node.Apply(Closed(Pods()).Cluster);
        Assert.Empty(lab.Node.Repair());
        AssertVerified(lab);
    }

    [Fact]
    public void A_verification_leaves_other_connections_alone()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods().Cluster);
        Talk[] talks = [lab.Talk("x/a", "x/b", ProtocolType.Tcp, 80),
            lab.Talk("x/b", "x/a", ProtocolType.Udp, 80, AddressFamily.InterNetworkV6)];
        foreach (var talk in talks) talk.BothWays();
        var before = lab.Connections().Select(c => (c.Original, c.Id)).ToHashSet();
        AssertVerified(lab);
        Assert.Equal(before, lab.Connections().Select(c => (c.Original, c.Id)).ToHashSet());
        foreach (var talk in talks) talk.BothWays();
    }

    [Fact]
    public void Names_of_a_dead_runs_pods_are_known_as_such()
    {
        // No process has begun at the first tick.
        Assert.True(RunName.IsDead($"dataplane-{Environment.ProcessId}-0-1_x_a"));
        Assert.False(RunName.IsDead($"{RunName.Next()}_x_a"));
        Assert.False(RunName.IsDead("dataplane_x_a"));
    }

    private static void AssertVerified(LiveLab lab)
    {
        var report = lab.Node.Verify([new Probe(FlowProtocol.Tcp, 80), new Probe(FlowProtocol.Icmp, 0)], null, null,
            null, default);
        Assert.Null(report.ControlFailure);
        Assert.Equal(report.Flows.Count, report.Agree);
    }
}
