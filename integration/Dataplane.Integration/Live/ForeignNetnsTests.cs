using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Live;

/// <summary>Pods in foreign namespaces.</summary>
public sealed class ForeignNetnsTests
{
    [Fact]
    public void One_that_is_there_becomes_a_pod_and_stays_when_the_pod_goes()
    {
        using var foreign = TestNetns.Create();
        foreign.Exec("ip", "link add other0 type veth peer name other1");
        using var lab = new LiveLab();
        lab.Node.Apply(With(foreign.Name).Cluster);
        Assert.Equal(foreign.Name, lab.Pod("x/b").NetnsName);
        var talk = lab.Talk("x/a", "x/b", ProtocolType.Tcp, 80);
        talk.BothWays();
        Assert.Empty(lab.Node.Repair());
        Assert.Empty(lab.Reopen().Apply(With(foreign.Name).Cluster).Attached);
        talk.BothWays();
        Assert.Empty(lab.Node.Repair());
        lab.Node.Apply(new Lab().Namespace("x").Pod("x/a").Cluster);
        Assert.Contains(foreign.Name, Netns.List());
        var links = foreign.Exec("ip", "link");
        Assert.Contains("other0", links, StringComparison.Ordinal);
        Assert.DoesNotContain("eth0", links, StringComparison.Ordinal);
    }

    /// <summary>As Docker makes one.</summary>
    [Fact]
    public void One_without_IPv6_gets_it()
    {
        using var foreign = TestNetns.Create();
        foreign.Exec("sysctl", "-q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1");
        using var lab = new LiveLab();
        lab.Node.Apply(With(foreign.Name).Cluster);
        Assert.Contains($" {lab.Pod("x/b").Pod.IPv6}/128 ", foreign.Exec("ip", "-6 address show dev eth0"),
            StringComparison.Ordinal);
        Assert.Empty(lab.Node.Repair());
    }

    /// <summary>The kernel deletes the interface later: its name is free, and no packet passes, at once.</summary>
    [Fact]
    public void One_has_room_for_the_next_pod_as_soon_as_the_last_has_gone()
    {
        using var foreign = TestNetns.Create();
        using var lab = new LiveLab();
        var without = new Lab().Namespace("x").Pod("x/a").Cluster;
        for (var round = 0; round < 50; round++)
        {
            lab.Node.Apply(With(foreign.Name).Cluster);
            Assert.Null(lab.Node.Apply(without).Unfinished);
        }
        lab.Node.Apply(With(foreign.Name).Cluster);
        lab.Talk("x/a", "x/b", ProtocolType.Tcp, 80).BothWays();
        Assert.Empty(lab.Node.Repair());
        lab.Node.Apply(without);
        Assert.True(SpinWait.SpinUntil(
            () => foreign.Exec("ip", "-o link").Trim().Split('\n').Length == 1, PodSocket.Patience));
    }

    [Fact]
    public void One_that_has_an_eth0_is_refused_and_everything_is_as_it_was()
    {
        using var foreign = TestNetns.Create();
        foreign.Exec("ip", "link add eth0 type veth peer name other1");
        using var lab = new LiveLab();
        lab.Node.Apply(new Lab().Namespace("x").Pod("x/a").Pod("x/c").Cluster);
        var talk = lab.Talk("x/a", "x/c", ProtocolType.Tcp, 80);
        talk.BothWays();
        var (links, rules, names) = (lab.Exec("ip", "-br link"), lab.Exec("nft", "-s list ruleset"), Names(lab));
        // x/c goes in the same change, and x/b would get its address.
        var refused = Assert.Throws<LinuxException>(() => lab.Node.Apply(With(foreign.Name).Cluster));
        Assert.Contains("eth0 already", refused.Message, StringComparison.Ordinal);
        Assert.Equal((links, rules, names),
            (lab.Exec("ip", "-br link"), lab.Exec("nft", "-s list ruleset"), Names(lab)));
        Assert.Empty(lab.Node.Repair());
        talk.BothWays();
        Assert.Equal(["x/a", "x/c"], lab.Node.Pods.Select(p => p.Pod.Name));
    }

    [Fact]
    public void A_name_that_means_nothing_is_refused()
    {
        using var lab = new LiveLab();
        Assert.Equal(Errno.ENOENT,
            Assert.Throws<LinuxException>(() => lab.Node.Apply(With($"{lab.Name}-none").Cluster)).ErrorNumber);
        Assert.Empty(lab.Node.Pods);
        Assert.Equal(["x/a"], lab.Node.Apply(new Lab().Namespace("x").Pod("x/a").Cluster).Attached);
    }

    /// <summary>A pod there would have the node's routes, or those of the machine, as its own.</summary>
    [Theory]
    [InlineData("", "it is the network of a node")]
    [InlineData("_x_a", "names that begin with")]
    [InlineData("_mine", "names that begin with")]
    [InlineData("-link", "it is this machine's own network")]
    public void The_network_of_a_node_or_of_the_machine_is_no_pods(string suffix, string words)
    {
        using var lab = new LiveLab();
        lab.Node.Apply(new Lab().Namespace("x").Pod("x/a").Cluster);
        var name = lab.Name + suffix;
        using var mine = suffix == "_mine" ? Netns.Create(name) : null;
        if (suffix == "-link") File.CreateSymbolicLink($"/run/netns/{name}", $"/proc/{Environment.ProcessId}/ns/net");
        try
        {
            var before = (lab.Exec("ip", "-br link"), InNetns.Exec($"{lab.Name}_x_a", "ip", "-br link"));
            var refused = Assert.Throws<LinuxException>(() => lab.Node.Apply(With(name).Cluster));
            Assert.Contains(words, refused.Message, StringComparison.Ordinal);
            Assert.Equal(before, (lab.Exec("ip", "-br link"), InNetns.Exec($"{lab.Name}_x_a", "ip", "-br link")));
            Assert.Equal(["x/a"], lab.Node.Pods.Select(p => p.Pod.Name));
        }
        finally
        {
            if (suffix == "-link") File.Delete($"/run/netns/{name}");
            if (mine is not null) Netns.Delete(name);
        }
    }

    private static string Names(LiveLab lab) => string.Join(' ', NodeNames.Of(lab.Name));

    private static Foreign With(string netns) => new(netns);

    /// <summary>x/a, and x/b in the namespace of that name.</summary>
    private sealed class Foreign(string netns)
    {
        public Cluster Cluster
        {
            get
            {
                var cluster = new Lab().Namespace("x").Pod("x/a").Pod("x/b").Cluster;
                var pod = cluster.Pods[1];
                return cluster with { Pods = [cluster.Pods[0], pod with { Pod = pod.Pod with { NetnsName = netns } }] };
            }
        }
    }
}
