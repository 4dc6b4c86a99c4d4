using System.Text;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>
/// Says what is wrong with a document the parser refused. The parser's own place is often 1:1 (tabs, unknown anchors)
/// and its message is about tokens, so the usual faults are looked for in the text itself.
/// </summary>
internal sealed class SyntaxDoctor(SourceText text, SourceText original, int firstLine)
{
    /// <summary>
    /// Characters taken out of a line, so that what stands at or behind the column moved to the left.
    /// </summary>
    /// <param name="Column">From 1, in the repaired line.</param>
    public readonly record struct Shift(int Line, int Column, int Removed);

    /// <param name="Repaired">The whole text, to be read once more.</param>
    public readonly record struct Repair(Diagnostic Diagnostic, string Repaired, IReadOnlyList<Shift> Shifts);

    /// <summary>
    /// Tabs and Markdown in the document, or else the parser's complaint at <paramref name="at"/>; never empty.
    /// </summary>
    public IReadOnlyList<Diagnostic> Explain(SourcePosition at, Exception failure)
    {
        var found = new List<Diagnostic>();
        var tabs = new List<(int Line, int Column)>();
        var stars = Stars(at.Line);
        foreach (var line in StructuralLines(at.Line))
        {
            var s = text.Line(line);
            var indent = s.IndexOfAnyExcept(' ', '\t');
            var tab = s[..indent].IndexOf('\t');
            if (tab >= 0)
            {
                tabs.Add((line, tab + 1));
            }
        }
        if (tabs.Count > 0)
        {
            found.Add(new Diagnostic(Codes.TabIndentation, Severity.Error, "tab character used for indentation",
                Position(tabs[0]), 1,
                "YAML indents with spaces only",
                "Kubernetes YAML is conventionally indented by 2 spaces" + Others(tabs),
                "replace the tab with spaces"));
        }
        if (stars.Count > 0)
        {
            found.Add(Markdown(stars));
        }
        if (found.Count == 0)
        {
            var reason = failure.Message.ReplaceLineEndings(" ");
            found.Add(new Diagnostic(Codes.Syntax, Severity.Error, "not valid YAML", at, 1,
                reason[..Math.Min(reason.Length, 200)],
                Help: "look at this line and the one above: indentation, a missing `:` or space, an open quote or "
                    + "bracket"));
        }
        return found;
    }

    /// <summary>
    /// A <c>key:</c> that is indented deeper than the <c>key: value</c> line above it, at or one line above
    /// <paramref name="near"/>; YAML takes it for a continuation of that value.
    /// </summary>
    public Repair? FindTooDeep(int near)
    {
        for (var line = near; line >= Math.Max(firstLine + 1, near - 1); line--)
        {
            var above = line - 1;
            while (above > firstLine && IsBlank(text.Line(above)))
            {
                above--;
            }
            if (KeyOf(text.Line(line), out var column, out var key, out _, out var item) && !item
                && KeyOf(text.Line(above), out var sibling, out var siblingKey, out var hasValue, out _)
                    && hasValue && column > sibling)
            {
                return new Repair(
                    new Diagnostic(Codes.IndentedTooDeep, Severity.Error,
                        $"{Quote.Of(key)} is indented deeper than its sibling {Quote.Of(siblingKey)}",
                        new SourcePosition(original.File, line, column + 1), key.Length,
                        $"starts in column {column + 1}",
                        "YAML reads this as a continuation of the value above, so it is not a field at all",
                        $"start {Quote.Of(key)} in column {sibling + 1}, under {Quote.Of(siblingKey)}")
                    {
                        Related = new RelatedPlace(new SourcePosition(original.File, above, sibling + 1),
                            siblingKey.Length, $"sibling field, column {sibling + 1}"),
                        Fix = TooDeepMoved(line, column, sibling),
                    },
                    text.Text.Remove(text.StartOf(line), column - sibling), [new Shift(line, 1, column - sibling)]);
            }
        }
        return null;
    }

    /// <summary>The field and what stands under it, in the column of its sibling.</summary>
    private Fix TooDeepMoved(int line, int column, int sibling)
    {
        var yaml = new YamlText(original);
        return new Fix(yaml.Shift(line, yaml.LastLine(yaml.Place(line, column + 1)), sibling - column));
    }

