using Dataplane.Integration.Chaos;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Promises;

/// <summary>
/// Another process changes what is the daemon's, while a connection is open that must live and a pod tries what is
/// denied.
/// </summary>
public sealed class TamperTests : IDisposable
{
    private const string Node = "node";

    private readonly DaemonProcess _daemon = new();

    public void Dispose() => _daemon.Dispose();

    [Fact]
    public void What_an_owner_can_prevent_does_not_happen()
    {
        _daemon.Apply("steady.yaml", Steady.All);
        Assert.True(_daemon.Status().OwnsTables);
        using var talk = Talk.Between(_daemon, Steady.Client, Steady.Server);
        using var intruder = new Intruder(_daemon);
        foreach (var (command, isRefused) in new[]
        {
            ("flush ruleset", false), ("delete table inet dataplane", true), ("delete table bridge dataplane", true),
            ("flush table inet dataplane", true),
            ("flush chain inet dataplane ingress", true), ("flush set bridge dataplane identity4", true),
            ("flush set inet dataplane ingress_isolated4", true),
            ("add element inet dataplane egress_subject4 { 10.244.0.99 : 0x40000001 }", true),
            ("insert rule inet dataplane forward accept", true),
        })
        {
            var result = InNetns.Try(_daemon.NodeName, "nft", command);
            Assert.True(result.ExitCode != 0 == isRefused, $"{command}: {result.ExitCode} {result.Error}");
            talk.BothWays();
        }
        Leaks.AssertKernelIsCompiled(_daemon, "after all of it");
        intruder.AssertNothingArrived();
        Assert.Equal(0, _daemon.Status().RepairsTotal);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void The_rest_is_repaired_and_told_of()
    {
        _daemon.Apply("steady.yaml", Steady.All);
        using var talk = Talk.Between(_daemon, Steady.Client, Steady.Server);
        using var intruder = new Intruder(_daemon);
        var (client, server) = (Steady.Of(_daemon, Steady.Client), Steady.Of(_daemon, Steady.Server));
        foreach (var (where, command, what) in new[]
        {
            (Node, "ip link delete {port}", "port {port} of steady/server|eth0 of steady/server"),
            (Node, "ip link set {port} nomaster", "port {port} of steady/server"),
            (Node, "bridge link set dev {port} isolated off", "port {port} of steady/server"),
            (Node, "ip link set dp0 down", "bridge dp0"),
            (Node, "ip link delete dp0", "bridge dp0"),
            (Node, "ip address delete 10.244.0.1/32 dev dp0", "address 10.244.0.1 of dp0"),
            (Node, "ip address flush dev dp0", "address fd00:10:244::1 of dp0"),
            (Node, "ip route delete {ip} table 244", "route to {ip}/32 in table 244"),
            (Node, "ip route flush table 244", "route to {ip}/32 in table 244"),
            (Node, "ip route delete 10.244.0.0/16", "route to 10.244.0.0/16 in table 254"),
            (Node, "ip rule delete priority 100", "IPv4 routing rule 100"),
            (Node, "ip -6 rule delete priority 101", "IPv6 routing rule 101"),
            (Node, "ip rule add priority 50 lookup 244", "IPv4 routing rule 50"),
            (Node, "ip neighbour delete {ip} dev dp0", "neighbour {ip} of dp0"),
            (Node, "ip neighbour flush dev dp0 nud permanent", "neighbour {ip} of dp0"),
            (Node, "sysctl -w net.ipv4.ip_forward=0", "setting net/ipv4/ip_forward"),
            (Node, "sysctl -w net.ipv6.conf.all.forwarding=0", "setting net/ipv6/conf/all/forwarding"),
            (Node, "sysctl -w net.netfilter.nf_conntrack_tcp_loose=1", "setting net/netfilter/nf_conntrack_tcp_loose"),
            (Steady.Server, "ip address delete {ip}/32 dev eth0", "address {ip} of steady/server"),
            (Steady.Server, "ip route delete default", "route to 0.0.0.0/0 of steady/server"),
            (Steady.Server, "ip neighbour flush dev eth0 nud permanent", "neighbour 10.244.0.1 of steady/server"),
            (Steady.Server, "ip link set eth0 down", "eth0 of steady/server"),
            (Steady.Server, "ip link delete eth0", "port {port} of steady/server|eth0 of steady/server"),
        })
        {
            var (netns, text) = (where == Node ? _daemon.NodeName : server.Netns!, Fill(command));
            var since = DateTimeOffset.UtcNow;
            InNetns.Exec(netns, text.Split(' ', 2)[0], text.Split(' ', 2)[1]);
            // Said while it is so; heard at the latest when it is repaired.
            talk.OverTcp();
            // Of a pair of interfaces, one may be missed first: a look at all of them takes its time.
            Steady.Until(
                () => _daemon.Status().Repairs.Any(r => Fill(what).Split('|').Contains(r.What) && r.Time >= since),
                () => $"{text}: {Fill(what)} repaired; {_daemon.Said()}");
            talk.BothWays();
        }
        Netns.Delete(client.Netns!);
        Steady.Until(() => _daemon.Status().Repairs.Any(r => r.What == $"network namespace {client.Netns}"),
            () => $"its name is back; {_daemon.Said()}");
        talk.BothWays();
        intruder.AssertNothingArrived();
        Assert.Contains("repaired: bridge dp0, found missing", _daemon.Said(), StringComparison.Ordinal);
        Leaks.AssertKernelIsCompiled(_daemon, "after all of it");
        var verified = _daemon.Verify("TCP:80", "UDP:53");
        Assert.Null(verified.ControlFailure);
        Assert.All(verified.Flows, f => Assert.Equal(f.Expected ? "allowed" : "denied", f.Measured));
        ThreadHome.AssertAllHome();

        string Fill(string text) => text.Replace("{port}", server.Port, StringComparison.Ordinal)
            .Replace("{ip}", server.IPv4, StringComparison.Ordinal);
    }
}
