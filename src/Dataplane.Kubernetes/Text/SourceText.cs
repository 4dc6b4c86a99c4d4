using System.Text;

namespace Dataplane.Kubernetes.Text;

/// <summary>The text of one input and where its lines are, for diagnostics.</summary>
/// <remarks>Lines end where the YAML reader ends them (LF, CR, CRLF, NEL, LS, PS), so that both count alike.</remarks>
public sealed class SourceText
{
    private const char ByteOrderMark = '\ufeff';

    /// <summary>Line ends as the YAML reader has them.</summary>
    private const string LineEnds = "\r\n\u0085\u2028\u2029";

    private readonly Lazy<int[]> _starts;

    /// <param name="firstLine">The number, from 1, of the text's first line in the file: a text may be a part of
    /// it.</param>
    public SourceText(string file, string text, int firstLine = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstLine, 1);
        File = SharedStrings.Of(file);
        Text = WithoutMarks(text);
        FirstLine = firstLine;
        _starts = new Lazy<int[]>(FindLines);
    }

    /// <summary>The name diagnostics use: the path as found, or <c>&lt;stdin&gt;</c>.</summary>
    public string File { get; }

    /// <summary>
    /// The text without the byte order marks in front of its lines: every document may start with one, above all where
    /// files were put one behind the other.
    /// </summary>
    public string Text { get; }

    public int FirstLine { get; }

    /// <summary>The namespace of objects that name none; null for <c>default</c>.</summary>
    public string? Namespace { get; init; }

    /// <summary>The number of the last line; there is at least one.</summary>
    public int LastLine => FirstLine + _starts.Value.Length - 1;

    /// <summary>Another part of the same file; null where there is none.</summary>
    internal SourceText? Other { get; init; }

    /// <summary>The texts by file name; parts of one file are one.</summary>
    public static IReadOnlyDictionary<string, SourceText> ByFile(IEnumerable<SourceText> texts)
    {
        var byFile = new Dictionary<string, SourceText>();
        foreach (var text in texts)
        {
            byFile[text.File] = byFile.TryGetValue(text.File, out var other) ? text.Before(other) : text;
        }
        return byFile;
    }

    /// <summary>This text as another part of the file that <paramref name="other"/> is a part of.</summary>
    internal SourceText Before(SourceText other) =>
        new(File, Text, FirstLine) { Namespace = Namespace, Other = other };

    /// <summary>Where line <paramref name="line"/> starts in <see cref="Text"/>.</summary>
    public int StartOf(int line) => _starts.Value[line - FirstLine];

    /// <summary>A line without its line break; empty for a number outside the text.</summary>
    public ReadOnlySpan<char> Line(int line)
    {
        for (var part = this; part is not null; part = part.Other)
        {
            if (line >= part.FirstLine && line <= part.LastLine)
            {
                return part.LineHere(line);
            }
        }
        return default;
    }

    private ReadOnlySpan<char> LineHere(int line)
    {
        var end = line < LastLine ? StartOf(line + 1) : Text.Length;
        return Text.AsSpan(StartOf(line), end - StartOf(line)).TrimEnd(LineEnds);
    }

    private static string WithoutMarks(string text)
    {
        if (!text.Contains(ByteOrderMark))
        {
            return text;
        }
        var kept = new StringBuilder(text.Length);
        var isStart = true;
        foreach (var c in text)
        {
            if (c != ByteOrderMark || !isStart)
            {
                kept.Append(c);
                isStart = LineEnds.Contains(c);
            }
        }
        return kept.ToString();
    }

    private int[] FindLines()
    {
        var starts = new List<int> { 0 };
        ReadOnlySpan<char> rest = Text;
        var at = 0;
        while (rest.IndexOfAny(LineEnds) is var i and >= 0)
        {
            var length = rest[i] == '\r' && i + 1 < rest.Length && rest[i + 1] == '\n' ? 2 : 1;
            at += i + length;
            rest = rest[(i + length)..];
            starts.Add(at);
        }
        return [.. starts];
    }
}
