using System.Text;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>
/// Edits of YAML text by the places of its nodes: how far an entry in block style reaches, where a value in flow style
/// ends.
/// </summary>
public sealed class YamlText(SourceText source)
{
    /// <summary>Whether a collection that starts here is written with brackets, as in JSON.</summary>
    public bool IsFlow(SourcePosition collection) => At(collection) is '{' or '[';

    /// <summary>Whether the words stand at the place.</summary>
    public bool Has(SourcePosition at, string words) => From(at).StartsWith(words, StringComparison.Ordinal);

    public SourcePosition EndOf(int line) => Place(line, source.Line(line).Length + 1);

    public SourcePosition Place(int line, int column) => new(source.File, line, column);

    public static TextEdit Insert(SourcePosition at, string text) => new(at, at, text);

    public static TextEdit Replace(SourcePosition at, int length, string text) => new(at, Behind(at, length), text);

    public static SourcePosition Behind(SourcePosition at, int characters) =>
        at with { Column = at.Column + characters };

    /// <summary>A string as a scalar that every reader takes for this string.</summary>
    public static string Word(string text)
    {
        var isPlain = text.Length > 0 && char.IsAsciiLetter(text[0])
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/')
            && text.ToLowerInvariant() is not
                ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n");
        return isPlain ? text : $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
    }

    /// <summary>Moves lines to the right, or to the left; blank lines stay as they are.</summary>
    public IEnumerable<TextEdit> Shift(int first, int last, int columns)
    {
        for (var line = first; line <= last; line++)
        {
            if (source.Line(line).IsWhiteSpace())
            {
                continue;
            }
            yield return columns >= 0 ? Insert(Place(line, 1), new string(' ', columns))
                : Replace(Place(line, 1), Math.Min(-columns, Indent(line)), "");
        }
    }

    /// <summary>Moves lines behind another line, and to the left.</summary>
    /// <param name="behind">A line that comes after them.</param>
    public IEnumerable<TextEdit> Move(int first, int last, int behind, int left)
    {
        var moved = new StringBuilder();
        for (var line = first; line <= last; line++)
        {
            moved.Append('\n').Append(source.Line(line)[Math.Min(left, Indent(line))..]);
        }
        yield return new TextEdit(Place(first, 1), Place(last + 1, 1), "");
        yield return Insert(EndOf(behind), moved.ToString());
    }

    /// <summary>The column of the <c>-</c> in front of the first key of an item; null where there is none.</summary>
    public int? Dash(SourcePosition first)
    {
        var before = source.Line(first.Line)[..Math.Min(first.Column - 1, source.Line(first.Line).Length)].TrimEnd(' ');
        return before.EndsWith("-") && before[..^1].IsWhiteSpace() ? before.Length : null;
    }

    /// <summary>Whether nothing but blanks stands in front of the place.</summary>
    public bool StartsLine(SourcePosition at) => Indent(at.Line) == at.Column - 1;

    /// <summary>
    /// The last line of an entry in block style whose key stands here; of an item, give the place of its dash.
    /// </summary>
    public int LastLine(SourcePosition key)
    {
        var indent = key.Column - 1;
        var last = key.Line;
        if (ValueOf(key) is { } value && (IsFlow(value) || At(value) is '"' or '\''))
        {
            last = End(value, inFlow: false).Line;
        }
        var isItem = At(key) == '-';
        for (var line = last + 1; Exists(line); line++)
        {
            var text = source.Line(line);
            if (text.IsWhiteSpace() || text.TrimStart(' ')[0] == '#')
            {
                continue;
            }
            if (text.StartsWith("---") || text.StartsWith("...")
                || (Indent(line) is var deep && deep <= indent && (isItem || deep < indent || !IsItem(text[deep..]))))
            {
                break;
            }
            last = line;
        }
        return last;
    }

    /// <summary>Where the value of the key starts, on the key's line; null where it starts further down.</summary>
    public SourcePosition? ValueOf(SourcePosition key)
    {
        var at = Behind(AfterColon(key), 0);
        var rest = From(at);
        var blanks = rest.Length - rest.TrimStart(' ').Length;
        return blanks == rest.Length || rest[blanks] == '#' ? null : Behind(at, blanks);
    }

