using System.Diagnostics;

namespace Dataplane.Integration.Daemon;

/// <summary>The page of a running daemon, in a browser.</summary>
public sealed class PageTests(ITestOutputHelper output)
{
    private const string Deny = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: closed, namespace: x }
        spec: { podSelector: { matchLabels: { name: b } }, policyTypes: [Ingress] }

        """;

    [Fact]
    public async Task A_change_and_what_it_denies_are_seen_at_once()
    {
        await using var daemon = await RunningDaemon.Start();
        var pods = await daemon.Apply("p.yaml", Pod("a"), Pod("b"));
        Assert.Equal(2, pods.Attached.Count);
        await using var shown = await RunningPage.Open(daemon);
        await shown.Until("x/a", "x/b", "allowed");
        Assert.DoesNotContain("token", await shown.Page.AskAsync<string>("location.href"), StringComparison.Ordinal);

        var entries = (await daemon.Get(Api.ApiPaths.Pods, Api.ApiJson.Default.PodsResponse)).Pods;
        var (netns, target) = (entries[0].Netns!, entries[1].IPv4!);
        Send(netns, target);
        var cut = await daemon.Apply("deny.yaml", Deny);
        await shown.Until("x/a", "x/b", "denied");
        Assert.True(await shown.Page.AskAsync<bool>("document.querySelector('td.changed') !== null"));

        await shown.Page.StateAsync("view=flows");
        Send(netns, target);
        await shown.Page.UntilAsync("[...document.querySelectorAll('.flows tr.denied')]"
            + ".some(r => r.innerText.includes('x/closed deny.yaml:1'))");
        if (cut.Cut.Count > 0)
            await shown.Page.UntilAsync("document.body.innerText.includes('Connections that changes have cut')");

        await shown.Page.StateAsync("view=matrix&from=x/a&to=x/b");
        await shown.Page.UntilAsync("document.querySelector('aside .sentence')?.innerText.includes('x/closed')");
        var origin = shown.Address[..shown.Address.IndexOf('#', StringComparison.Ordinal)];
        Assert.All(shown.Page.Requests.Where(r => r != "data:,"),
            r => Assert.StartsWith(origin, r, StringComparison.Ordinal));
        Assert.DoesNotContain(shown.Page.Requests, r => r.Contains("token", StringComparison.Ordinal)
            && !r.Contains("#token", StringComparison.Ordinal));
        Assert.Empty(shown.Page.Errors);
        Assert.Equal(0, await shown.Interrupt());
        await shown.Page.UntilAsync("document.querySelector('.status.lost')");

        static void Send(string netns, string target) =>
            InNetns.Exec(netns, "/bin/bash", $"-c \"echo hello > /dev/udp/{target}/80\"");
    }

    [Fact]
    public async Task It_waits_for_a_daemon_that_has_ended_and_goes_on()
    {
        await using var daemon = await RunningDaemon.Start(o => o with { Node = "simulated" });
        await daemon.Apply("p.yaml", Pod("a"), Pod("b"));
        await using var shown = await RunningPage.Open(daemon);
        await shown.Until("x/a", "x/b", "allowed");
        await daemon.Stop();
        await shown.Page.UntilAsync("document.querySelector('.status.away')");
        // What was is still to be read.
        await shown.Until("x/a", "x/b", "allowed");
        await daemon.StartAgain(o => o with { Node = "simulated" });
        await shown.Page.UntilAsync("document.querySelector('.status.here')");
        await daemon.Apply("deny.yaml", Deny);
        await shown.Until("x/a", "x/b", "denied");
    }

    /// <summary>1,000 changes while the page is open: nothing stays behind in page, program or daemon.</summary>
    [Fact(Explicit = true)]
    public async Task A_thousand_changes_leave_nothing_behind()
    {
        const int warm = 100, changes = 1000;
        await using var daemon = await RunningDaemon.Start(o => o with { Node = "simulated" });
        await daemon.Apply("p.yaml", [.. Enumerable.Range(0, 30).Select(i => Pod($"p{i}")), Pod("a"), Pod("b")]);
        await using var shown = await RunningPage.Open(daemon);
        await Change(warm);
        var before = (Page: await shown.Page.HeapAsync(), Program: shown.Memory, Daemon: Held());
        var clock = Stopwatch.StartNew();
        await Change(changes);
        var after = (Page: await shown.Page.HeapAsync(), Program: shown.Memory, Daemon: Held());
        output.WriteLine($"{changes} changes in {clock.Elapsed.TotalSeconds:0.0} s; KiB before -> after: "
            + $"page {before.Page >> 10} -> {after.Page >> 10}, "
            + $"dataplane ui {before.Program >> 10} -> {after.Program >> 10}, "
            + $"daemon {before.Daemon >> 10} -> {after.Daemon >> 10}");
        Assert.InRange(after.Page - before.Page, long.MinValue, 4 << 20);
        Assert.InRange(after.Program - before.Program, long.MinValue, 64 << 20);
        Assert.InRange(after.Daemon - before.Daemon, long.MinValue, 16 << 20);
        Assert.Empty(shown.Page.Errors);

        async Task Change(int count)
        {
            for (var i = 0; i < count / 2; i++)
            {
                await daemon.Apply("deny.yaml", Deny);
                await daemon.Delete("NetworkPolicy", "x/closed");
            }
            var generation = (await daemon.State()).Generation;
            await shown.Page.UntilAsync($"window.dataplane.live.document.generation === {generation}");
            await shown.Until("x/a", "x/b", "allowed");
        }

        static long Held() => GC.GetTotalMemory(forceFullCollection: true);
    }

    private static string Pod(string name) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: {{name}}, namespace: x, labels: { name: {{name}} } }
        spec: { containers: [{ name: c, image: i, ports: [{ containerPort: 80, protocol: UDP }] }] }

        """;
}
