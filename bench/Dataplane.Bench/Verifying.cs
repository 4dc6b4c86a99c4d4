using System.Diagnostics;
using Dataplane.Node.Addressing;
using Dataplane.Node.Verification;
using Dataplane.Policy;

namespace Dataplane.Bench;

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
