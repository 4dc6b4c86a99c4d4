using Dataplane.Cli.Terminal;
using Dataplane.Policy.Diff;

namespace Dataplane.Cli.Diff;

/// <summary>Prints a diff as text: the changed objects, then the flows in groups.</summary>
internal static class DiffTable
{
    /// <summary>Largest number of names shown for one end; JSON has all of them.</summary>
    private const int MostNames = 6;

    public static void Write(Printer output, Ansi colours, ClusterDiff diff)
    {
        if (diff.Objects.Count > 0)
        {
            output.WriteLine($"{colours.Bold("OBJECTS")}");
            var objects = new Columns();
            foreach (var change in diff.Objects)
            {
                objects.Add(
                    Sign(change.Change, colours),
                    change.Kind,
                    change.Name,
                    $"{change.Position.File}:{change.Position.Line}");
            }
            objects.WriteTo(output);
            output.WriteLine();
        }
        WriteFlows(output, colours, "FLOWS", new FlowChanges(diff.Opened, diff.Closed));
        WriteFlows(output, colours, ExposureTitle, diff.Exposure);
        output.WriteLine(Summary(diff));
    }

    /// <summary>The headline of flows of pods that are not loaded.</summary>
    public const string ExposureTitle = "EXPOSURE to pods that policies select and that are not loaded";

    /// <summary>The numbers of changed objects and flows in one line.</summary>
    public static string Summary(ClusterDiff diff)
    {
        var objects = $"{Words.Count(diff.Objects.Count, "object")} changed";
        var exposure = diff.Exposure.Count == 0 ? ""
            : $"; of pods that are not loaded {diff.Exposure.Closed.Count} closed, {diff.Exposure.Opened.Count} opened";
        var missing = diff.NotCompared == 0 ? "" : $"; {Words.Count(diff.NotCompared, "selector")} too many to compare";
        return (diff.Closed.Count + diff.Opened.Count == 0
            ? $"{objects}, no flow {(exposure.Length == 0 ? "" : "of loaded pods ")}opened or closed"
            : $"{objects}, {Words.Count(diff.Closed.Count, "group")} of flows closed, {diff.Opened.Count} opened")
            + exposure + missing;
    }

    private static void WriteFlows(Printer output, Ansi colours, string title, FlowChanges changes)
    {
        if (changes.Count == 0) return;
        output.WriteLine($"{colours.Bold(title)}");
        var flows = new Columns();
        foreach (var change in changes.Closed) Add(flows, change, colours.Red("-"), "closed");
        foreach (var change in changes.Opened) Add(flows, change, colours.Green("+"), "opened");
        flows.WriteTo(output);
        output.WriteLine();
    }

    /// <summary>Shortens the list of names of one end to the first names and the number of the others.</summary>
    public static string Shorten(string names)
    {
        var all = names.Split(", ");
        return all.Length <= MostNames
            ? names
            : $"{string.Join(", ", all.Take(MostNames - 1))} and {all.Length - MostNames + 1} more";
    }

    private static void Add(Columns flows, FlowChange change, Painted sign, string word) => flows.Add(
        sign,
        Shorten(change.FromText),
        $"→ {Shorten(change.ToText)}",
        change.PortsText,
        Words.Families(change.Families),
        word);

    private static Painted Sign(ObjectChangeKind change, Ansi colours) => change switch
    {
        ObjectChangeKind.Added => colours.Green("+"),
        ObjectChangeKind.Removed => colours.Red("-"),
        _ => colours.Yellow("~"),
    };
}
