using System.Diagnostics;
using System.Globalization;
using Dataplane.Node.Addressing;
using Dataplane.Node.Network;
using Dataplane.Node.Verification;
using Dataplane.Policy;

namespace Dataplane.Bench;

/// <summary>Pods attached to a private node, beside a C program that makes only the system calls.</summary>
internal static class Attaching
{
    private const int Pods = 200, Runs = 5;

    public static void Run()
    {
        var program = Path.Combine(Environment.GetEnvironmentVariable("DATAPLANE_YARDSTICKS") ?? "bench/yardsticks/bin", "podattach");
        var pods = TypicalCluster.Of(Pods, 0).Pods;
        var (ours, theirs) = (new List<double>(), new List<double>());
        var first = Attach(pods);
        for (var run = 0; run < Runs; run++)
        {
            ours.Add(Attach(pods));
            theirs.Add(Yardstick(program));
        }
        Figures.Line($"attach one of {Pods} pods: first run", $"{first:N2} ms");
        Figures.Bar("attach a pod", ours, "podattach (C, IPv4)", theirs, 1.5, "ms");
    }

    private static double Attach(IReadOnlyList<PodEndpoint> pods)
    {
        using var node = PrivateNode.Create(NodeOptions.Default);
        return Figures.Milliseconds(() => node.AttachPods(pods)) / pods.Count;
    }

    private static double Yardstick(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, [$"{Pods}"]) { RedirectStandardOutput = true })!;
        var words = process.StandardOutput.ReadToEnd().Split(' ');
        process.WaitForExit();
        return double.Parse(words[Array.IndexOf(words, "attach_ms") + 1], CultureInfo.InvariantCulture);
    }
}

/// <summary>Verification from nothing to the last verdict, and its probing part alone.</summary>
internal static class Verifying
{
    public static void Run()
    {
        foreach (var pods in (int[])[30, 100])
        {
            var cluster = TypicalCluster.Of(pods, pods);
            Probe[] probes = [new(FlowProtocol.Tcp, 80), new(FlowProtocol.Udp, 53), new(FlowProtocol.Sctp, 8085)];
            var reports = new List<(VerifyReport Report, double Whole)>();
            for (var run = 0; run < 4; run++)
            {
                var started = Stopwatch.GetTimestamp();
                var report = Verifier.Run(cluster, NodeOptions.Default, probes, [], null, null, null, default);
                reports.Add((report, Stopwatch.GetElapsedTime(started).TotalMilliseconds));
                if (report.ControlFailure is { } failure) throw new InvalidOperationException(failure);
                if (report.Agree != report.Flows.Count) throw new InvalidOperationException($"{report.Disagree} disagree, {report.Undecided} undecided");
            }
            var flows = reports[0].Report.Flows.Count;
            var name = $"verify {pods} x {pods} x 3, two families ({flows:N0} flows)";
            Figures.Line($"{name}: whole", (reports[0].Whole, Figures.Median([.. reports.Skip(1).Select(r => r.Whole)])));
            foreach (var (part, of) in new (string, Func<VerifyTimings, TimeSpan>)[] { ("attach", t => t.Attach), ("program", t => t.Program), ("probe", t => t.Probe) })
                Figures.Line($"{name}: {part}", (of(reports[0].Report.Timings).TotalMilliseconds, Figures.Median([.. reports.Skip(1).Select(r => of(r.Report.Timings).TotalMilliseconds)])));
            Figures.Line($"{name}: probing", $"{flows / Figures.Median([.. reports.Skip(1).Select(r => r.Report.Timings.Probe.TotalSeconds)]):N0} flows/s");
        }
    }
}
