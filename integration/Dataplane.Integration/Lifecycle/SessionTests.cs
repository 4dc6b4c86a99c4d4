using System.Diagnostics;
using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Lifecycle;

/// <summary>Alone, so that what is left on the machine is ours.</summary>
[CollectionDefinition(nameof(AloneOnTheMachine), DisableParallelization = true)]
public sealed class AloneOnTheMachine;

/// <summary>
/// However a session ends, nothing of it is left: no name, no namespace, no link, no table, no process.
/// </summary>
[Collection(nameof(AloneOnTheMachine))]
public sealed class SessionTests
{
    private const string ChildVariable = "DATAPLANE_TEST_CHILD_REPORT";
    private static readonly Probe[] Probes = [new(FlowProtocol.Tcp, 80)];

    private static Lab Pods() => new Lab().Namespace("x").Pod("x/a").Pod("x/b").Policy("x/closed", ingress: []);

    [Fact]
    public void Twenty_sessions_some_at_once()
    {
        var before = Traces();
        for (var i = 0; i < 8; i++) OpenAndProbe();
        // Four threads with three sessions each: every session has its own node, nothing is shared but the machine.
        Parallel.For(0, 12, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => OpenAndProbe());
        AssertUntouched(before);
    }

    [Fact]
    public void Stopped_while_attaching()
    {
        var before = Traces();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => NodeSession.Open(Pods().Cluster, NodeOptions.Default, [],
            progress: new StopAt("attach", stop), stop: stop.Token));
        AssertUntouched(before);
    }

    /// <summary>Who waits for 300 pods sees how many there are already.</summary>
    [Fact]
    public void Progress_moves_while_attaching()
    {
        var lab = new Lab().Namespace("x");
        for (var i = 0; i < 40; i++) lab = lab.Pod($"x/p{i}");
        var seen = new Seen();
        NodeSession.Open(lab.Cluster, NodeOptions.Default, [], progress: seen).Dispose();
        var attached = seen.Reports.Where(r => r.Phase == "attach").Select(r => (r.Done, r.Total)).ToList();
        Assert.Equal(((0, 40), (40, 40)), (attached[0], attached[^1]));
        Assert.Equal(attached.Distinct().Order(), attached);
        Assert.InRange(attached.Count, 4, int.MaxValue);
    }

    [Fact]
    public void Stopped_while_probing()
    {
        var before = Traces();
        using var stop = new CancellationTokenSource();
        var cluster = Pods().Cluster;
        // More probes than one chunk holds, so that there is something left to stop.
        var many = Enumerable.Range(1, Prober.ChunkSize)
            .Select(port => new Probe(FlowProtocol.Udp, (ushort)port))
            .ToList();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Verifier.Run(cluster, NodeOptions.Default, many, [], null, null, new StopAt("probe", stop), stop.Token));
        AssertUntouched(before);
    }

    [Fact]
    public void Two_pods_with_one_address()
    {
        var before = Traces();
        var cluster = Pods().Cluster;
        var twin = cluster.Pods[1] with { IPv4 = cluster.Pods[0].IPv4 };
        var error = Record.Exception(
            () => NodeSession.Open(cluster with { Pods = [cluster.Pods[0], twin] }, NodeOptions.Default, []));
        Assert.NotNull(error);
        AssertUntouched(before);
    }

    [Fact]
    public void A_failure_after_the_pods_are_attached()
    {
        var before = Traces();
        var external = new ExternalEndpoint(IPAddress.Parse("172.17.5.9"));
        Assert.ThrowsAny<Exception>(() => NodeSession.Open(Pods().Cluster, NodeOptions.Default, [external, external]));
        AssertUntouched(before);
    }

    [Fact]
    public async Task What_a_killed_run_leaves_the_next_cleanup_removes()
    {
        var before = Traces();
        var report = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!, ["-explicit", "only", "-method",
                $"{typeof(SessionTests).FullName}.{nameof(A_child_that_kills_itself)}"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            };
            start.Environment[ChildVariable] = report;
            using var child = Process.Start(start)!;
            var (output, error) = (child.StandardOutput.ReadToEndAsync(), child.StandardError.ReadToEndAsync());
            await child.WaitForExitAsync();
            Assert.True(child.ExitCode == 128 + 9,
                $"the child was not killed: {child.ExitCode} {await output} {await error}");
            var name = File.ReadAllText(report);
            Assert.Contains(name, Netns.List());
            Assert.True(RunName.IsDead(name));
            Assert.Equal(3, Cleanup.RuntimeFiles(name).Count(File.Exists));

            using var alive = NodeSession.Open(Pods().Cluster, NodeOptions.Default, []);
            var removed = Cleanup.RemoveDeadRuns();
            Assert.Contains(name, removed);
            Assert.DoesNotContain(alive.Node.Netns.Name!, removed);
            Assert.DoesNotContain(name, Netns.List());
            Assert.DoesNotContain(Cleanup.RuntimeFiles(name), File.Exists);
            Assert.Equal(0, alive.Probe(Probes).Disagree);
        }
        finally
        {
            File.Delete(report);
        }
        AssertUntouched(before);
    }

    [Fact(Explicit = true)]
    public void A_child_that_kills_itself()
    {
        var report = Environment.GetEnvironmentVariable(ChildVariable);
        Assert.SkipWhen(report is null, "only for the test that starts it");
        using var session = NodeSession.Open(Pods().Cluster, NodeOptions.Default, []);
        File.WriteAllText(report, session.Node.Netns.Name);
        Process.GetCurrentProcess().Kill();
        Assert.Fail("still alive");
    }

    private static void OpenAndProbe()
    {
        using var session = NodeSession.Open(Pods().Cluster, NodeOptions.Default, []);
        var report = session.Probe(Probes);
        Assert.Null(report.ControlFailure);
        Assert.Equal(report.Flows.Count, report.Agree);
        Assert.Contains(session.Node.Netns.Name!, Netns.List());
    }

    private static void AssertUntouched(string[] before)
    {
        ThreadHome.AssertAllHome();
        Assert.Equal(before, Traces());
    }

    /// <summary>
    /// Everything a run could leave: our names, open namespaces of this process (an unnamed one lives as long as its
    /// descriptor), sockets, child processes, links and tables of the network we live in.
    /// </summary>
    private static string[] Traces()
    {
        // The thread that visits namespaces keeps the way home open from its first visit on.
        ThreadHome.AssertAllHome();
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route);
        var descriptors = Directory.GetFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget ?? "").ToList();
        var tables = Process.Start(new ProcessStartInfo("nft", "list tables") { RedirectStandardOutput = true })!;
        var listed = tables.StandardOutput.ReadToEnd();
        tables.WaitForExit();
        return
        [
            .. Netns.List().Where(n => n.StartsWith($"dataplane-{Environment.ProcessId}-", StringComparison.Ordinal)),
            $"{descriptors.Count(d => d.StartsWith("net:", StringComparison.Ordinal))} namespaces, "
                + $"{descriptors.Count(d => d.StartsWith("socket:", StringComparison.Ordinal))} sockets",
            .. Links.Dump(route).Select(l => l.Name).Where(n => n.StartsWith("dp0", StringComparison.Ordinal)
                || n.StartsWith("pod", StringComparison.Ordinal)
                || n.StartsWith("ext", StringComparison.Ordinal)),
            .. listed.Split('\n').Where(t => t.Contains("dataplane", StringComparison.Ordinal)),
            .. Directory.GetDirectories("/proc/self/task")
                .SelectMany(t => ReadOrEmpty(t + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(c => $"child {c}"),
        ];
    }

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // The thread ended meanwhile.
            return "";
        }
    }

    private sealed class Seen : IProgress<VerifyProgress>
    {
        public List<VerifyProgress> Reports { get; } = [];

        public void Report(VerifyProgress value) => Reports.Add(value);
    }

    private sealed class StopAt(string phase, CancellationTokenSource stop) : IProgress<VerifyProgress>
    {
        public void Report(VerifyProgress value)
        {
            if (value.Phase == phase) stop.Cancel();
        }
    }
}
