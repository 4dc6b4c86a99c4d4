using System.Net.Http.Json;
using Dataplane.Api;
using Dataplane.Linux.Namespaces;
namespace Dataplane.Integration.Daemon;

/// <summary>The daemon proves what it says, and keeps it so.</summary>
public sealed class ProofTests
{
    [Fact]
    public async Task Waiting_ends_with_packets_that_prove_it()
    {
        await using var daemon = await RunningDaemon.Start();
        var open =
            await daemon.Apply(RunningDaemon.Request("a.yaml", Yaml.Pod("a"), Yaml.Pod("b")) with { WaitSeconds = 20 });
        Assert.Equal("allowed", Assert.Single(open.Proof).Verdict);
        var closed = await daemon.Apply(RunningDaemon.Request("p.yaml", Yaml.DenyAll()) with { WaitSeconds = 20 });
        Assert.Equal("denied", Assert.Single(closed.Proof).Verdict);
        ThreadHome.AssertAllHome();
    }

    /// <summary>The proof is about what changed: pods that no changed policy selects prove nothing.</summary>
    [Fact]
    public async Task Where_nothing_can_be_proved_it_says_why()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a", ns: "y"), Yaml.Pod("b", ns: "y"));
        var answer = await daemon.Apply(RunningDaemon.Request("p.yaml", Yaml.DenyAll()) with { WaitSeconds = 20 });
        Assert.Empty(answer.Proof);
        Assert.Equal(["NetworkPolicy x/closed selects no pod"], answer.Unproven);
    }

    [Fact]
    public async Task A_policy_is_proved_on_the_port_that_it_names()
    {
        const string Policy = """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: db, namespace: x}
            spec:
              podSelector: {matchLabels: {app: db}}
              ingress: [{from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 3306}]}]

            """;
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("db"), Yaml.Pod("api"), Yaml.Pod("other"));
        var answer = await daemon.Apply(RunningDaemon.Request("p.yaml", Policy) with { WaitSeconds = 20 });
        Assert.Equal(["x/api -> x/db TCP 3306 allowed", "x/other -> x/db TCP 3306 denied"],
            answer.Proof.Select(p => $"{p.Flow} {p.Verdict}"));
        Assert.Empty(answer.Unproven);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public async Task A_Service_is_proved_through_its_address_and_each_backend_of_it()
    {
        const string Service = """
            apiVersion: v1
            kind: Service
            metadata: {name: db, namespace: x}
            spec: {clusterIP: 10.96.0.7, selector: {app: SELECTED}, ports: [{port: 80, targetPort: 3306}]}

            """;
        await using var daemon = await RunningDaemon.Start(o => o with { Dns = false });
        await daemon.Apply("a.yaml", Yaml.Pod("db"), Yaml.Pod("api"));
        foreach (var (selected, expected) in new[]
        {
            ("db", "x/api -> service:x/db at 10.96.0.7:80, x/db allowed"),
            ("none", "x/api -> service:x/db at 10.96.0.7:80 refused"),
        })
        {
            var answer = await daemon.Apply(RunningDaemon.Request(
                "s.yaml", Service.Replace("SELECTED", selected, StringComparison.Ordinal)) with { WaitSeconds = 20 });
            Assert.Equal([expected], answer.Proof.Select(p => $"{p.Flow} {p.Verdict}"));
            Assert.Empty(answer.Unproven);
        }
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public async Task Verify_asks_the_pods_as_they_are()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"), Yaml.Pod("c", ns: "y"), Yaml.DenyAll());
        using var answer =
            await daemon.Post(ApiPaths.Verify, new VerifyRequest { Family = 4 }, ApiJson.Default.VerifyRequest);
        var report = (await answer.Content.ReadFromJsonAsync(ApiJson.Default.VerifyResponse))!;
        Assert.Null(report.ControlFailure);
        Assert.Equal((1L, 9), (report.Generation, report.Flows.Count));
        Assert.All(report.Flows, f => Assert.Equal(f.Expected ? "allowed" : "denied", f.Measured));
        Assert.Contains(report.Flows, f => f is { Expected: false, From: "y/c", To: "x/a", Evidence: "drop-log" });
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public async Task A_sample_of_the_pods_as_they_are()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"), Yaml.Pod("c", ns: "y"), Yaml.DenyAll());
        using var answer =
            await daemon.Post(ApiPaths.Verify, new VerifyRequest { Sample = 6 }, ApiJson.Default.VerifyRequest);
        var report = (await answer.Content.ReadFromJsonAsync(ApiJson.Default.VerifyResponse))!;
        Assert.Null(report.ControlFailure);
        Assert.Equal((6, 18L, 1, 6L),
            (report.Flows.Count, report.Sample!.Of, report.Sample.Seed, report.Sample.Covered));
        Assert.True(report.Sample.Decisions >= 6);
        Assert.All(report.Flows, f => Assert.Equal(f.Expected ? "allowed" : "denied", f.Measured));
        using var none =
            await daemon.Post(ApiPaths.Verify, new VerifyRequest { Sample = 0 }, ApiJson.Default.VerifyRequest);
        Assert.Equal(400, (int)none.StatusCode);
    }

    [Fact]
    public async Task A_verification_of_several_slices_is_one_answer()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"), Yaml.Pod("c", ns: "y"), Yaml.DenyAll());
        using var answer = await daemon.Post(ApiPaths.Verify, new VerifyRequest { Probes = Ports(1_500) },
            ApiJson.Default.VerifyRequest);
        var report = (await answer.Content.ReadFromJsonAsync(ApiJson.Default.VerifyResponse))!;
        Assert.Null(report.ControlFailure);
        Assert.Equal(1_500 * 3 * 3 * 2, report.Flows.Count);
        Assert.All(report.Flows, f => Assert.Equal(f.Expected ? "allowed" : "denied", f.Measured));
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public async Task A_change_does_not_wait_for_a_long_verification_and_ends_it()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"), Yaml.Pod("c", ns: "y"));
        var verifying =
            daemon.Post(ApiPaths.Verify, new VerifyRequest { Probes = Ports(10_000) }, ApiJson.Default.VerifyRequest);
        var changes = 0;
        for (; !verifying.IsCompleted; changes++) await daemon.Apply("more.yaml", Yaml.Pod($"more{changes}"));
        using var answer = await verifying;
        Assert.Equal(409, (int)answer.StatusCode);
        Assert.Contains("flows had been verified", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEqual(0, changes);
        ThreadHome.AssertAllHome();
    }

    private static string[] Ports(int count) => [.. Enumerable.Range(1, count).Select(port => $"TCP:{port}")];

    [Fact]
    public async Task What_somebody_else_changes_is_mended_and_told_of()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"));
        InNetns.Exec(daemon.Node, "ip", "address del 10.244.0.1/32 dev dp0");
        await RunningDaemon.Until(async () => (await daemon.Status()).RepairsTotal > 0, "a repair");
        Assert.Contains((await daemon.Status()).Repairs, r => r.What.Contains("10.244.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_waits_for_a_proof_keeps_nobody_waiting()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"));
        var netns = (await daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse)).Pods[0].Netns!;
        // A pod in the way of its own repair: the second name of a device that nobody can remove.
        InNetns.Exec(netns, "ip", "-batch -", "link delete eth0\nlink property add dev lo altname eth0\n");
        await RunningDaemon.Until(
            async () => (await daemon.Status()).Errors.Any(e => e.StartsWith("x/a: ", StringComparison.Ordinal)),
            "the pod is told of");
        using var other = daemon.NewClient();
        var waiting = daemon.Post(ApiPaths.Apply,
            RunningDaemon.Request("p.yaml", Yaml.DenyAll()) with { WaitSeconds = 25 }, ApiJson.Default.ApplyRequest);
        await RunningDaemon.Until(async () => (await daemon.Status()).DesiredGeneration == 2, "the change is made");
        await daemon.Apply(RunningDaemon.Request("c.yaml", Yaml.Pod("c")), other);
        Assert.False(waiting.IsCompleted);
        InNetns.Exec(netns, "ip", "link property del dev lo altname eth0");
        using var answer = await waiting;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_could_not_be_enforced_is_tried_again_however_much_there_is_to_do()
    {
        await using var daemon = await RunningDaemon.Start();
        using var foreign = TestNetns.Create();
        await daemon.Apply("a.yaml", Yaml.Pod("a").Replace("namespace: x,",
            $"namespace: x, annotations: {{dataplane/netns: {foreign.Name}}},", StringComparison.Ordinal));
        await daemon.Stop();
        Netns.Delete(foreign.Name);
        await daemon.StartAgain();
        Assert.Contains(foreign.Name, (await daemon.Status()).Problem, StringComparison.Ordinal);
        Netns.Create(foreign.Name).Dispose();
        await RunningDaemon.Until(async () =>
        {
            await daemon.Apply(RunningDaemon.Request("b.yaml", Yaml.Pod("b")) with { DryRun = true });
            return (await daemon.Status()).EnforcedGeneration == 1;
        }, "enforced");
    }

    [Fact]
    public async Task The_programmed_rules_can_be_read()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"));
        var rules = await daemon.Client.GetStringAsync(ApiPaths.Rules);
        Assert.Contains("table inet dataplane {", rules, StringComparison.Ordinal);
        Assert.Contains("10.244.0.2", rules, StringComparison.Ordinal);
        Assert.NotEqual(0, (await daemon.Status()).Elements);
    }
}
