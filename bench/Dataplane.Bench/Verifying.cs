using System.Diagnostics;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;

namespace Dataplane.Bench;

/// <summary>
/// Verification from nothing to the last verdict, and its probing part beside a C program that only sends frames and
/// looks where they come out.
/// </summary>
internal static class Verifying
{
    private const int Rounds = 9;
    private static readonly Probe[] Probes =
        [new(FlowProtocol.Tcp, 80), new(FlowProtocol.Udp, 53), new(FlowProtocol.Sctp, 8085)];

    public static void Run()
    {
        foreach (var pods in (int[])[30, 100]) Whole(pods);
        Probing(100);
    }

    private static void Whole(int pods)
    {
        var cluster = TypicalCluster.Of(pods, pods);
        var reports = new List<(VerifyReport Report, double Whole)>();
        for (var run = 0; run < 4; run++)
        {
            var started = Stopwatch.GetTimestamp();
            var report = Right(Verifier.Run(cluster, NodeOptions.Default, Probes, [], null, null, null, default));
            reports.Add((report, Stopwatch.GetElapsedTime(started).TotalMilliseconds));
        }
        var flows = reports[0].Report.Flows.Count;
        var name = $"verify {pods} x {pods} x 3, two families ({flows:N0} flows)";
        var whole = Figures.Median([.. reports.Skip(1).Select(r => r.Whole)]);
        Figures.Line($"{name}: whole", (reports[0].Whole, whole));
        foreach (var (part, of) in new (string, Func<VerifyTimings, TimeSpan>)[]
        {
            ("attach", t => t.Attach), ("program", t => t.Program), ("probe", t => t.Probe),
        })
        {
            Figures.Line($"{name}: {part}", (of(reports[0].Report.Timings).TotalMilliseconds,
                Figures.Median([.. reports.Skip(1).Select(r => of(r.Report.Timings).TotalMilliseconds)])));
        }
    }

    /// <summary>
    /// The same node again and again; what the policies say is known before, as it is in the C program.
    /// </summary>
    private static void Probing(int pods)
    {
        var (ours, theirs) = (new List<double>(), new List<double>());
        var cluster = TypicalCluster.Of(pods, pods);
        using var session = NodeSession.Open(cluster, NodeOptions.Default, []);
        for (var round = 0; round <= Rounds; round++)
        {
            var report = Right(Probe());
            // In the first round nothing is compiled yet.
            if (round == 0) continue;
            ours.Add(report.Timings.Probe.TotalMicroseconds / report.Flows.Count);
            theirs.Add(Yardstick(pods));
        }
        Figures.Bar("verify: one flow of the probing part", ours, "probe (C, one CPU, IPv4)", theirs, 1, "us");
        Figures.Line("verify: flows in a second of the probing part", $"{1_000_000 / Figures.Median(ours):N0}");
        using var busy = new BusyCpus();
        var late = Probe();
        Figures.Bar($"verify: wrong or undecided of {late.Flows.Count:N0} with all CPUs busy, "
            + $"{late.Flows.Count / late.Timings.Probe.TotalSeconds:N0} flows/s", late.Disagree + late.Undecided, 0,
            "flows");

        VerifyReport Probe()
        {
            var asked = Expectations.Begin(cluster, ReachabilityMatrix.Flows(cluster, Probes, []), default);
            asked.Allowed();
            return Controlled(session.Probe(asked, null, null, default));
        }
    }

    private static double Yardstick(int pods)
    {
        var asked = Yardsticks.Run("probe", $"{pods}", "1");
        return asked["wrong"] == 0
            ? asked["us"]
            : throw new InvalidOperationException($"probe: {asked["wrong"]} wrong verdicts");
    }

    private static VerifyReport Right(VerifyReport report) => Controlled(report).Agree == report.Flows.Count ? report
        : throw new InvalidOperationException($"{report.Disagree} disagree, {report.Undecided} undecided");

    private static VerifyReport Controlled(VerifyReport report) =>
        report.ControlFailure is { } failure ? throw new InvalidOperationException(failure) : report;
}
