using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Terminal;

/// <summary>
/// An interpolated string for <see cref="Printer"/>: its literal parts are this program's and stay as they are, its
/// values are made visible.
/// </summary>
[InterpolatedStringHandler]
internal readonly ref struct PrintedText
{
    private readonly StringBuilder _text;

    public PrintedText(int literalLength, int formattedCount) =>
        _text = new StringBuilder(literalLength + formattedCount * 16);

    public void AppendLiteral(string literal) => _text.Append(literal);

    public void AppendFormatted(string? value) => _text.Append(Visible.Line(value ?? ""));

    public void AppendFormatted(string? value, int alignment)
    {
        var shown = Visible.Line(value ?? "");
        var blanks = Math.Max(0, Math.Abs(alignment) - Cells.Of(shown));
        _text.Append(' ', alignment > 0 ? blanks : 0).Append(shown).Append(' ', alignment < 0 ? blanks : 0);
    }

    public void AppendFormatted(Painted value)
    {
        if (value.Code is { } code) _text.Append($"\e[{code}m").Append(Visible.Line(value.Text)).Append("\e[0m");
        else AppendFormatted(value.Text);
    }

    public void AppendFormatted<T>(T value) => AppendFormatted(value?.ToString());

    public void AppendFormatted<T>(T value, string format) where T : IFormattable =>
        AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
