using System.Net;
using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Integration.Balancing;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.HostNode;

/// <summary>Services on a machine where others translate addresses too.</summary>
public sealed class HostServiceTests
{
    private const string Services = """
        apiVersion: v1
        kind: Service
        metadata: {name: b, namespace: x}
        spec:
          type: NodePort
          selector: {app: b}
          ipFamilyPolicy: RequireDualStack
          clusterIP: 10.96.0.20
          clusterIPs: [10.96.0.20, "fd00:10:96::20"]
          ports: [{port: 80, targetPort: 8080, nodePort: 30080}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: b, namespace: x}
        spec:
          podSelector: {matchLabels: {app: b}}
          ingress:
          - from: [{podSelector: {matchLabels: {app: a}}}, {ipBlock: {cidr: 192.0.2.9/32}}]
          - from: [{ipBlock: {cidr: "2001:db8:2::9/128"}}]
        """;

    /// <summary>As Docker writes it, for a port of its own.</summary>
    private const string Others = """
        table ip nat {
            chain prerouting {
                type nat hook prerouting priority -100; policy accept;
                tcp dport 8088 dnat to 10.77.0.1:3
            }
            chain output {
                type nat hook output priority -100; policy accept;
                ip daddr 192.0.2.1 tcp dport 8088 dnat to 10.77.0.1:3
            }
            chain postrouting {
                type nat hook postrouting priority 100; policy accept;
                oifname "up0" ip saddr 10.77.0.0/24 masquerade
            }
        }
        """;

    [Fact]
    public void Machines_that_the_networks_hide_are_told_of()
    {
        using var host = new FakeHost();
        host.Ip("route add 10.0.0.0/8 via 192.0.2.9");
        host.Ip("-6 route add fd00::/8 via 2001:db8:2::9");
        using var daemon = new DaemonProcess(host.Netns, "--node", "host");
        foreach (var what in new[]
        {
            "the machine's route to 10.0.0.0/8 by up0 includes 10.96.0.0/16, which leads to pods or Services",
            "the machine's route to fd00::/8 by up0 includes fd00:10:96::/112, which leads to pods or Services",
        })
        {
            Assert.True(SpinWait.SpinUntil(
                () => daemon.Said().Contains(what, StringComparison.Ordinal), PodSocket.Patience), daemon.Said());
            Assert.Contains(what, InNetns.Try(host.Netns.Name,
                Path.Combine(AppContext.BaseDirectory, "dataplane"), "doctor").Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void They_work_beside_others_translations_and_those_stay_byte_for_byte(bool bridgesAskIp)
    {
        using var host = new FakeHost(bridgesAskIp);
        host.Netns.Exec("nft", "-f -", Others);
        var before = host.Netns.Exec("nft", "list table ip nat");
        using var daemon = new DaemonProcess(host.Netns, "--node", "host");
        daemon.Apply("pods.yaml", string.Join("---\n", Yaml.Pod("a"), Yaml.Pod("b"), Yaml.Pod("c")));
        daemon.Apply("services.yaml", Services);
        var pods = daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.ToDictionary(p => p.Name);
        using Netns a = Netns.Open(pods["x/a"].Netns!), b = Netns.Open(pods["x/b"].Netns!),
            c = Netns.Open(pods["x/c"].Netns!);
        using var four = new Answering(b, IPAddress.Parse(pods["x/b"].IPv4!), 8080, "b");
        using var six = new Answering(b, IPAddress.Parse(pods["x/b"].IPv6!), 8080, "b");
        foreach (var isNext in new[] { false, true })
        {
            if (isNext)
            {
                daemon.Kill();
                daemon.Start();
                Assert.True(daemon.Status().Adopted);
            }
            Assert.Equal($"b to {pods["x/a"].IPv4}", Ask(a, pods["x/a"].IPv4!, "10.96.0.20", 80));
            Assert.Equal($"b to {pods["x/a"].IPv6}", Ask(a, pods["x/a"].IPv6!, "fd00:10:96::20", 80));
            Assert.Equal($"b to {FakeHost.Router}",
                Ask(host.RouterNetns, $"{FakeHost.Router}", $"{FakeHost.Uplink}", 30080));
            Assert.Equal($"b to {FakeHost.Router6}",
                Ask(host.RouterNetns, $"{FakeHost.Router6}", $"{FakeHost.Uplink6}", 30080));
            Assert.StartsWith("b to ", Ask(host.Netns.Netns, $"{FakeHost.Uplink}", "10.96.0.20", 80),
                StringComparison.Ordinal);
            Assert.StartsWith("b to ", Ask(host.Netns.Netns, $"{FakeHost.Uplink}", $"{FakeHost.Uplink}", 30080),
                StringComparison.Ordinal);
            Assert.Equal("refused", Ask(a, pods["x/a"].IPv4!, "10.96.0.20", 81));
        }
        using (var denied = PodSocket.Open(c, IPAddress.Parse(pods["x/c"].IPv4!), SocketType.Stream, ProtocolType.Tcp))
        {
            denied.Blocking = false;
            Assert.Throws<SocketException>(() => denied.Connect(IPAddress.Parse("10.96.0.20"), 80));
            Assert.True(SpinWait.SpinUntil(() => !host.Netns.Exec("nft", "list chain inet dataplane drop_ingress")
                .Contains("packets 0 ", StringComparison.Ordinal), PodSocket.Patience));
            Assert.False(denied.Connected);
        }
        Assert.Equal(before, host.Netns.Exec("nft", "list table ip nat"));
        ThreadHome.AssertAllHome();
    }

    private static string Ask(Netns from, string source, string address, int port)
    {
        var target = IPAddress.Parse(address);
        using var socket = PodSocket.Open(from, IPAddress.Parse(source), SocketType.Stream, ProtocolType.Tcp);
        return ServiceNet.Ask(socket, target, port);
    }
}
