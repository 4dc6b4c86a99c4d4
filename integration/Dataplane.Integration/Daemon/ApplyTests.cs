using Dataplane.Api;
using Dataplane.Daemon;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Daemon;

/// <summary>From a request to the kernel and back.</summary>
public sealed class ApplyTests
{
    [Fact]
    public async Task Objects_come_and_go_over_the_socket()
    {
        await using var daemon = await RunningDaemon.Start();
        var made = await daemon.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"), Yaml.DenyAll());
        Assert.Equal(1, made.Generation);
        Assert.Equal(["x/a", "x/b"], made.Attached);
        Assert.All(made.Objects, o => Assert.Equal("created", o.Change));

        var status = await daemon.Status();
        Assert.Equal((1L, 1L, null, 2, 1),
            (status.DesiredGeneration, status.EnforcedGeneration, status.Problem, status.Pods, status.NetworkPolicies));
        Assert.Empty(status.StrayThreads);
        var pods = (await daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse)).Pods;
        Assert.Equal(["x/a", "x/b"], pods.Select(p => p.Name));
        Assert.All(pods, p => Assert.Contains(p.Netns, Netns.List()));
        var policy = Assert.Single(
            (await daemon.Get(ApiPaths.Objects + "?kind=networkpolicy", ApiJson.Default.ObjectsResponse)).Objects);
        Assert.Equal(("x/closed", "a.yaml", 11, "apply"), (policy.Name, policy.File, policy.Line, policy.Source));

        var same = await daemon.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"), Yaml.DenyAll());
        Assert.Equal(1, same.Generation);
        Assert.All(same.Objects, o => Assert.Equal("unchanged", o.Change));

