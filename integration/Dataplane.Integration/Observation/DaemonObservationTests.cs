using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Api;
using Dataplane.Integration.Daemon;
using Dataplane.Linux.Namespaces;
namespace Dataplane.Integration.Observation;

/// <summary>flows, capture, trace and metrics over the daemon's socket.</summary>
public sealed class DaemonObservationTests
{
    [Fact]
    public async Task A_traced_packet_is_followed_and_seen_everywhere()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"), Yaml.DenyAll());
        using var follower = daemon.NewClient();
        using var following = await follower.GetAsync(ApiPaths.Flows + "?follow=true&verdict=denied&probes",
            HttpCompletionOption.ResponseHeadersRead, stop);
        Assert.Equal("application/x-ndjson", following.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await following.Content.ReadAsStreamAsync(stop));
        using var capturer = daemon.NewClient();
        using var capturing = await capturer.GetAsync(ApiPaths.Capture + "?pod=x/b&snaplen=200",
            HttpCompletionOption.ResponseHeadersRead, stop);
        using var counting = await capturer.GetAsync(ApiPaths.Capture + "?pod=x/b&count=1",
            HttpCompletionOption.ResponseHeadersRead, stop);

        var denied = await Trace(daemon, new TraceRequest("x/a", "x/b", "TCP:80"));
        Assert.Equal(("denied", "drop-log", "IPv4"), (denied.Verdict, denied.Evidence, denied.Family));
        Assert.StartsWith("denied (ingress): policy x/closed a.yaml:", denied.Steps[^1].What, StringComparison.Ordinal);

        var told = JsonSerializer.Deserialize((await lines.ReadLineAsync(stop))!, ApiJson.Default.FlowEntry)!;
        Assert.Equal(("denied", "x/a", "x/b", "TCP", 80, "ingress", "x/closed", "a.yaml"),
            (told.Verdict, told.From, told.To, told.Protocol, told.Port, told.Direction, told.Policy, told.File));
        Assert.Equal(denied.Steps[^1].What, $"denied ({told.Direction}): policy {told.Policy} {told.File}:{told.Line}");
        // Among what the pod says of itself at times: it reports its multicast groups (MLD).
        var frame = await PcapngFile.Await(await capturing.Content.ReadAsStreamAsync(stop),
            f => f.Interface == "drop log", stop);
        Assert.Equal(denied.Steps[^1].What, frame.Comment);
        Assert.Single(PcapngFile.Read(await counting.Content.ReadAsByteArrayAsync(stop), out _));

        // And what is allowed, from the node, in the other family.
        var allowed = await Trace(daemon, new TraceRequest("node", "x/b", "udp/53", 6));
        Assert.Equal(("allowed", "captured", "IPv6"), (allowed.Verdict, allowed.Evidence, allowed.Family));
        await RunningDaemon.Until(
            async () => (await Flows(daemon, "?pod=node&probes=true"))
                .Any(f => f is { Verdict: "allowed", To: "x/b", Port: 53 }),
            "told as allowed");
        Assert.DoesNotContain(await Flows(daemon, "?verdict=allowed&probes=1"), f => f.Verdict == "denied");
        Assert.Single(await Flows(daemon, "?last=1&probes=1"));

