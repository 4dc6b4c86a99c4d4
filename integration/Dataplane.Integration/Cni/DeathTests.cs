using System.Diagnostics;
using Dataplane.Api;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Cni;

/// <summary>
/// A runtime that starts and ends containers while plugin and daemon are killed at random moments: it tries again, as
/// runtimes do, and in the end nothing is left. Takes minutes: see <c>make soak</c>.
/// </summary>
public sealed class DeathTests
{
    private const int Slots = 8;

    /// <summary>Of 100 requests: so many lose the plugin, so many the daemon.</summary>
    private const int LosesPlugin = 10, LosesDaemon = 3;

    /// <summary>How often, with DATAPLANE_PAIRS.</summary>
    private static readonly int Pairs =
        int.TryParse(Environment.GetEnvironmentVariable("DATAPLANE_PAIRS"), out var pairs) ? pairs : 1000;

    [Fact(Explicit = true)]
    public void Nothing_leaks_whoever_is_killed()
    {
        var random = new Random(Environment.TickCount);
        using var daemon = new DaemonProcess();
        daemon.Apply("a.yaml", AttachTests.Policies);
        var slots = Enumerable.Range(0, Slots).Select(_ => TestNetns.Create()).ToArray();
        var (add, delete) = (new List<double>(), new List<double>());
        var (plugins, daemons) = (0, 0);
        try
        {
            for (var pair = 0; pair < Pairs; pair++)
            {
                var (container, netns) = ($"c{pair}", slots[pair % Slots]);
                // A container whose ADD fails is deleted, and there is another one, as kubelets and podman do.
                if (pair >= Slots) Until("DEL", $"c{pair - Slots}", netns, delete);
                while (!Try("ADD", container, netns, add)) Until("DEL", container, netns, delete);
            }
            for (var pair = Pairs - Slots; pair < Pairs; pair++) Until("DEL", $"c{pair}", slots[pair % Slots], delete);

            Assert.Empty(daemon.Get(ApiPaths.Attachments, ApiJson.Default.AttachmentsResponse).Attachments);
            Assert.Empty(daemon.State().Leases);
            var status = daemon.Status();
            Assert.Equal((null, status.DesiredGeneration), (status.Problem, status.EnforcedGeneration));
            Leaks.AssertNone(daemon);
            Leaks.AssertKernelIsCompiled(daemon, "in the end");
            foreach (var slot in slots)
                Assert.DoesNotContain("eth0", slot.Exec("ip", "-o link"), StringComparison.Ordinal);
        }
        finally
        {
            foreach (var slot in slots) slot.Dispose();
        }
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Pairs} pairs, {plugins} plugins and {daemons} daemons killed; of those that were not: "
            + $"ADD {Told(add)}, DEL {Told(delete)}");
        Assert.Equal(0, daemon.Stop());
        ThreadHome.AssertAllHome();

        void Until(string command, string container, TestNetns netns, List<double> times)
        {
            while (!Try(command, container, netns, times))
            {
            }
        }

        bool Try(string command, string container, TestNetns netns, List<double> times)
        {
            var fate = random.Next(100);
            var started = Stopwatch.GetTimestamp();
            using var plugin = Start(command, container, netns, daemon.Socket);
            if (fate < LosesPlugin + LosesDaemon)
            {
                // While it starts, asks, waits or answers.
                using var never = new ManualResetEventSlim();
                never.Wait(random.Next(40));
                if (fate < LosesPlugin)
                {
                    plugins++;
                    plugin.Kill();
                }
                else
                {
                    daemons++;
                    daemon.Kill();
                    daemon.Start();
                }
            }
            var output = plugin.StandardOutput.ReadToEnd();
            plugin.WaitForExit();
            if (fate < LosesPlugin + LosesDaemon) return plugin.ExitCode == 0;
            Assert.True(plugin.ExitCode == 0, output);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return true;
        }
    }

    private static Process Start(string command, string container, TestNetns netns, string socket)
    {
        var start = new ProcessStartInfo(CniLab.Program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        foreach (var (name, value) in ((string, string)[])[("CNI_COMMAND", command), ("CNI_CONTAINERID", container),
            ("CNI_IFNAME", "eth0"), ("CNI_NETNS", $"/run/netns/{netns.Name}"), ("CNI_PATH", "/usr/lib/cni")])
        {
            start.Environment[name] = value;
        }
        var plugin = Process.Start(start)!;
        plugin.StandardInput.Write($$"""
            {"cniVersion": "1.0.0", "name": "net", "type": "dataplane-cni", "socket": "{{socket}}",
             "dataplane": {"namespace": "x", "labels": {"role": "client"} } }
            """);
        plugin.StandardInput.Close();
        return plugin;
    }

    private static string Told(List<double> times)
    {
        double[] sorted = [.. times.Order()];
        return $"{sorted[sorted.Length / 2]:N1} ms, p99 {sorted[sorted.Length * 99 / 100]:N1} ms";
    }
}
