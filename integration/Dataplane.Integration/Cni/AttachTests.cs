using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Cni;

/// <summary>Containers come and go, by a plugin that is run by hand in namespaces of <c>ip netns</c>.</summary>
public sealed class AttachTests
{
    /// <summary>Clients reach servers at port 80, and nothing else reaches anybody.</summary>
    public const string Policies = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: servers, namespace: x}
        spec:
          podSelector: {matchLabels: {role: server}}
          ingress: [{from: [{podSelector: {matchLabels: {role: client}}}],
            ports: [{port: 80}, {port: 80, protocol: UDP}]}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: closed, namespace: x}
        spec: {podSelector: {matchLabels: {role: client}}, policyTypes: [Ingress]}

        """;

    private const string Client = """{"role": "client"}""", Server = """{"role": "server"}""";

    [Fact]
    public async Task Containers_become_pods_under_policy_and_go_again()
    {
        await using var lab = await CniLab.Start(Policies);
        var (client, server) = (lab.Container(), lab.Container());
        var result = CniLab.Add(client, lab.Config(Client));
        CniLab.Add(server, lab.Config(Server));

        Assert.Equal("1.1.0", result.GetProperty("cniVersion").GetString());
        var own = result.GetProperty("interfaces")[0];
        Assert.Equal(("eth0", $"/run/netns/{client.Name}"),
            (own.GetProperty("name").GetString(), own.GetProperty("sandbox").GetString()));
        var link = client.Exec("ip", "address show dev eth0");
        Assert.Contains(own.GetProperty("mac").GetString()!, link, StringComparison.Ordinal);
        Assert.All(result.GetProperty("ips").EnumerateArray(), ip =>
        {
            Assert.Contains($" {ip.GetProperty("address").GetString()} ", link, StringComparison.Ordinal);
            Assert.Equal(0, ip.GetProperty("interface").GetInt32());
        });
        Assert.Equal([AddressFamily.InterNetwork, AddressFamily.InterNetworkV6],
            CniLab.Addresses(result).Select(a => IPAddress.Parse(a).AddressFamily));
        var pods = (await lab.Attached()).ToDictionary(a => a.Container);
        Assert.All(pods.Values, p => Assert.True(p is { Enforced: true, Gone: false }));
        await AssertPoliciesHold(lab, 2);

        CniLab.Delete(client.Name, lab.Config(Client));
        Assert.Equal(server.Name, Assert.Single(await lab.Attached()).Container);
        Assert.DoesNotContain("eth0", client.Exec("ip", "-o link"), StringComparison.Ordinal);
        Assert.Equal(1, (await lab.Daemon.Status()).Pods);
        // Again, without a namespace, and of a container that never was.
        CniLab.Delete(client.Name, lab.Config(Client));
        CniLab.Delete(server.Name, lab.Config(Server), ("CNI_NETNS", ""));
        CniLab.Delete("never", lab.Config());
        Assert.Empty(await lab.Attached());
        Assert.Contains(server.Name, Netns.List());
    }

    [Fact]
    public async Task The_same_container_again_is_answered_the_same_and_otherwise_refused()
    {
        await using var lab = await CniLab.Start();
        var (one, other) = (lab.Container(), lab.Container());
        var first = CniLab.Add(one, lab.Config(Client));
        Assert.Equal(first.GetRawText(), CniLab.Add(one, lab.Config(Client)).GetRawText());
        Assert.Equal(100, CniLab.Fails("ADD", lab.Config(Server), one.Name).Code);
        // Another container of the same pod: refused, unless a cluster says so.
        var name = ("CNI_ARGS", $"IgnoreUnknown=1;K8S_POD_NAME={one.Name}");
        Assert.Equal(100, CniLab.Fails("ADD", lab.Config(Client), other.Name, name).Code);
        var pod = ("CNI_ARGS", $"K8S_POD_NAMESPACE=x;K8S_POD_NAME={one.Name};K8S_POD_UID=1");
        CniLab.Add(other, lab.Config(Client), pod);
        Assert.Equal(other.Name, Assert.Single(await lab.Attached()).Container);
        // The one before goes late: it is not there any more.
        CniLab.Delete(one.Name, lab.Config(Client));
        Assert.Equal(other.Name, Assert.Single(await lab.Attached()).Container);
    }

    [Fact]
    public async Task A_pod_that_manifests_declare_is_the_container()
    {
        await using var lab = await CniLab.Start(Policies, Yaml.Pod("web").Replace("app: web", "role: server"));
        var (client, web) = (lab.Container(), lab.Container());
        var pod = ("CNI_ARGS", "K8S_POD_NAMESPACE=x;K8S_POD_NAME=web");
        var address = CniLab.Addresses(CniLab.Add(web, lab.Config(), pod))[0];
        Assert.Contains($" {address}/32 ", web.Exec("ip", "address show dev eth0"), StringComparison.Ordinal);
        var attached = await lab.Daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse);
        Assert.Equal(web.Name, Assert.Single(attached.Pods).Netns);
        CniLab.Add(client, lab.Config(Client));
        await AssertPoliciesHold(lab, 2);

        // Once it is deleted, the pod is what the manifest says: a namespace of the node's.
        CniLab.Delete(web.Name, lab.Config(), pod);
        var pods = (await lab.Daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse)).Pods;
        Assert.EndsWith("_x_web", pods.Single(p => p.Name == "x/web").Netns, StringComparison.Ordinal);
    }

    /// <summary>
    /// The program sends from before its network is there. Nothing but what policies allow ever arrives.
    /// </summary>
    [Fact]
    public async Task A_container_is_closed_from_its_first_packet_on()
    {
        await using var lab = await CniLab.Start(Policies);
        var server = lab.Container();
        var address = IPAddress.Parse(CniLab.Addresses(CniLab.Add(server, lab.Config(Server)))[0]);
        using var allowed = PodSocket.Open(server.Netns, address, SocketType.Dgram, ProtocolType.Udp);
        using var denied = PodSocket.Open(server.Netns, address, SocketType.Dgram, ProtocolType.Udp);
        allowed.Bind(new IPEndPoint(address, 80));
        denied.Bind(new IPEndPoint(address, 81));
        for (var round = 0; round < 10; round++)
        {
            var client = lab.Container();
            using var stop = new CancellationTokenSource();
            // AF_INET, SOCK_DGRAM
            using var opened = client.Netns.OpenSocket(2, 2, 0);
            var (sent, refused) = (0, 0);
            var sender = Task.Run(() =>
            {
                using var socket = new Socket(new SafeSocketHandle(opened.DangerousGetHandle(), ownsHandle: false));
                while (!stop.IsCancellationRequested)
                {
                    foreach (var port in (int[])[81, 80])
                    {
                        try
                        {
                            socket.SendTo([1], new IPEndPoint(address, port));
                            Interlocked.Increment(ref sent);
                        }
                        catch (SocketException)
                        {
                            Interlocked.Increment(ref refused);
                        }
                    }
                }
            });
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref refused) > 0, PodSocket.Patience));
            CniLab.Add(client, lab.Config(Client));
            // The control: what is allowed arrives, after packets that were not.
            var buffer = new byte[16];
            for (var seen = 0; seen < 100; seen++) Assert.Equal(1, allowed.Receive(buffer));
            await stop.CancelAsync();
            await sender;
            Assert.True(sent > 0);
            CniLab.Delete(client.Name, lab.Config(Client));
            while (allowed.Available > 0) allowed.Receive(buffer);
            Assert.Equal(0, denied.Available);
        }
    }

    /// <summary>Packets between all pods end as the policies say, some allowed, some denied.</summary>
    internal static async Task AssertPoliciesHold(CniLab lab, int pods)
    {
        Assert.Equal(pods, (await lab.Daemon.Status()).Pods);
        var request = new VerifyRequest { Probes = ["TCP:80", "TCP:81", "UDP:80"] };
        using var answer = await lab.Daemon.Post(ApiPaths.Verify, request, ApiJson.Default.VerifyRequest);
        var report = (await answer.Content.ReadFromJsonAsync(ApiJson.Default.VerifyResponse))!;
        Assert.Null(report.ControlFailure);
        var between = report.Flows.Where(f => f.From.StartsWith("x/", StringComparison.Ordinal)
            && f.To.StartsWith("x/", StringComparison.Ordinal)).ToList();
        Assert.Contains(between, f => f.Expected);
        Assert.Contains(between, f => !f.Expected);
        Assert.All(report.Flows, f => Assert.Equal(f.Expected ? "allowed" : "denied", f.Measured));
    }
}
