using System.Globalization;
using Dataplane.Api;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;

namespace Dataplane.Bench;

/// <summary>
/// The plugin as a container runtime runs it, a process for each ADD and each DEL, beside bridge and host-local, which
/// take turns with it. The daemon is the published one, and writes to its disk.
/// </summary>
internal static class PluginSpeed
{
    private const int Containers = 40, Runs = 9;
    private const double AtMost = 0.5;

    public static void Run()
    {
        var program = Path.GetFullPath("out/dataplane-cni");
        if (!File.Exists(BenchDaemon.Program) || !File.Exists(program))
        {
            Console.Error.WriteLine("out/dataplane-cni is not there: run `make build` first");
            return;
        }
        if (!File.Exists(Attaching.Plugin))
        {
            Figures.Skipped("ADD, DEL as whole processes", Attaching.NoPlugin);
            return;
        }
        using var directory = new TempDirectory();
        var name = RunName.Next();
        try
        {
            using var daemon = new BenchDaemon(directory.Path, name);
            Compare(daemon, program, $$"""
                {"cniVersion": "1.0.0", "name": "bench", "type": "dataplane-cni", "socket": "{{daemon.Socket}}",
                 "dataplane": {"namespace": "bench", "labels": {"app": "bench"} } }
                """);
        }
        finally
        {
            LiveNode.Destroy(name);
        }
    }

    private static void Compare(BenchDaemon daemon, string program, string configuration)
    {
        var (ours, theirs) = (new List<Dictionary<string, double>>(), new List<Dictionary<string, double>>());
        // The first run of each reads its files from the disk, and the daemon compiles its code.
        Yardsticks.Run("cnicall", $"{Containers}", program, configuration);
        var before = Spent(daemon);
        for (var run = 0; run < Runs; run++)
        {
            ours.Add(Yardsticks.Run("cnicall", $"{Containers}", program, configuration));
            theirs.Add(Yardsticks.Run("cnicall", $"{Containers}", Attaching.Plugin, Attaching.Configuration));
        }
        var after = Spent(daemon);
        foreach (var (word, what) in ((string, string)[])[("add_ms", "ADD"), ("del_ms", "DEL")])
        {
            Figures.Bar($"dataplane-cni {what}, a whole process", Of(ours, word), "bridge + host-local",
                Of(theirs, word), AtMost, "ms");
        }
        Figures.Line("  of this the start (VERSION)", $"{Figures.Median(Of(ours, "version_ms")):N2} ms",
            $"bridge: {Figures.Median(Of(theirs, "version_ms")):N2} ms");
        // As many ADDs as DELs.
        foreach (var (what, metric) in ((string, string)[])[("the daemon's change", "dataplane_reconcile_seconds"),
            ("  of this the kernel's transaction of rules", "dataplane_transaction_seconds")])
        {
            var (sum, count) = (after[metric + "_sum"] - before[metric + "_sum"],
                after[metric + "_count"] - before[metric + "_count"]);
            Figures.Line($"  of this {what}, ADD and DEL", $"{1000 * sum / count:N2} ms");
        }
        Figures.Line("dataplane-cni, size of the program", $"{new FileInfo(program).Length / 1024.0 / 1024:N1} MiB");
    }

    private static double[] Of(List<Dictionary<string, double>> runs, string word) => [.. runs.Select(r => r[word])];

    /// <summary>The sums and counts of the daemon's histograms.</summary>
    private static Dictionary<string, double> Spent(BenchDaemon daemon) => daemon.Text(ApiPaths.Metrics).Split('\n')
        .Select(line => line.Split(' ')).Where(words => words is [var metric, _]
            && (metric.EndsWith("seconds_sum", StringComparison.Ordinal)
                || metric.EndsWith("seconds_count", StringComparison.Ordinal)))
        .ToDictionary(words => words[0], words => double.Parse(words[1], CultureInfo.InvariantCulture));
}
