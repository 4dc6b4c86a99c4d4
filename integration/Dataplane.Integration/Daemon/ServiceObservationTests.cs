using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Api;
using Dataplane.Integration.Balancing;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Daemon;

/// <summary>What the flow log and the metrics say of Services.</summary>
public sealed class ServiceObservationTests
{
    private const int Patience = 30_000;

    private const string Objects = """
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: shop}
        spec: {containers: [{name: c, image: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web-0, namespace: shop, labels: {app: web}}
        spec: {containers: [{name: c, image: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web-1, namespace: shop, labels: {app: web}}
        spec: {containers: [{name: c, image: c}]}
        status: {conditions: [{type: Ready, status: "False"}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {ipFamilyPolicy: RequireDualStack, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}

        """;

    [Fact]
    public void A_flow_names_the_Service_through_which_it_went()
    {
        using var daemon = new DaemonProcess("--dns", "off");
        daemon.Apply("objects.yaml", Objects);
        var pods = daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.ToDictionary(p => p.Name);
        using Netns client = Netns.Open(pods["shop/client"].Netns!), web = Netns.Open(pods["shop/web-0"].Netns!);
        foreach (var (own, other, service, family) in new[]
        {
            (pods["shop/client"].IPv4!, pods["shop/web-0"].IPv4!, "10.96.1.1", "IPv4"),
            (pods["shop/client"].IPv6!, pods["shop/web-0"].IPv6!, "fd00:10:96::101", "IPv6"),
        })
        {
            using var serves = new Answering(web, IPAddress.Parse(other), 8080, "web");
            Ask(client, own, service, 80);
            Ask(client, own, other, 8080);
            Until(() =>
            {
                var seen = Flows(daemon).Where(f => f.Family == family && f.From == "shop/client"
                    && f.To == "shop/web-0" && f.Port == 8080).ToList();
                return seen.Exists(f => f.Service == "shop/web") && seen.Exists(f => f.Service is null);
            }, () => string.Join('\n', Flows(daemon)));
        }
    }

    [Fact]
    public void Metrics_count_Services_and_what_is_behind_them()
    {
        using var daemon = new DaemonProcess("--dns", "off");
        AssertMetrics(0, 0, 0, 0, 0, 0);
        daemon.Apply("objects.yaml", Objects);
        // A ready pod and one that is not, in two families; a pool of one in each.
        AssertMetrics(1, 2, 2, 2, 2, 2);
        daemon.Delete(new ObjectReference("Service", "shop/web"));
        AssertMetrics(0, 0, 0, 0, 0, 0);

        void AssertMetrics(int services, int ready, int waiting, int frontends, int pools, int slots) => Assert.Equal(
        [
            $"dataplane_service_endpoints{{state=\"leaving\"}} 0",
            $"dataplane_service_endpoints{{state=\"ready\"}} {ready}",
            $"dataplane_service_endpoints{{state=\"waiting\"}} {waiting}",
            $"dataplane_service_frontends {frontends}",
            $"dataplane_service_pools {pools}",
            $"dataplane_service_slots {slots}",
            $"dataplane_services {services}",
        ], daemon.Text("/metrics").Split('\n').Where(l => l.StartsWith("dataplane_service", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));
    }

    private static IEnumerable<FlowEntry> Flows(DaemonProcess daemon) => daemon.Text(ApiPaths.Flows)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonSerializer.Deserialize(line, ApiJson.Default.FlowEntry)!);

    private static void Ask(Netns netns, string own, string to, int port)
    {
        using var socket = PodSocket.Open(netns, IPAddress.Parse(own), SocketType.Stream, ProtocolType.Tcp);
        Assert.StartsWith("web to ", ServiceNet.Ask(socket, IPAddress.Parse(to), port), StringComparison.Ordinal);
    }

    private static void Until(Func<bool> isSo, Func<string> what)
    {
        var started = Stopwatch.StartNew();
        while (!isSo())
        {
            if (started.ElapsedMilliseconds > Patience) Assert.Fail(what());
            Thread.Yield();
        }
    }
}
