using Dataplane.Kubernetes.Text;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>Which field stands at a place of a document that the API has written: one field on a line.</summary>
internal static class FieldPaths
{
    /// <returns>Such as <c>spec.ports[0].port</c>; empty: none.</returns>
    public static string At(string text, SourcePosition at)
    {
        var lines = text.Split('\n');
        if (at.Line < 1 || at.Line > lines.Length) return "";
        // From the line upwards: each line that is indented less, or begins the item, is a level further out.
        var path = new List<string>();
        var (indent, items) = (int.MaxValue, 0);
        var itemAt = -1;
        for (var i = at.Line - 1; i >= 0; i--)
        {
            var line = lines[i];
            var blanks = line.Length - line.TrimStart(' ').Length;
            var isItem = line.AsSpan(blanks).StartsWith("- ");
            var column = isItem ? blanks + 2 : blanks;
            if (itemAt >= 0)
            {
                // Items before this one, up to the key of the list.
                if (isItem && blanks == itemAt) items++;
                if (blanks > itemAt || (blanks == itemAt && isItem)) continue;
                path.Add($"{Key(line, column)}[{items}]");
                (indent, itemAt, items) = (blanks, -1, 0);
                if (isItem) (itemAt, items) = (blanks, 0);
                continue;
            }
            if (column >= indent) continue;
            if (Key(line, column) is { } key) path.Add(key);
            indent = column;
            if (isItem) (itemAt, items) = (blanks, 0);
        }
        path.Reverse();
        return string.Join('.', path);
    }

    private static string? Key(string line, int column) =>
        line.IndexOf(':', column) is var colon and > 0 ? line[column..colon].Trim('"') : null;
}