    /// <summary>
    /// The document without its <c>**</c>, where there is one down to <paramref name="near"/>. In front of a field they
    /// moved it to the right, as on the page; elsewhere blanks in their place leave every column as it is.
    /// </summary>
    public Repair? FindMarkdown(int near)
    {
        if (Stars(near).Count == 0)
        {
            return null;
        }
        var repaired = new StringBuilder(text.Text);
        var shifts = new List<Shift>();
        var removed = new List<TextEdit>();
        foreach (var line in StructuralLines(text.LastLine).Reverse())
        {
            var s = text.Line(line);
            var quoted = s.IndexOfAny('"', '\'', '#');
            for (var i = s[..(quoted < 0 ? s.Length : quoted)].LastIndexOf("**"); i >= 0; i = s[..i].LastIndexOf("**"))
            {
                repaired.Remove(text.StartOf(line) + i, 2);
                removed.Insert(0, YamlText.Replace(new SourcePosition(original.File, line, i + 1), 2, ""));
                if (s[..i].IndexOfAnyExcept(' ', '-') < 0)
                {
                    shifts.Add(new Shift(line, i + 1, 2));
                }
                else
                {
                    repaired.Insert(text.StartOf(line) + i, "  ");
                }
            }
        }
        return new Repair(Markdown(Stars(text.LastLine)) with { Fix = new Fix(removed) }, repaired.ToString(), shifts);
    }

    /// <summary>Where <c>**</c> starts in each line of the document, as far as a little below the failure.</summary>
    private List<(int Line, int Column)> Stars(int failure)
    {
        var stars = new List<(int Line, int Column)>();
        foreach (var line in StructuralLines(failure))
        {
            var s = text.Line(line);
            var indent = s.IndexOfAnyExcept(' ', '\t');
            if (s[indent..].StartsWith("**"))
            {
                stars.Add((line, indent + 1));
            }
            else if (s.IndexOf(" **") is var i and >= 0 && s[..i].IndexOfAny('"', '\'', '#') < 0)
            {
                stars.Add((line, i + 2));
            }
        }
        return stars;
    }

    private Diagnostic Markdown(List<(int Line, int Column)> stars) =>
        Markdown(Position(stars[0]), Others(stars) is { Length: > 0 } others ? others[2..] : null);

    public static Diagnostic Markdown(SourcePosition at, string? note)
        => new(Codes.MarkdownEmphasis, Severity.Error, "Markdown emphasis inside YAML", at, 2,
            "`**` starts a YAML alias here, not bold text", note,
            "delete both `**` markers: they were meant for the page, not for the manifest");

    private SourcePosition Position((int Line, int Column) at) => new(original.File, at.Line, at.Column);

    private static string Others(List<(int Line, int Column)> all)
        => all.Count == 1 ? ""
            : $"; also in line{(all.Count == 2 ? "" : "s")} "
            + $"{string.Join(", ", all.Skip(1).Take(5).Select(a => a.Line))}{(all.Count > 6 ? " and more" : "")}";

    /// <summary>
    /// Lines of the document that are not blank, comments, or inside a block scalar, to a little below the failure.
    /// </summary>
    private IEnumerable<int> StructuralLines(int failure)
    {
        var block = -1;
        // Only a place of 1:1 says nothing about where to stop.
        var last = failure <= firstLine ? text.LastLine : Math.Min(text.LastLine, failure + 1);
        for (var line = firstLine; line <= last; line++)
        {
            var s = text.Line(line);
            if (line > firstLine && s.StartsWith("---"))
            {
                yield break;
            }
            var spaces = s.IndexOfAnyExcept(' ');
            if (IsBlank(s) || s.TrimStart()[0] == '#' || (block >= 0 && spaces > block))
            {
                continue;
            }
            block = s.TrimEnd() is [.. var head, '|' or '>' or '-' or '+']
                && IsBlockHeader(head, s.TrimEnd()[^1]) ? spaces : -1;
            yield return line;
        }
    }

    private static bool IsBlockHeader(ReadOnlySpan<char> head, char last)
        => last is '|' or '>' ? head.EndsWith(" ") : head.EndsWith(" |") || head.EndsWith(" >");

    private static bool IsBlank(ReadOnlySpan<char> line) => line.IsWhiteSpace();

    /// <param name="column">Of the key, from 0; behind the <c>- </c> of a list item.</param>
    private static bool KeyOf(ReadOnlySpan<char> line, out int column, out string key, out bool hasValue, out bool item)
    {
        key = "";
        hasValue = item = false;
        column = Math.Max(0, line.IndexOfAnyExcept(' '));
        while (line[column..].StartsWith("- "))
        {
            item = true;
            column += 2 + Math.Max(0, line[(column + 2)..].IndexOfAnyExcept(' '));
        }
        var rest = line[column..];
        var length = 0;
        while (length < rest.Length && (char.IsAsciiLetterOrDigit(rest[length])
            || rest[length] is '.' or '_' or '/' or '-'))
        {
            length++;
        }
        if (length == 0 || length == rest.Length || rest[length] != ':'
            || (rest.Length > length + 1 && rest[length + 1] != ' '))
        {
            return false;
        }
        key = rest[..length].ToString();
        var value = rest[(length + 1)..].Trim();
        hasValue = !value.IsEmpty && value[0] is not ('|' or '>' or '&' or '#' or '{' or '[');
        return true;
    }
}