        Assert.Equal(["x/b"], (await daemon.Delete("Pod", "x/b")).Detached);
        Assert.DoesNotContain(pods[1].Netns, Netns.List());
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public async Task A_restart_keeps_addresses_generation_and_namespaces()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("b.yaml", Yaml.Pod("b"));
        await daemon.Apply("a.yaml", Yaml.Pod("a"));
        var (state, pods) = (await daemon.State(), await daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse));
        await daemon.Stop();
        await daemon.StartAgain();
        var status = await daemon.Status();
        Assert.Equal((2L, 2L, true), (status.DesiredGeneration, status.EnforcedGeneration, status.Adopted));
        Assert.Equal(state.Leases, (await daemon.State()).Leases);
        Assert.Equal(pods.Pods, (await daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse)).Pods);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public async Task Bad_input_changes_nothing_and_says_where_it_is()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"));
        var before = await daemon.State();
        var problem = await daemon.Refused(ApiPaths.Apply, RunningDaemon.Request("bad.yaml", Yaml.Pod("b"),
            Yaml.Pod("c").Replace("containers", "contaners", StringComparison.Ordinal)), ApiJson.Default.ApplyRequest);
        Assert.Equal((422, 3), (problem.Status, problem.ExitCode));
        Assert.Contains(problem.Diagnostics, d => d is { File: "bad.yaml", Line: 9, Severity: "error" });
        var after = await daemon.State();
        Assert.Equal(before.Generation, after.Generation);
        Assert.Equal(before.Files, after.Files);

        var unknown = await daemon.Refused(ApiPaths.Delete,
            new DeleteRequest { Objects = [new ObjectReference("Pod", "x/nobody")] }, ApiJson.Default.DeleteRequest);
        Assert.Equal((404, 1), (unknown.Status, unknown.ExitCode));
    }

    [Fact]
    public async Task What_the_kernel_refuses_leaves_everything_as_it_was()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"));
        // There is no such namespace to adopt.
        var adopted = Yaml.Pod("b")
            .Replace("labels:", "annotations: {dataplane/netns: no-such-namespace}, labels:", StringComparison.Ordinal);
        var problem = await daemon.Refused(ApiPaths.Apply, RunningDaemon.Request("b.yaml", adopted),
            ApiJson.Default.ApplyRequest);
        Assert.Equal((500, 5), (problem.Status, problem.ExitCode));
        Assert.Contains("no-such-namespace", problem.Detail, StringComparison.Ordinal);
        var status = await daemon.Status();
        Assert.Equal((1L, 1L, 1), (status.DesiredGeneration, status.EnforcedGeneration, status.Pods));
        Assert.Equal(2, (await daemon.Apply("c.yaml", Yaml.Pod("c"))).Generation);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public async Task What_cannot_be_stored_is_taken_back_from_the_kernel()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"));
        var blocked = Path.Combine(daemon.StateDirectory, "change-0000000002.yaml.tmp");
        Directory.CreateDirectory(blocked);
        var problem = await daemon.Refused(ApiPaths.Apply, RunningDaemon.Request("b.yaml", Yaml.Pod("b")),
            ApiJson.Default.ApplyRequest);
        Assert.Equal((500, 5), (problem.Status, problem.ExitCode));
        Assert.Equal(["x/a"], (await daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse)).Pods.Select(p => p.Name));
        Assert.DoesNotContain(NodeNames.Of(daemon.Node), n => n.EndsWith('b'));
        // Nor has anything gone on the way there and back.
        var netns = (await daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse)).Pods[0].Netns!;
        InNetns.Exec(netns, "ip", "link add mine type veth peer name too");
        Assert.Equal(500, (await daemon.Refused(ApiPaths.Delete,
            new DeleteRequest { Objects = [new ObjectReference("Pod", "x/a")] },
            ApiJson.Default.DeleteRequest)).Status);
        Assert.Contains("mine", InNetns.Exec(netns, "ip", "link"), StringComparison.Ordinal);
        Directory.Delete(blocked);
        Assert.Equal(2, (await daemon.Apply("b.yaml", Yaml.Pod("b"))).Generation);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_and_does_nothing()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"));
        var rehearsed =
            await daemon.Apply(RunningDaemon.Request("b.yaml", Yaml.Pod("b")) with { DryRun = true, Prune = true });
        Assert.Equal((1L, true), (rehearsed.Generation, rehearsed.DryRun));
        Assert.Equal(["x/b"], rehearsed.Attached);
        Assert.Equal(["x/a"], rehearsed.Detached);
        Assert.Equal(1, (await daemon.Status()).DesiredGeneration);
        Assert.Equal(["x/a"], (await daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse)).Pods.Select(p => p.Name));
    }

    [Fact]
    public async Task Fifty_clients_at_once_all_get_what_they_asked_for()
    {
        await using var daemon = await RunningDaemon.Start();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var client = daemon.NewClient();
            return await daemon.Apply(RunningDaemon.Request($"p{i}.yaml", Yaml.Pod($"p{i}")), client);
        }));
        Assert.Equal(50, (await daemon.Status()).Pods);
        Assert.All(answers, a => Assert.Equal("created", Assert.Single(a.Objects).Change));
        Assert.Equal(50, answers.SelectMany(a => a.Attached).Distinct().Count());
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public async Task What_was_asked_for_at_once_is_there_after_a_restart()
    {
        await using var daemon = await RunningDaemon.Start();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var client = daemon.NewClient();
            await daemon.Apply(RunningDaemon.Request($"p{i}.yaml", Yaml.Pod($"p{i}")), client);
        }));
        var generation = (await daemon.Status()).DesiredGeneration;
        await daemon.Stop();
        await daemon.StartAgain();
        var status = await daemon.Status();
        Assert.Empty(status.Errors);
        Assert.Equal((50, generation), (status.Pods, status.EnforcedGeneration));
    }

    [Fact]
    public async Task A_second_daemon_on_the_node_is_refused()
    {
        await using var daemon = await RunningDaemon.Start();
        await Assert.ThrowsAsync<Dataplane.Node.Live.NodeBusyException>(
            () => DaemonHost.RunAsync(daemon.Options, default));
    }
}