        var metrics = MetricsTests.Parse(await daemon.Client.GetStringAsync(ApiPaths.Metrics, stop));
        Assert.True(metrics["dataplane_flows_total{verdict=\"denied\"}"] >= 1);
        ThreadHome.AssertAllHome();
    }

    /// <summary>A pod's own packets are told beside them, also those of the same kind.</summary>
    [Fact]
    public async Task What_the_daemon_sends_itself_is_marked_and_left_out()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"), Yaml.Pod("c"), Yaml.DenyAll());
        await Trace(daemon, new TraceRequest("x/a", "x/b", "TCP:80"));
        await Trace(daemon, new TraceRequest("x/a", "x/b", "ICMP", 6));
        await Trace(daemon, new TraceRequest("node", "x/b", "ICMP"));
        for (var i = 0; i < 3; i++)
        {
            using var answer = await daemon.Post(ApiPaths.Verify,
                new VerifyRequest { Probes = ["TCP:80", "UDP:53", "ICMP", "SCTP:9"] },
                ApiJson.Default.VerifyRequest);
            var report = (await answer.Content.ReadFromJsonAsync(ApiJson.Default.VerifyResponse, stop))!;
            Assert.Equal(report.Flows.Count,
                report.Flows.Count(f => f.Measured == (f.Expected ? "allowed" : "denied")));
        }
        // A pod's own packet comes last: when it is told, all before it are.
        var pods = await daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse);
        var (a, b) = (pods.Pods.Single(p => p.Name == "x/a"), pods.Pods.Single(p => p.Name == "x/b"));
        using var netns = Netns.Open(a.Netns!);
        using var socket = PodSocket.Open(netns, IPAddress.Parse(a.IPv4!), SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo("x"u8, new IPEndPoint(IPAddress.Parse(b.IPv4!), 53));
        await RunningDaemon.Until(
            async () => (await Flows(daemon, "?verdict=denied")).Any(f => f is { From: "x/a", To: "x/b", Port: 53 }),
            "told");
        var own = (await Flows(daemon, "")).Where(f => f.Verdict != "lost").ToList();
        Assert.All(own, f => Assert.Null(f.Probe));
        Assert.Equal("denied x/a x/b UDP 53",
            Assert.Single(own.Where(f => f.Protocol is not "ICMP" || f.Reason is null).Select(Text).Distinct()));
        var all = await Flows(daemon, "?probes");
        Assert.Contains(all, f => f is { Probe: true, Verdict: "denied", Protocol: "TCP" });
        Assert.Contains(all, f => f is { Probe: true, Verdict: "allowed", Protocol: "ICMP" });
        Assert.Contains(all, f => f is { Probe: true, Verdict: "allowed", Protocol: "SCTP" });
        ThreadHome.AssertAllHome();

        static string Text(FlowEntry f) => $"{f.Verdict} {f.From} {f.To} {f.Protocol} {f.Port}";
    }

    [Fact]
    public async Task A_workload_is_traced_by_its_first_pod_and_named_beside_each()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("b"), """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: web, namespace: x }
            spec:
              replicas: 2
              selector: { matchLabels: { app: web } }
              template:
                metadata: { labels: { app: web } }
                spec: { containers: [{ name: c, image: i }] }

            """);
        var traced = await Trace(daemon, new TraceRequest("x/web", "x/b", "80"));
        Assert.Equal(("x/web-0", "x/b", "TCP", 80, "allowed"),
            (traced.From, traced.To, traced.Protocol, traced.Port, traced.Verdict));
        var pods = await daemon.Client.GetFromJsonAsync(ApiPaths.Pods, ApiJson.Default.PodsResponse,
            TestContext.Current.CancellationToken);
        Assert.Equal(["x/b ", "x/web-0 web", "x/web-1 web"], pods!.Pods.Select(p => $"{p.Name} {p.Workload}"));
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public async Task A_packet_to_a_Service_is_traced_to_the_backend_that_was_chosen()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"), """
            apiVersion: v1
            kind: Service
            metadata: { name: b, namespace: x }
            spec:
              type: NodePort
              selector: { app: b }
              clusterIP: 10.96.0.20
              externalIPs: [192.0.2.44]
              ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }]
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: nobody, namespace: x }
            spec: { selector: { app: nobody }, ports: [{ port: 80 }] }

            """);
        foreach (var (from, name, port) in new[]
        {
            ("x/a", "service:x/b", 80), ("x/a", "svc/b.x", 80), ("x/a", "10.96.0.20", 80), ("x/a", "192.0.2.44", 80),
            ("x/a", "node", 30080), ("x/a", "10.244.0.1", 30080), ("node", "node", 30080),
        })
        {
            var traced = await Trace(daemon, new TraceRequest(from, name, $"{port}"));
            Assert.Equal((from, "service:x/b", "TCP", port, "allowed"),
                (traced.From, traced.To, traced.Protocol, traced.Port, traced.Verdict));
            Assert.Matches("^to 10\\.244\\.[0-9.]+:8080, which is x/b$",
                traced.Steps.Single(step => step.Where == "translated").What);
        }
        foreach (var (name, port) in new[] { ("service:x/nobody", "80"), ("service:x/b", "81") })
            Assert.Equal("refused", (await Trace(daemon, new TraceRequest("x/a", name, port))).Verdict);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public async Task Questions_that_have_no_answer_are_refused()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"));
        foreach (var (path, status) in new[]
        {
            (ApiPaths.Capture + "?pod=x/nobody", 404), (ApiPaths.Capture, 400),
            (ApiPaths.Capture + "?pod=x/a&snaplen=1", 400),
            (ApiPaths.Flows + "?verdict=maybe", 400), (ApiPaths.Flows + "?folow=true", 400),
            (ApiPaths.Flows + "?last=-1", 400),
        })
        {
            using var answer = await daemon.Client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(status, (await RunningDaemon.ProblemOf(answer)).Status);
        }
        foreach (var (request, status) in new[]
        {
            (new TraceRequest("x/a", "x/nobody", "TCP:80"), 400), (new TraceRequest("x/a", "node", "TCP"), 400),
            (new TraceRequest("192.0.2.1", "x/a", "TCP:80"), 422),
            (new TraceRequest("x/a", "node", "TCP:80", 5), 400),
        })
        {
            Assert.Equal(status, (await daemon.Refused(ApiPaths.Trace, request, ApiJson.Default.TraceRequest)).Status);
        }
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public async Task A_program_from_outside_is_checked_and_the_kernel_asked()
    {
        var stop = TestContext.Current.CancellationToken;
        FilterInstruction take = new(0x06, 0, 0, 65535), leave = new(0x06, 0, 0, 0);
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"));
        foreach (var (request, status, detail) in new[]
        {
            (Of([]), 400, "filter: 0 instructions"),
            (Of([.. Enumerable.Repeat(take, 4097)]), 400, "filter: 4097 instructions"),
            (Of([new(0x05, 0, 0, 1), take]), 400, "instruction 0: jumps past the end"),
            (Of([new(0x20, 0, 0, 0xfffff008), take]), 400, "what is not in the frame"),
            (Of([take]) with { Pod = "x/nobody" }, 404, "x/nobody"), (Of([take]) with { Count = 0 }, 400, "count"),
            (Of([take]) with { SnapLength = 1 }, 400, "snapLength"),
            // Reads memory that nothing was stored in: this the kernel finds by itself.
            (Of([new(0x60, 0, 0, 3), take]), 500, "Invalid argument"),
        })
        {
            var problem = await daemon.Refused(ApiPaths.Capture, request, ApiJson.Default.CaptureRequest);
            Assert.Equal(status, problem.Status);
            Assert.Contains(detail, problem.Detail, StringComparison.Ordinal);
        }

        // UDP alone: the trace of TCP before it is not in the file.
        FilterInstruction[] udp =
            [new(0x28, 0, 0, 12), new(0x15, 0, 3, 0x0800), new(0x30, 0, 0, 23), new(0x15, 0, 1, 17), take, leave];
        using var capturer = daemon.NewClient();
        using var question = new HttpRequestMessage(HttpMethod.Post, ApiPaths.Capture)
        {
            Content = JsonContent.Create(Of(udp) with { Count = 1 }, ApiJson.Default.CaptureRequest),
        };
        using var capturing = await capturer.SendAsync(question, HttpCompletionOption.ResponseHeadersRead, stop);
        await Trace(daemon, new TraceRequest("x/a", "x/b", "TCP:80", 4));
        await Trace(daemon, new TraceRequest("x/a", "x/b", "UDP:80", 4));
        var frame = Assert.Single(PcapngFile.Read(await capturing.Content.ReadAsByteArrayAsync(stop), out _));
        Assert.Equal(17, frame.Data[23]);
        ThreadHome.AssertAllHome();

        static CaptureRequest Of(FilterInstruction[] filter) => new("x/b", null, null, filter);
    }

    [Fact]
    public async Task Clients_that_follow_or_go_do_not_keep_the_daemon()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"));
        using (var gone = daemon.NewClient())
            await gone.GetAsync(ApiPaths.Capture + "?pod=x/a", HttpCompletionOption.ResponseHeadersRead, stop);
        using var follower = daemon.NewClient();
        using var following =
            await follower.GetAsync(ApiPaths.Flows + "?follow", HttpCompletionOption.ResponseHeadersRead, stop);
        await daemon.Stop();
        Assert.Equal("", await following.Content.ReadAsStringAsync(stop));
        ThreadHome.AssertAllHome();
    }

    private static async Task<TraceResponse> Trace(RunningDaemon daemon, TraceRequest request)
    {
        using var answer = await daemon.Post(ApiPaths.Trace, request, ApiJson.Default.TraceRequest);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync(ApiJson.Default.TraceResponse))!;
    }

    private static async Task<List<FlowEntry>> Flows(RunningDaemon daemon, string query) =>
        [.. (await daemon.Client.GetStringAsync(ApiPaths.Flows + query))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize(line, ApiJson.Default.FlowEntry)!)];
}
