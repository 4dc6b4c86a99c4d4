namespace Dataplane.Kubernetes;

/// <summary>The text of one input and where its lines are, for diagnostics.</summary>
/// <remarks>Lines end where the YAML reader ends them (LF, CR, CRLF, NEL, LS, PS), so that both count alike.</remarks>
public sealed class SourceText
{
    private readonly Lazy<int[]> _starts;

    public SourceText(string file, string text)
    {
        File = file;
        Text = text;
        _starts = new Lazy<int[]>(FindLines);
    }

    /// <summary>The name diagnostics use: the path as found, or <c>&lt;stdin&gt;</c>.</summary>
    public string File { get; }

    public string Text { get; }

    /// <summary>Number of lines, at least 1.</summary>
    public int LineCount => _starts.Value.Length;

    /// <summary>Where line <paramref name="line"/> (from 1) starts in <see cref="Text"/>.</summary>
    public int StartOf(int line) => _starts.Value[line - 1];

    /// <summary>A line without its line break; empty for a number outside the text.</summary>
    public ReadOnlySpan<char> Line(int line)
    {
        int[] starts = _starts.Value;
        if (line < 1 || line > starts.Length)
        {
            return default;
        }
        int end = line < starts.Length ? starts[line] : Text.Length;
        return Text.AsSpan(starts[line - 1], end - starts[line - 1]).TrimEnd("\r\n\u0085\u2028\u2029");
    }

    private int[] FindLines()
    {
        var starts = new List<int> { 0 };
        ReadOnlySpan<char> rest = Text;
        int at = 0;
        while (rest.IndexOfAny("\r\n\u0085\u2028\u2029") is var i and >= 0)
        {
            int length = rest[i] == '\r' && i + 1 < rest.Length && rest[i + 1] == '\n' ? 2 : 1;
            at += i + length;
            rest = rest[(i + length)..];
            starts.Add(at);
        }
        return [.. starts];
    }
}
