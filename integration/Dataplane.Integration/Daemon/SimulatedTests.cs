using Dataplane.Api;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Daemon;

/// <summary>
/// A daemon whose pods exist in the tables only: it changes them as usual, and refuses requests that need packets.
/// </summary>
public sealed class SimulatedTests
{
    [Fact]
    public async Task Pods_come_and_go_without_namespaces_and_are_there_again()
    {
        await using var daemon = await RunningDaemon.Start(o => o with { Node = "simulated" });
        var many =
            await daemon.Apply("p.yaml", [.. Enumerable.Range(0, 100).Select(i => Yaml.Pod($"p{i}")), Yaml.DenyAll()]);
        Assert.Equal(100, many.Attached.Count);
        Assert.Equal(["x/p7"], (await daemon.Delete("Pod", "x/p7")).Detached);
        var before = await daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse);
        Assert.Equal(99, before.Pods.Count);
        Assert.All(before.Pods, p => Assert.Null(p.Netns));
        Assert.DoesNotContain(Netns.List(),
            n => n.StartsWith(daemon.Node, StringComparison.Ordinal) && n != daemon.Node);

        await daemon.Stop();
        await daemon.StartAgain(o => o with { Node = "simulated" });
        var status = await daemon.Status();
        Assert.Equal(("simulated", true, 99, 2L, 2L, null), (status.Mode, status.Adopted, status.Pods,
            status.DesiredGeneration, status.EnforcedGeneration, status.Problem));
        Assert.Equal(before.Pods, (await daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse)).Pods);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public async Task What_takes_packets_is_refused_and_nothing_is_changed()
    {
        await using var daemon = await RunningDaemon.Start(o => o with { Node = "simulated" });
        await daemon.Apply("p.yaml", Yaml.Pod("a"), Yaml.Pod("b"));
        using var capture = await daemon.Client.GetAsync($"{ApiPaths.Capture}?pod=x/a");
        Problem[] refusals =
        [
            await daemon.Refused(ApiPaths.Apply,
                RunningDaemon.Request("q.yaml", Yaml.DenyAll()) with { WaitSeconds = 20 },
                ApiJson.Default.ApplyRequest),
            await daemon.Refused(ApiPaths.Verify, new VerifyRequest(), ApiJson.Default.VerifyRequest),
            await daemon.Refused(ApiPaths.Trace, new TraceRequest("x/a", "x/b", "TCP:80"),
                ApiJson.Default.TraceRequest),
            await RunningDaemon.ProblemOf(capture),
        ];
        Assert.All(refusals,
            r => Assert.Equal(("urn:dataplane:problem:simulated", 409, 3), (r.Type, r.Status, r.ExitCode)));
        Assert.Equal(1, (await daemon.Status()).DesiredGeneration);
    }
}
