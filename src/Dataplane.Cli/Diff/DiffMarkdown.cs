using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Diff;

namespace Dataplane.Cli.Diff;

/// <summary>Writes a diff as Markdown, for a comment in a merge request.</summary>
internal static class DiffMarkdown
{
    public static void Write(Printer output, ClusterDiff diff)
    {
        output.WriteLine($"### Network policy: {DiffTable.Summary(diff)}");
        WriteFlows(output, new FlowChanges(diff.Opened, diff.Closed));
        if (diff.Exposure.Count > 0)
        {
            output.WriteLine($"\n#### {DiffTable.ExposureTitle}");
            WriteFlows(output, diff.Exposure);
        }
        if (diff.Objects.Count == 0) return;
        output.WriteLine();
        foreach (var change in diff.Objects)
        {
            output.WriteLine($"- {Word(change.Change)}: {change.Kind} {Markdown.Code(change.Name)} "
                + $"({Markdown.Code($"{change.Position.File}:{change.Position.Line}")})");
        }
    }

    private static void WriteFlows(Printer output, FlowChanges changes)
    {
        if (changes.Count == 0) return;
        output.Write("\n| | from | to | ports | |\n|---|---|---|---|---|\n");
        foreach (var change in changes.Closed) WriteFlow(output, "closed", change);
        foreach (var change in changes.Opened) WriteFlow(output, "**opened**", change);
    }

    /// <summary>Names are in code spans, because <c>x/*</c> would be read as emphasis.</summary>
    private static void WriteFlow(Printer output, string word, FlowChange change) => output.WriteLine(
        $"| {word} | {Markdown.Code(DiffTable.Shorten(change.FromText))} | "
            + $"{Markdown.Code(DiffTable.Shorten(change.ToText))} | {change.PortsText} | "
            + $"{Words.Families(change.Families)} |");

    public static string Word(ObjectChangeKind change) => change switch
    {
        ObjectChangeKind.Added => "added",
        ObjectChangeKind.Removed => "removed",
        _ => "changed",
    };
}