    /// <summary>The place behind the colon of a key.</summary>
    public SourcePosition AfterColon(SourcePosition key)
    {
        var end = At(key) is '"' or '\'' ? End(key, inFlow: true) : key;
        var colon = From(end).IndexOf(':');
        return Behind(end, colon < 0 ? 0 : colon + 1);
    }

    /// <summary>Where a value ends: behind its bracket, its quote, or the last character of a plain one.</summary>
    /// <param name="inFlow">Whether it stands inside brackets, where a comma ends a plain value.</param>
    public SourcePosition End(SourcePosition value, bool inFlow)
    {
        var (line, column) = (value.Line, value.Column - 1);
        var depth = 0;
        var quote = '\0';
        for (; Exists(line); line++, column = 0)
        {
            var text = source.Line(line);
            for (; column < text.Length; column++)
            {
                var c = text[column];
                if (quote != '\0')
                {
                    if (c == '\\' && quote == '"')
                    {
                        column++;
                    }
                    else if (c == quote)
                    {
                        quote = '\0';
                        if (depth == 0)
                        {
                            return Place(line, column + 2);
                        }
                    }
                    continue;
                }
                if (c == '#' && (column == 0 || text[column - 1] == ' '))
                {
                    break;
                }
                if (c is '{' or '[')
                {
                    depth++;
                }
                else if (c is '}' or ']')
                {
                    if (depth == 0)
                    {
                        return TrimmedEnd(line, column);
                    }
                    if (--depth == 0)
                    {
                        return Place(line, column + 2);
                    }
                }
                else if (c is '"' or '\'' && StartsValue(text, column))
                {
                    quote = c;
                }
                else if (depth == 0 && inFlow && c == ',')
                {
                    return TrimmedEnd(line, column);
                }
            }
            if (depth == 0 && quote == '\0' && !inFlow)
            {
                return TrimmedEnd(line, Math.Min(column, text.Length));
            }
        }
        return value;
    }

    /// <summary>Where the items of a key's list start; empty for a list in another form, or none.</summary>
    public IReadOnlyList<SourcePosition> Items(SourcePosition key)
    {
        var items = new List<SourcePosition>();
        if (ValueOf(key) is not { } value)
        {
            var last = LastLine(key);
            for (var line = key.Line + 1; line <= last; line++)
            {
                var indent = Indent(line);
                var text = source.Line(line);
                if (IsItem(text[indent..]) && (items.Count == 0 || Dash(items[0]) == indent + 1))
                {
                    var blanks = text[(indent + 1)..].IndexOfAnyExcept(' ');
                    items.Add(Place(line, indent + 2 + Math.Max(0, blanks)));
                }
            }
            return items;
        }
        if (At(value) != '[')
        {
            return [];
        }
        for (var at = Next(Behind(value, 1)); At(at) is not (']' or '\0'); at = Next(End(at, inFlow: true)))
        {
            items.Add(at);
        }
        return items;
    }

    /// <summary>The next place with text that is no comma and no comment.</summary>
    private SourcePosition Next(SourcePosition at)
    {
        for (var (line, column) = (at.Line, at.Column); Exists(line); line++, column = 1)
        {
            var rest = From(Place(line, column));
            var skipped = rest.IndexOfAnyExcept(' ', ',');
            if (skipped >= 0 && rest[skipped] != '#')
            {
                return Place(line, column + skipped);
            }
        }
        return at;
    }

    private SourcePosition TrimmedEnd(int line, int length) =>
        Place(line, source.Line(line)[..length].TrimEnd(' ').Length + 1);

    private static bool StartsValue(ReadOnlySpan<char> text, int column) =>
        text[..column].TrimEnd(' ') is var before && (before.IsEmpty || before[^1] is ':' or ',' or '[' or '{' or '-');

    private static bool IsItem(ReadOnlySpan<char> text) => text is "-" || text.StartsWith("- ");

    private int Indent(int line) =>
        source.Line(line).IndexOfAnyExcept(' ') is var at && at < 0 ? source.Line(line).Length : at;

    private bool Exists(int line)
    {
        for (var part = source; part is not null; part = part.Other)
        {
            if (line >= part.FirstLine && line <= part.LastLine)
            {
                return true;
            }
        }
        return false;
    }

    private char At(SourcePosition at) => From(at) is [var first, ..] ? first : '\0';

    private ReadOnlySpan<char> From(SourcePosition at)
    {
        var line = source.Line(at.Line);
        return at.Column - 1 < line.Length ? line[(at.Column - 1)..] : default;
    }
}
