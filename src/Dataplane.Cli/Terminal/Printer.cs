using System.Text;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Terminal;

/// <summary>
/// The only way to standard output and standard error. What others wrote (file names, arguments, answers, what the
/// kernel calls things) is in nearly all that is printed, so everything is made visible (<see cref="Visible"/>) here:
/// no text can move the cursor, start a line or hide. Colours and line ends of this program do not go through strings.
/// </summary>
/// <remarks>Not for several threads at a time.</remarks>
internal sealed class Printer(TextWriter inner) : TextWriter
{
    private readonly char[] _one = new char[1];

    public override Encoding Encoding => inner.Encoding;

    /// <summary>A text of several lines.</summary>
    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (Visible.Lines(buffer) is { } shown) inner.Write(shown);
        else inner.Write(buffer);
    }

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(char value)
    {
        _one[0] = value;
        Write(_one);
    }

    /// <summary>A text whose line ends stand in its literal parts; those in its values are made visible.</summary>
    public void Write(ref PrintedText text) => inner.Write(text.ToString());

    /// <summary>One line: line ends inside are made visible.</summary>
    public override void WriteLine(string? value) => inner.WriteLine(value is null ? null : Visible.Line(value));

    /// <inheritdoc cref="Write(ref PrintedText)"/>
    public void WriteLine(ref PrintedText text) => inner.WriteLine(text.ToString());

    public override void WriteLine() => inner.WriteLine();

    /// <summary>On a terminal, goes back to the beginning of the line and empties it.</summary>
    public void ClearLine() => inner.Write("\r\e[K");

    public override void Flush() => inner.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
