using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>
/// Splits a file into its documents, which can then be read independently: in any order, at the same time, and later
/// with the same result. Done only where it is certainly right: no directives, no <c>...</c>, and only comments behind
/// a <c>---</c>.
/// </summary>
internal static class DocumentParts
{
    /// <returns>The documents, some perhaps of comments only; null: the file cannot be split safely.</returns>
    public static IReadOnlyList<SourceText>? Of(SourceText source)
    {
        var parts = new List<SourceText>();
        var begin = source.FirstLine;
        for (var line = source.FirstLine; line <= source.LastLine; line++)
        {
            var text = source.Line(line);
            if (text.Length == 0 || text[0] is not ('-' or '.' or '%'))
            {
                continue;
            }
            if (text[0] == '%' || DocumentSlices.IsMarker(text, "..."))
            {
                return null;
            }
            if (!DocumentSlices.IsMarker(text, "---"))
            {
                continue;
            }
            if (DocumentSlices.IsContent(text[3..]))
            {
                return null;
            }
            Add(begin, source.StartOf(line));
            begin = line + 1;
        }
        if (begin <= source.LastLine)
        {
            Add(begin, source.Text.Length);
        }
        return parts;

        void Add(int first, int end)
        {
            var start = first <= source.LastLine ? source.StartOf(first) : end;
            if (end > start)
            {
                var text = source.Text[start..end];
                // As DocumentSlices has it: the last line of a file may have no end.
                parts.Add(new SourceText(source.File, text.EndsWith('\n') ? text : text + "\n", first)
                {
                    Namespace = source.Namespace,
                });
            }
        }
    }
}
