using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>
/// A file as texts of one document each, which can be read each for itself: in any order, at the same time, and again later with the same
/// result. Only where that is plain to see: no directives, no <c>...</c>, and nothing but comments behind a <c>---</c>.
/// </summary>
internal static class DocumentParts
{
    /// <returns>Null: it is not plain to see. Some may hold nothing but comments.</returns>
    public static IReadOnlyList<SourceText>? Of(SourceText source)
    {
        var parts = new List<SourceText>();
        int begin = source.FirstLine;
        for (int line = source.FirstLine; line <= source.LastLine; line++)
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
            int start = first <= source.LastLine ? source.StartOf(first) : end;
            if (end > start)
            {
                string text = source.Text[start..end];
                // As DocumentSlices has it: the last line of a file may have no end.
                parts.Add(new SourceText(source.File, text.EndsWith('\n') ? text : text + "\n", first));
            }
        }
    }
}
