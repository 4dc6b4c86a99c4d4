using Dataplane.Cli.Matrix;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Why;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Verify;

/// <summary>
/// Prints a verification as text: the matrix if it is small, otherwise a summary by namespace; every flow that is not
/// as expected, the sums.
/// </summary>
internal static class VerifyTable
{
    /// <summary>Largest number of endpoints for which the matrix is shown.</summary>
    private const int Small = 20;

    /// <summary>Largest number of flows explained; JSON has all of them.</summary>
    private const int MostExplained = 20;

    /// <param name="width">Number of columns of the terminal.</param>
    public static void Write(Printer output, Ansi colours, int width, Cluster cluster, VerifyReport report)
    {
        var ends = report.Flows.SelectMany(f => (Endpoint[])[f.Flow.From, f.Flow.To]).Distinct().Count();
        if (report.Sample is null && ends is > 0 and <= Small)
            MatrixTable.Write(output, colours, width, MatrixBlock.Of(report), measured: true);
        else if (ends > 0) NamespaceSummary.Write(output, report);
        ServiceLines.Write(output, colours, report.Services);
        WriteProblems(output, colours, cluster, report);
        WriteSums(output, colours, report);
    }

    public static void WriteProblems(Printer output, Ansi colours, Cluster cluster, VerifyReport report)
    {
        var problems = report.Flows.Where(f => !f.Agrees).ToList();
        foreach (var problem in problems.Take(MostExplained))
        {
            var sign = MatrixTable.Sign(problem.Measured == Measured.Undecided ? Cell.Undecided : Cell.Differs);
            output.WriteLine($"\n{colours.Red(sign)} {Title(problem.Flow)}   expected "
                + $"{Words.Verdict(problem.Expected)}   measured {Words.Verdict(problem.Measured)}");
            output.WriteLine($"    policy  {FlowReasons.Policies(cluster, problem.Flow)}");
            output.WriteLine($"    kernel  {FlowReasons.Kernel(problem)}");
        }
        ServiceLines.WriteProblems(output, colours, [.. report.Services.Where(s => !s.Agrees).Take(MostExplained)]);
        if (problems.Count > MostExplained)
            output.WriteLine($"\n{problems.Count - MostExplained} more; -o json has them all");
        if (report.ControlFailure is { } failure)
            output.WriteLine($"\n{colours.Red("control failed")}: {failure}; nothing above can be trusted");
    }

    public static string Title(Flow flow) =>
        $"{flow.From.Name} → {flow.To.Name}   {flow.Probe} · {flow.Family.Text()}";

    private static void WriteSums(Printer output, Ansi colours, VerifyReport report)
    {
        var sums = $"{Words.Count(report.Count, "flow")}: {report.Agree} as expected, {report.Disagree} "
            + $"different, {report.Undecided} undecided";
        if (report.Sample is { } sample) output.WriteLine($"\n{VerifyRun.Text(sample)}");
        var times = report.Timings;
        // A sum of nothing is no success.
        var good = report.Count > 0 && report.Agree == report.Count;
        output.WriteLine($"\n{(good ? colours.Green(sums) : colours.Red(sums))}   "
            + $"{Words.Time(times.Total)} (attach {Words.Time(times.Attach)}, program {Words.Time(times.Program)}, "
                + $"probe {Words.Time(times.Probe)})");
    }
}
