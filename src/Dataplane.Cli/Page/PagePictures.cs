namespace Dataplane.Cli.Page;

/// <summary>
/// Places endpoints for a picture: a box for each namespace, with its Services and pods in it. Replicas of a workload
/// are one node. The same endpoints always stand in the same places.
/// </summary>
internal static class PagePictures
{
    // Pixels.
    private const int NodeWidth = 178, NodeHeight = 26, Gap = 10, Head = 30, BoxGap = 56, Margin = 16;

    /// <summary>Largest number of nodes one above the other in a box, and the width where a new row of boxes
    /// begins.</summary>
    private const int MostInColumn = 9, WidestRow = 1180;

    public static PagePicture Of(IReadOnlyList<PageEnd> ends)
    {
        var boxes = new List<PictureBox>();
        var nodes = new List<PictureNode>();
        var (x, y, tallest, widest) = (Margin, Margin, 0, 0);
        foreach (var group in ends.Index().Where(e => !IsBackend(e.Item)).GroupBy(e => Title(e.Item))
            .OrderBy(g => g.First().Item.Namespace is null).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            var inside = group.GroupBy(e => (e.Item.Kind, Name: e.Item.Workload ?? e.Item.Name))
                .OrderByDescending(n => n.Key.Kind == "service").ThenBy(n => n.Key.Name, StringComparer.Ordinal)
                .ToList();
            var columns = (inside.Count + MostInColumn - 1) / MostInColumn;
            var rows = (inside.Count + columns - 1) / columns;
            var (width, height) = (columns * (NodeWidth + Gap) + Gap, Head + rows * (NodeHeight + Gap) + Gap / 2);
            if (x > Margin && x + width > WidestRow) (x, y, tallest) = (Margin, y + tallest + BoxGap, 0);
            boxes.Add(new PictureBox(group.Key, x, y, width, height));
            foreach (var (i, node) in inside.Index())
            {
                nodes.Add(new PictureNode(Label(node.Key.Name, node.Count()), node.Key.Kind,
                    x + Gap + i / rows * (NodeWidth + Gap), y + Head + i % rows * (NodeHeight + Gap),
                    NodeWidth, NodeHeight, [.. node.Select(e => e.Index)]));
            }
            (x, tallest, widest) = (x + width + BoxGap, Math.Max(tallest, height), Math.Max(widest, x + width));
        }
        return new PagePicture(widest + Margin, y + tallest + Margin, boxes, nodes);
    }

    /// <summary>A column of verify for one backend of a Service, which has a place itself.</summary>
    private static bool IsBackend(PageEnd end) =>
        end.Kind == "service" && end.Name.Contains(" → ", StringComparison.Ordinal);

    private static string Title(PageEnd end) => end.Namespace ?? (end.Kind == "node" ? "this node" : "outside");

    private static string Label(string name, int count)
    {
        var own = name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return count == 1 ? own : $"{own} ×{count}";
    }
}
