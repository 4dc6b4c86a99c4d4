using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>
/// The text of each document of a file: what stands behind its <c>---</c>, to the line of the next <c>---</c> or
/// <c>...</c>. In column 1 these end a document whatever they stand in (YAML 1.2.2, 9.1.2).
/// </summary>
internal sealed class DocumentSlices(SourceText source)
{
    private int _free = source.FirstLine;

    /// <param name="line">See <see cref="YamlDocumentReader.DocumentLine"/>; documents are asked for in their
    /// order.</param>
    /// <returns>The text, which keeps every column, and the number of its first line.</returns>
    public (string Text, int FirstLine) Next(int line)
    {
        // Directives stand above the marker, and say nothing that a Kubernetes object needs.
        while (source.Line(line).StartsWith("%") && line < source.LastLine)
        {
            line++;
        }
        var first = source.Line(line);
        var marked = IsMarker(first, "---");
        // Comments above a document without a marker belong to it.
        var begin = !marked ? _free : IsContent(first[3..]) ? line : line + 1;
        var end = Math.Max(begin, line + 1);
        while (end <= source.LastLine && !IsMarker(source.Line(end), "---") && !IsMarker(source.Line(end), "..."))
        {
            end++;
        }
        _free = end + 1;
        var stop = end <= source.LastLine ? source.StartOf(end) : source.Text.Length;
        if (begin > source.LastLine)
        {
            return ("", begin);
        }
        var text = source.Text[source.StartOf(begin)..stop];
        text = marked && begin == line ? "   " + text[3..] : text;
        // The last line of a file may have no end; whatever comes behind the text needs one.
        return (text.EndsWith('\n') ? text : text + "\n", begin);
    }

    /// <summary>Whether a line is <c>---</c> or <c>...</c>, with or without something behind it.</summary>
    public static bool IsMarker(ReadOnlySpan<char> line, string marker) =>
        line.StartsWith(marker) && (line.Length == 3 || char.IsWhiteSpace(line[3]));

    /// <summary>Whether there is more than blanks and a comment.</summary>
    public static bool IsContent(ReadOnlySpan<char> behind) => !behind.IsWhiteSpace() && behind.TrimStart()[0] != '#';
}
