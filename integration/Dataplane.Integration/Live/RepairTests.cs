using System.Diagnostics;
using System.Net.Sockets;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Live;

/// <summary>
/// Every change by another process is noticed, found, named and repaired, and afterwards nothing differs any more.
/// </summary>
public sealed class RepairTests
{
    private static Cluster Cluster() => new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b")
        .Policy("x/b", "app=b", ingress: [Rule.Of([Rule.Pods("app=a")], ["TCP 80"])]).Cluster;

    [Theory]
    [InlineData("ip", "link delete pod1", "port pod1 of x/a missing")]
    [InlineData("ip", "link set pod1 down", "port pod1 of x/a down")]
    [InlineData("ip", "link set pod1 nomaster", "port pod1 of x/a not on the bridge")]
    [InlineData("ip", "link set pod1 group 0", "port pod1 of x/a in link group 0")]
    [InlineData("bridge", "link set dev pod1 isolated off", "port pod1 of x/a other bridge port flags")]
    [InlineData("ip", "link delete pod0", "port pod0 of the negative control missing")]
    [InlineData("ip", "link set dp0 down", "bridge dp0 down")]
    [InlineData("ip", "link delete dp0", "bridge dp0 missing")]
    [InlineData("ip", "address delete 10.244.0.1/32 dev dp0", "address 10.244.0.1 of dp0 missing")]
    [InlineData("ip", "address add 10.244.0.2/32 dev dp0", "address 10.244.0.2 of dp0 there, and not ours")]
    [InlineData("ip", "route delete 10.244.0.2 table 244", "route to 10.244.0.2/32 in table 244 missing")]
    [InlineData("ip", "-6 route flush table 244", "route to fd00:10:244::2/128 in table 244 missing")]
    [InlineData("ip", "route add 10.99.0.0/16 dev dp0 table 244",
        "route to 10.99.0.0/16 in table 244 there, and not ours")]
    [InlineData("ip", "route delete 10.244.0.0/16", "route to 10.244.0.0/16 in table 254 missing")]
    [InlineData("ip", "neighbour delete 10.244.0.2 dev dp0", "neighbour 10.244.0.2 of dp0 missing")]
    [InlineData("ip", "-6 neighbour replace fd00:10:244::2 lladdr 02:00:00:00:00:99 dev dp0 nud permanent",
        "neighbour fd00:10:244::2 of dp0 02:00:00:00:00:99")]
    [InlineData("bridge", "fdb delete 02:00:01:00:00:01 dev pod1 master",
        "forwarding entry of port pod1 of x/a missing")]
    [InlineData("ip", "rule delete priority 100", "IPv4 routing rule 100 missing")]
    [InlineData("ip", "rule add priority 50 lookup 244", "IPv4 routing rule 50 there, and not ours")]
    [InlineData("sysctl", "-w net.ipv4.ip_forward=0", "setting net/ipv4/ip_forward 0")]
    [InlineData("sysctl", "-w net.ipv4.conf.dp0.send_redirects=1", "setting net/ipv4/conf/dp0/send_redirects 1")]
    public void Of_the_node(string program, string arguments, string found)
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Cluster());
        AssertNoticedAndMended(lab, found, () => lab.Exec(program, arguments));
    }

    [Theory]
    [InlineData("ip", "address delete 10.244.0.2/32 dev eth0", "address 10.244.0.2 of x/a missing")]
    [InlineData("ip", "route delete default", "route to 0.0.0.0/0 of x/a missing")]
    [InlineData("ip", "-6 neighbour delete fd00:10:244::1 dev eth0", "neighbour fd00:10:244::1 of x/a missing")]
    [InlineData("ip", "link set eth0 down", "eth0 of x/a down")]
    [InlineData("ip", "link set eth0 address 02:00:00:00:00:99", "eth0 of x/a MAC address 02:00:00:00:00:99")]
    [InlineData("ip", "link delete eth0", "port pod1 of x/a missing|eth0 of x/a missing")]
    public void Of_a_pod(string program, string arguments, string found)
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Cluster());
        AssertNoticedAndMended(lab, found, () => InNetns.Exec(lab.Pod("x/a").NetnsName!, program, arguments));
    }

    [Theory]
    [InlineData("sh", "-c \"sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip link set eth0 down\"")]
    [InlineData("sh", "-c \"ip link set eth0 down; ip link set eth0 name other\"")]
    [InlineData("sh", "-c \"ip link set eth0 down; ip link set eth0 address 02:00:00:00:00:99; "
        + "ip link add name eth0x type dummy; ip -6 neighbour add proxy fd00:10:244::1 dev eth0\"")]
    [InlineData("sh", "-c \"ip link set eth0 mtu 1000\"")]
    public void A_pod_that_cannot_be_mended_keeps_no_other_from_it(string program, string arguments)
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Cluster());
        InNetns.Exec(lab.Pod("x/a").NetnsName!, program, arguments);
        InNetns.Exec(lab.Pod("x/b").NetnsName!, "ip", "address delete 10.244.0.3/32 dev eth0");
        lab.Node.Repair();
        Assert.Contains("10.244.0.3/32", InNetns.Exec(lab.Pod("x/b").NetnsName!, "ip", "address show dev eth0"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flush ruleset", "ruleset table bridge dataplane missing")]
    [InlineData("delete table inet dataplane", "ruleset table inet dataplane missing")]
    [InlineData("flush chain inet dataplane ingress", "ruleset changed by another process")]
    [InlineData("add element inet dataplane egress_subject4 { 10.244.0.99 : 0x40000001 }",
        "ruleset changed by another process")]
    public void Of_tables_without_owner(string command, string found)
    {
        using var lab = new LiveLab(owned: false);
        lab.Node.Apply(Cluster());
        Assert.False(lab.Node.IsOwner);
        var talk = lab.Talk("x/a", "x/b", ProtocolType.Tcp, 80);
        AssertNoticedAndMended(lab, found, () => InNetns.Try(lab.Name, "nft", command));
        talk.BothWays();
    }

    [Fact]
    public void A_name_that_was_removed_comes_back_with_what_is_in_it()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Cluster());
        var talk = lab.Talk("x/a", "x/b", ProtocolType.Tcp, 80);
        Dataplane.Linux.Namespaces.Netns.Delete(lab.Pod("x/b").NetnsName!);
        AssertMended(lab, $"network namespace {lab.Pod("x/b").NetnsName} its name was missing");
        talk.BothWays();
        InNetns.Exec(lab.Pod("x/b").NetnsName!, "ip", "link show eth0");
    }

    [Fact]
    public void Only_the_pods_that_a_notice_points_at_are_looked_at()
    {
        const int many = 20;
        using var lab = new LiveLab();
        lab.Node.Apply(Pods(many));
        Assert.Empty(lab.Node.Repair());
        using (lab.Node.Watch(() => { }))
        {
            Assert.Empty(lab.Node.RepairSuspected());
            Look(lab, "address 10.244.0.2 of x/p0 missing", 1,
                () => InNetns.Exec(lab.Pod("x/p0").NetnsName!, "ip", "address delete 10.244.0.2/32 dev eth0"));
            // Notices come in order: with this one, those of the repair have come too.
            Look(lab, "neighbour 10.244.0.5 of dp0 missing", 1,
                () => lab.Exec("ip", "neighbour delete 10.244.0.5 dev dp0"));
            // The node's own points at no pod.
            Look(lab, "neighbour 10.244.0.5 of dp0 missing", 0,
                () => lab.Exec("ip", "neighbour delete 10.244.0.5 dev dp0"));
            Look(lab, "route to 10.244.0.6/32 in table 244 missing", 0,
                () => lab.Exec("ip", "route delete 10.244.0.6 table 244"));
            // A change of ours causes notices about the pods that it attaches.
            Look(lab, "neighbour 10.244.0.5 of dp0 missing", 2, () =>
            {
                lab.Node.Apply(Pods(many + 2));
                lab.Exec("ip", "neighbour delete 10.244.0.5 dev dp0");
            });
            Look(lab, "neighbour 10.244.0.5 of dp0 missing", 0, () =>
            {
                lab.Node.Apply(Pods(many));
                lab.Exec("ip", "neighbour delete 10.244.0.5 dev dp0");
            });
            Look(lab, $"port {lab.Pod("x/p7").Port} of x/p7 down", 1,
                () => lab.Exec("ip", $"link set {lab.Pod("x/p7").Port} down"));
        }
        Assert.Empty(lab.Node.Repair());
    }

    /// <summary>
    /// Tampers, repairs where it is suspected until it is found, and counts at how many pods each look looks.
    /// </summary>
    private static void Look(LiveLab lab, string found, int pods, Action tamper)
    {
        tamper();
        var started = Stopwatch.GetTimestamp();
        var repairs = new List<string>();
        while (!found.Split('|').Any(repairs.Contains))
        {
            Assert.True(Stopwatch.GetElapsedTime(started).TotalMilliseconds < PodSocket.Patience,
                $"not found: {found}; but {string.Join(", ", repairs)}");
            var before = lab.Node.PodsLookedAt;
            repairs.AddRange(lab.Node.RepairSuspected().Select(r => $"{r.What} {r.Found}"));
            Assert.InRange(lab.Node.PodsLookedAt - before, 0, pods);
            Thread.Yield();
        }
    }

    private static Cluster Pods(int count)
    {
        var lab = new Lab().Namespace("x");
        for (var i = 0; i < count; i++) lab = lab.Pod($"x/p{i}");
        return lab.Cluster;
    }

    /// <summary>A change is noticed, and repairing the suspected parts is enough.</summary>
    /// <param name="found">One of these, separated by |: of a pair of interfaces that goes, either end may be missed
    /// first.</param>
    private static void AssertNoticedAndMended(LiveLab lab, string found, Action tamper)
    {
        Assert.Empty(lab.Node.Repair());
        using var noticed = new ManualResetEventSlim();
        var repairs = new List<string>();
        using (lab.Node.Watch(noticed.Set))
        {
            Assert.Empty(lab.Node.RepairSuspected());
            noticed.Reset();
            tamper();
            while (!found.Split('|').Any(repairs.Contains))
            {
                Assert.True(noticed.Wait(PodSocket.Patience),
                    $"nobody noticed: {found}; but {string.Join(", ", repairs)}");
                noticed.Reset();
                repairs.AddRange(lab.Node.RepairSuspected().Select(r => $"{r.What} {r.Found}"));
            }
        }
        AssertWhole(lab);
    }

    private static void AssertMended(LiveLab lab, string found)
    {
        Assert.Contains(found, lab.Node.Repair().Select(r => $"{r.What} {r.Found}"));
        AssertWhole(lab);
    }

    private static void AssertWhole(LiveLab lab)
    {
        Assert.Empty(lab.Node.Repair());
        var report = lab.Node.Verify([new Probe(FlowProtocol.Tcp, 80), new Probe(FlowProtocol.Udp, 80)], null, null,
            null, default);
        Assert.Null(report.ControlFailure);
        Assert.Equal(report.Flows.Count, report.Agree);
    }
}
