using System.Globalization;
using Dataplane.Cli.Terminal;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Verify;

/// <summary>A verification of many pods in short: a line for each namespace that flows go to.</summary>
internal static class NamespaceSummary
{
    private const string Outside = "outside";

    public static void Write(Printer output, VerifyReport report)
    {
        var columns = new Columns();
        columns.Add("to namespace", "flows", "allowed", "denied", "different", "undecided");
        var groups = report.Flows.GroupBy(f => f.Flow.To is PodEndpoint pod ? pod.Pod.Namespace : null)
            .OrderBy(g => g.Key is null).ThenBy(g => g.Key, StringComparer.Ordinal);
        foreach (var group in groups)
        {
            columns.Add(
                group.Key ?? Outside,
                Number(group.Count()),
                Number(group.Count(f => f.Agrees && f.Expected)),
                Number(group.Count(f => f.Agrees && !f.Expected)),
                Number(group.Count(f => !f.Agrees && f.Measured != Measured.Undecided)),
                Number(group.Count(f => f.Measured == Measured.Undecided)));
        }
        columns.WriteTo(output);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
