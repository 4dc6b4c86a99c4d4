using Dataplane.Cli.Terminal;
using Dataplane.Cli.Why;
using Dataplane.Policy.Assertions;

namespace Dataplane.Cli.Test;

/// <summary>Prints a test as text: a line for each file and step, every failure with its reason, the sum.</summary>
internal static class TestTable
{
    /// <summary>Largest number of explained failures in a step; JSON has all of them.</summary>
    private const int MostExplained = 20;

    public static void Write(Printer output, Ansi colours, TestReport report)
    {
        foreach (var (tested, results) in report.Cases)
        {
            if (results.Count == 0)
            {
                output.WriteLine($"{(report.AllowsEmpty ? "–" : colours.Red("✗"))} {tested.Title}   nothing to check");
                continue;
            }
            var failures = results.Where(r => !r.Ok).ToList();
            var sign = failures.Count == 0 ? colours.Green("✓") : colours.Red("✗");
            output.WriteLine($"{sign} {tested.Title}   {results.Count - failures.Count} "
                + $"passed{(failures.Count == 0 ? "" : $", {failures.Count} failed")}");
            foreach (var failure in failures.Take(MostExplained)) WriteFailure(output, colours, failure);
            if (failures.Count > MostExplained)
                output.WriteLine($"    {failures.Count - MostExplained} more; -o json has them all");
        }
        var sum = $"{report.Passed} passed, {report.Failed} failed"
            + $"{(report.Undecided == 0 ? "" : $" ({report.Undecided} of them undecided)")}";
        var good = report.Failed == 0 && (report.AllowsEmpty || !report.Empty.Any());
        output.WriteLine($"\n{(good ? colours.Green(sum) : colours.Red(sum))}");
    }

    private static void WriteFailure(Printer output, Ansi colours, AssertionResult failure)
    {
        output.WriteLine($"  {colours.Red("✗")} {failure.Name}   want {Words.Verdict(failure.Expected)}   got "
            + $"{Words.VerdictOrUnknown(failure.Got)}   {WhyText.At(failure.Position)}");
        output.WriteLine($"      {failure.Because}");
    }
}
