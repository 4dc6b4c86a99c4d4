using Dataplane.Integration.Chaos;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Promises;

/// <summary>
/// The daemon in a memory cgroup, by which a service manager limits it. The kernel's memory of pods' namespaces counts
/// for the cgroup too: some 180 KB for each.
/// </summary>
public sealed class MemoryTests
{
    private const string OnlyB = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: only-80, namespace: x}
        spec:
          podSelector: {matchLabels: {app: b}}
          ingress: [{ports: [{port: 80}]}]
        """;

    [Fact]
    public void A_hundred_and_fifty_mebibytes_are_enough_for_300_pods_and_for_the_tables_of_1000()
    {
        using var limit = MemoryLimit.Of(150 << 20);
        using (var daemon = DaemonProcess.Within(limit.Wrapper))
        {
            daemon.Apply("pods.yaml", Pods(300));
            Assert.Equal(300, daemon.Status().Pods);
        }
        using (var daemon = DaemonProcess.Within(limit.Wrapper, "--node", "simulated"))
        {
            daemon.Apply("pods.yaml", Pods(1000));
            Assert.Equal(1000, daemon.Status().Pods);
        }
        Assert.Equal(0, limit.Kills);
    }

    /// <summary>
    /// The kernel kills the daemon over its limit: what was enforced stays so, and the next start has it.
    /// </summary>
    [Fact]
    public void Without_enough_it_is_killed_and_nothing_opens()
    {
        using var limit = MemoryLimit.Of(120 << 20);
        using var daemon = DaemonProcess.Within(limit.Wrapper);
        daemon.Apply("pods.yaml", string.Join("---\n", Yaml.Pod("a"), Yaml.Pod("b"), OnlyB));
        var before = daemon.Status().DesiredGeneration;
        Assert.ThrowsAny<Exception>(() => daemon.Apply("more.yaml", Pods(1000)));
        Assert.True(SpinWait.SpinUntil(() => limit.Kills > 0, PodSocket.Patience), daemon.Said());
        var rules = InNetns.Exec(daemon.NodeName, "nft", "list set inet dataplane ingress_isolated");
        Assert.Contains("elements", rules, StringComparison.Ordinal);

        daemon.Wrapper = [];
        daemon.Kill();
        daemon.Start();
        Assert.True(daemon.Status().Adopted);
        Assert.Equal((before, 2), (daemon.Status().DesiredGeneration, daemon.Status().Pods));
        var report = daemon.Verify("TCP:80", "TCP:81");
        Assert.Null(report.ControlFailure);
        Assert.All(report.Flows, f => Assert.Equal(f.Expected ? "allowed" : "denied", f.Measured));
        Assert.Contains(report.Flows, f => !f.Expected);
        ThreadHome.AssertAllHome();
    }

    private static string Pods(int count) =>
        string.Join("---\n", Enumerable.Range(0, count).Select(i => Yaml.Pod($"p{i}")));

    /// <summary>A memory cgroup, of the first version or the second; the test is skipped where there is none.</summary>
    private sealed class MemoryLimit : IDisposable
    {
        private readonly string _path;
        private readonly bool _isSecond;

        private MemoryLimit(string path, bool isSecond) => (_path, _isSecond) = (path, isSecond);

        public string[] Wrapper => ["sh", "-c", $"echo $$ > {_path}/cgroup.procs && exec \"$@\"", "sh"];

        /// <summary>Processes that the kernel has killed for want of memory.</summary>
        public int Kills => int.Parse(
            File.ReadLines(Path.Combine(_path, _isSecond ? "memory.events" : "memory.oom_control"))
                .Single(l => l.StartsWith("oom_kill ", StringComparison.Ordinal))["oom_kill ".Length..],
            System.Globalization.CultureInfo.InvariantCulture);

        public static MemoryLimit Of(long bytes)
        {
            const string root = "/sys/fs/cgroup";
            var isSecond = !Directory.Exists($"{root}/memory");
            var path = Path.Combine(isSecond ? root : $"{root}/memory", $"dptest-{Guid.NewGuid():N}"[..20]);
            try
            {
                Directory.CreateDirectory(path);
                File.WriteAllText(Path.Combine(path, isSecond ? "memory.max" : "memory.limit_in_bytes"), $"{bytes}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Assert.Skip($"no memory cgroup here: {e.Message}");
            }
            return new MemoryLimit(path, isSecond);
        }

        public void Dispose() => Directory.Delete(_path);
    }
}
