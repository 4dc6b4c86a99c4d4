using System.Net;
using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Integration.Attacks;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
namespace Dataplane.Integration.HostNode;

/// <summary>A daemon whose node is the namespace that it runs in, beside others.</summary>
public sealed class HostNodeTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "dataplane");

    /// <summary>b takes TCP 80 alone, a is open.</summary>
    private static readonly string Manifests = string.Join("---\n", Yaml.Pod("a"), Yaml.Pod("b"), """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: only-80, namespace: x}
        spec:
          podSelector: {matchLabels: {app: b}}
          ingress: [{ports: [{port: 80}]}]
        """);

    /// <summary>Egress of a: to the router alone.</summary>
    private const string OnlyRouter = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: only-router, namespace: x}
        spec:
          podSelector: {matchLabels: {app: a}}
          policyTypes: [Egress]
          egress: [{to: [{ipBlock: {cidr: 192.0.2.9/32}}, {ipBlock: {cidr: 2001:db8:2::9/128}}]}]
        """;

    [Fact]
    public void Others_notice_nothing_and_afterwards_everything_is_as_it_was()
    {
        using var host = new FakeHost();
        var chatter = new Chatter(host.Talks());
        var before = host.Picture();
        using (var daemon = new DaemonProcess(host.Netns, "--node", "host"))
        {
            daemon.Apply("pods.yaml", Manifests);
            AssertEnforced(daemon);
            chatter.Hear();
            daemon.Kill();
            chatter.Hear();
            daemon.Start();
            Assert.True(daemon.Status().Adopted);
            AssertEnforced(daemon);
            chatter.Hear();
            Assert.Equal(0, daemon.Stop());
            host.Netns.Exec(Program, $"cleanup --node-host --node {daemon.NodeName}");
            Assert.Empty(NodeNames.Of(daemon.NodeName));
        }
        chatter.Hear();
        chatter.Stop();
        var (lost, kept) = host.Marks();
        Assert.Equal(0, lost);
        Assert.True(kept > 0);
        Assert.Equal(before, host.Picture());
        ThreadHome.AssertAllHome();
    }

    [Theory]
    [InlineData("rp_filter", "0", false)]
    [InlineData("rp_filter", "2", false)]
    [InlineData("rp_filter", "0", true)]
    public void Pods_reach_outside_in_the_hosts_name_and_only_where_they_may(string setting, string value,
        bool bridgesAskIp)
    {
        using var host = new FakeHost(bridgesAskIp);
        Sysctl.Write(host.Netns.Netns, new SysctlSetting($"net/ipv4/conf/up0/{setting}", value));
        using var daemon = new DaemonProcess(host.Netns, "--node", "host");
        daemon.Apply("pods.yaml", Manifests);
        daemon.Apply("egress.yaml", OnlyRouter);
        var pods = daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.ToDictionary(p => p.Name);
        using var a = Netns.Open(pods["x/a"].Netns!);

        foreach (var (pod, router, uplink) in new[] { (pods["x/a"].IPv4!, FakeHost.Router, FakeHost.Uplink),
            (pods["x/a"].IPv6!, FakeHost.Router6, FakeHost.Uplink6) })
        {
            using var talk = new Closed.Talk(a, IPAddress.Parse(pod), host.RouterNetns, router, ProtocolType.Tcp, 9);
            talk.BothWays();
            Assert.Equal(uplink, ((IPEndPoint)talk.Server.RemoteEndPoint!).Address);
        }
        // What the policy leaves out does not arrive, though it would be masqueraded; the router's answer would be a
        // refusal.
        AssertDenied(daemon, host, a, IPAddress.Parse(pods["x/a"].IPv4!), FakeHost.Left);
        AssertEnforced(daemon);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void What_is_deleted_comes_back_and_the_routing_rules_of_others_stay()
    {
        using var host = new FakeHost();
        host.Ip("rule add pref 50 to 198.51.100.0/24 lookup main");
        using var daemon = new DaemonProcess(host.Netns, "--node", "host");
        daemon.Apply("pods.yaml", Manifests);
        host.Ip("link del dp0");
        host.Ip("link del pod1");
        host.Ip("rule del pref 99");
        host.Ip("rule add pref 0 lookup local");
        Assert.True(SpinWait.SpinUntil(
            () => daemon.Status().RepairsTotal >= 4 && host.Ip("rule").Contains("99:", StringComparison.Ordinal),
            PodSocket.Patience), daemon.Said());
        AssertEnforced(daemon);
        var rules = host.Ip("rule");
        Assert.Contains("50:", rules, StringComparison.Ordinal);
        Assert.DoesNotContain("0:\tfrom all lookup local", rules.Split('\n'));
        ThreadHome.AssertAllHome();
    }

    /// <summary>What is sent behind the forged packet arrives, and the forged one has been dropped by name.</summary>
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void The_guard_is_at_each_port(AddressFamily family)
    {
        using var host = new FakeHost();
        using var daemon = new DaemonProcess(host.Netns, "--node", "host");
        daemon.Apply("pods.yaml", Manifests);
        Assert.Null(daemon.Status().NoGuard);
        var pods = daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.ToDictionary(p => p.Name);
        var (a, b) = (pods["x/a"], pods["x/b"]);
        using var to = Netns.Open(a.Netns!);
        using var from = Netns.Open(b.Netns!);
        using var lab = new GuardLab(null, f => Address(b, f), from, MacAddress.Parse(b.Mac!), f => Address(a, f), to);
        using var pinned = CpuPinning.PinCurrentThread();
        lab.Send(GuardCase.All.First(c => c.Reason is not null), family);
        Assert.Equal("arrived", lab.FateOf(GuardCase.All.First(c => c.Reason is null), family));
        Assert.Contains("packets 1 ", host.Netns.Exec("nft", "list chain bridge dataplane drop_forged_checksum"),
            StringComparison.Ordinal);
        AssertEnforced(daemon);
        ThreadHome.AssertAllHome();

        static IPAddress Address(PodEntry pod, AddressFamily family) =>
            IPAddress.Parse((family == AddressFamily.InterNetwork ? pod.IPv4 : pod.IPv6)!);
    }

    [Fact]
    public void Without_the_tables_a_pod_finds_no_way()
    {
        using var host = new FakeHost();
        using var daemon = new DaemonProcess(host.Netns, "--node", "host");
        daemon.Apply("pods.yaml", Manifests);
        var pods = daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.ToDictionary(p => p.Name);
        daemon.Kill();
        host.Netns.Exec("nft", "delete table inet dataplane");
        host.Netns.Exec("nft", "delete table bridge dataplane");
        foreach (var to in new[]
        {
            FakeHost.Router, FakeHost.Uplink, FakeHost.Left, IPAddress.Parse(pods["x/b"].IPv4!),
        })
        {
            Assert.Contains("via 169.254.244.254 dev dp0 table 245",
                host.Ip($"route get {to} from {pods["x/a"].IPv4} iif dp0"), StringComparison.Ordinal);
        }
        foreach (var to in new[]
        {
            FakeHost.Router6, FakeHost.Uplink6, FakeHost.Left6, IPAddress.Parse(pods["x/b"].IPv6!),
        })
        {
            Assert.Contains("via fe80::fe dev dp0 table 245",
                host.Ip($"-6 route get {to} from {pods["x/a"].IPv6} iif dp0"), StringComparison.Ordinal);
        }
        ThreadHome.AssertAllHome();
    }

    [Theory]
    [InlineData("link add dp0 type bridge", "dp0")]
    [InlineData("link add pod7 type bridge", "pod7")]
    [InlineData("link set n0 group 244", "group 244")]
    [InlineData("route add 198.51.100.0/24 dev br0 table 244", "table 244")]
    [InlineData("addr add 10.244.3.1/24 dev br0", "10.244.3.")]
    public void What_others_have_is_not_taken_from_them(string taken, string named)
    {
        using var host = new FakeHost();
        host.Ip(taken);
        var before = host.Picture();
        var forwarding = Sysctl.Read(host.Netns.Netns, "net/netfilter/nf_conntrack_tcp_loose");
        using var directory = new TempDirectory();
        var result = InNetns.Try(host.Netns.Name, Program,
            $"daemon --node host --node-name {RunName.Next()} --socket {directory.Path}/s --state-dir "
                + $"{directory.Path}/state");
        Assert.Equal(5, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.Equal(before, host.Picture());
        Assert.Equal(forwarding, Sysctl.Read(host.Netns.Netns, "net/netfilter/nf_conntrack_tcp_loose"));
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void Another_firewalls_drop_is_told_with_what_to_do_about_it()
    {
        using var host = new FakeHost();
        host.Netns.Exec("nft", "-f -",
            "table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop; }; }");
        Sysctl.Write(host.Netns.Netns, new SysctlSetting("net/ipv4/conf/up0/rp_filter", "1"));
        using var daemon = new DaemonProcess(host.Netns, "--node", "host");
        const string fix = "iptables -I FORWARD -i dp0 -j ACCEPT; iptables -I FORWARD -o dp0 -j ACCEPT";
        Assert.True(SpinWait.SpinUntil(() => daemon.Said().Contains(fix, StringComparison.Ordinal), PodSocket.Patience),
            daemon.Said());
        Assert.Contains("sysctl -w net.ipv4.conf.up0.src_valid_mark=1", daemon.Said(), StringComparison.Ordinal);
        Assert.Contains(fix, InNetns.Try(host.Netns.Name, Program, "doctor").Output, StringComparison.Ordinal);

        daemon.Apply("pods.yaml", Manifests);
        Assert.Contains(daemon.Verify("TCP:80").Flows, f => f.Measured != "allowed" && f.Expected);
        host.Netns.Exec("nft", "insert rule ip filter FORWARD iifname dp0 accept");
        host.Netns.Exec("nft", "insert rule ip filter FORWARD oifname dp0 accept");
        AssertEnforced(daemon);
        ThreadHome.AssertAllHome();
    }

    private static void AssertEnforced(DaemonProcess daemon)
    {
        var report = daemon.Verify("TCP:80", "TCP:81", "UDP:53");
        Assert.Null(report.ControlFailure);
        Assert.NotEmpty(report.Flows);
        Assert.All(report.Flows, f => Assert.True(f.Measured == (f.Expected ? "allowed" : "denied"), f.ToString()));
        Assert.Contains(report.Flows, f => !f.Expected);
    }

    /// <summary>Named by the drop log: no timeout says so.</summary>
    private static void AssertDenied(DaemonProcess daemon, FakeHost host, Netns pod, IPAddress from, IPAddress to)
    {
        using var client = PodSocket.Open(pod, from, SocketType.Dgram, ProtocolType.Udp);
        client.Connect(to, 9);
        client.Send("out"u8);
        var counted = SpinWait.SpinUntil(
            () => host.Netns.Exec("nft", "list chain inet dataplane drop_egress").Split("packets ")[1][0] != '0',
            PodSocket.Patience);
        Assert.True(counted, daemon.Said());
    }
}
