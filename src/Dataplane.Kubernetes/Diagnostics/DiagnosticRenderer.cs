using System.Globalization;
using System.Text;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Diagnostics;

/// <summary>
/// Diagnostics as plain text with the source line and a caret, in the shape rustc made familiar. No colour.
/// </summary>
public static class DiagnosticRenderer
{
    /// <summary>Columns of source shown at most: a JSON file may be one line of megabytes.</summary>
    private const int MaxWidth = 140;
    private const string Tab = "→   ";

    /// <summary>
    /// One diagnostic, ending with a line break. A file that is not in <paramref name="sources"/> is named without its
    /// line.
    /// </summary>
    public static string Render(Diagnostic diagnostic, IReadOnlyDictionary<string, SourceText> sources)
    {
        var text = new StringBuilder();
        text.Append(Word(diagnostic.Severity)).Append('[').Append(Visible.Line(diagnostic.Code))
            .Append("]: ").Append(Visible.Line(diagnostic.Message)).Append('\n');

        var main = new Mark(diagnostic.Position, diagnostic.Length, diagnostic.Label, '^');
        var marks = new List<Mark> { main };
        if (diagnostic.Related is { } related)
        {
            marks.Add(new Mark(related.Position, related.Length, related.Label, '-'));
        }
        var gutter = marks.Max(m => Digits(m.Position.Line));
        string pad = new(' ', gutter);
        text.Append(pad).Append("--> ").Append(At(diagnostic.Position)).Append('\n');

        var here = marks.Where(m => m.Position.File == diagnostic.Position.File).OrderBy(m => m.Position.Line)
            .ThenBy(m => m.Position.Column).ToList();
        AppendSnippet(text, here, sources, gutter);
        foreach (var mark in marks.Where(m => m.Position.File != diagnostic.Position.File))
        {
            text.Append(pad).Append("::: ").Append(At(mark.Position)).Append('\n');
            AppendSnippet(text, [mark], sources, gutter);
        }
        AppendRemark(text, pad, "note", diagnostic.Note);
        AppendRemark(text, pad, "help", diagnostic.Help);
        return text.ToString();
    }

    private readonly record struct Mark(SourcePosition Position, int Length, string? Label, char Underline);

    private static void AppendSnippet(StringBuilder text, List<Mark> marks,
        IReadOnlyDictionary<string, SourceText> sources, int gutter)
    {
        if (marks.Count == 0 || !sources.TryGetValue(marks[0].Position.File, out var source))
        {
            return;
        }
        var empty = new string(' ', gutter + 1) + "|";
        text.Append(empty).Append('\n');
        var previous = 0;
        foreach (var mark in marks)
        {
            var line = mark.Position.Line;
            if (line != previous)
            {
                if (previous != 0 && line > previous + 1)
                {
                    text.Append("...\n");
                }
                AppendLine(text, line.ToString(CultureInfo.InvariantCulture).PadLeft(gutter) + " |",
                    Picture(source, mark, out _));
            }
            _ = Picture(source, mark, out var underline);
            AppendLine(text, empty, underline);
            previous = line;
        }
    }

    private static void AppendLine(StringBuilder text, string gutter, string content)
        => text.Append((gutter + " " + content).TrimEnd()).Append('\n');

    private static void AppendRemark(StringBuilder text, string pad, string word, string? remark)
    {
        if (remark is not null)
        {
            text.Append(pad).Append(" = ").Append(word).Append(": ").Append(Visible.Line(remark)).Append('\n');
        }
    }

    /// <summary>
    /// The line as shown (tabs and control characters visible, long lines cut) and the underline below it.
    /// </summary>
    private static string Picture(SourceText source, Mark mark, out string underline)
    {
        var line = source.Line(mark.Position.Line);
        var column = Math.Clamp(mark.Position.Column - 1, 0, line.Length);
        var length = Math.Clamp(mark.Length, 1, Math.Max(1, line.Length - column));
        var first = line.Length <= MaxWidth || column < MaxWidth / 2 ? 0 : column - MaxWidth / 2;
        var last = Math.Min(line.Length, first + MaxWidth);

        var (before, after) = (first > 0 ? "..." : "", last < line.Length ? "..." : "");
        var end = Math.Min(column + length, last);
        var head = before + Shown(line[first..Math.Min(column, last)]);
        var marked = column < end ? Shown(line[column..end]) : "";
        var tail = Shown(line[Math.Max(first, end)..last]);
        // What is marked behind the end of the line has a mark all the same.
        underline = new string(' ', Cells.Of(head)) + new string(mark.Underline, Math.Max(1, Cells.Of(marked)))
            + (mark.Label is null ? "" : " " + Visible.Line(mark.Label));
        return head + marked + tail + after;
    }

    private static string Shown(ReadOnlySpan<char> text) =>
        string.Join(Tab, text.ToString().Split('\t').Select(Visible.Line));

    private static string At(SourcePosition position) => Visible.Line(position.ToString());

    private static int Digits(int line) => line.ToString(CultureInfo.InvariantCulture).Length;

    private static string Word(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };
}
