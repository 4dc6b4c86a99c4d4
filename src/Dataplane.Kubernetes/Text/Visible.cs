using System.Buffers;
using System.Globalization;
using System.Text;

namespace Dataplane.Kubernetes.Text;

/// <summary>
/// Makes text that others wrote harmless where people read it. What would move the cursor, end the line, turn the
/// direction of reading, or not be seen at all, is written as JSON escapes it: <c>\u001b</c>, <c>\n</c>. Other
/// characters, whatever their script, stay as they are.
/// </summary>
/// <remarks>
/// A backslash stays as it is too: names are to be copied. So an escape may also have been there as such, which does no
/// harm.
/// </remarks>
public static class Visible
{
    /// <summary>
    /// First and last characters, in pairs: control characters (Cc), those of format that are not seen (Cf, and a few
    /// letters and marks that are blank), line and paragraph separators, halves of pairs, and what is no character.
    /// The joiners of emoji and of some scripts are among them, since names could differ by nothing else.
    /// </summary>
    private const string Ranges =
        "\0\u001f\u007f\u009f\u00ad\u00ad\u034f\u034f\u061c\u061c\u115f\u1160\u17b4\u17b5\u180b\u180f\u200b\u200f"
        + "\u2028\u202e\u2060\u206f\u3164\u3164\ufdd0\ufdef\ufeff\ufeff\uffa0\uffa0\ufff0\ufffb\ufffe\uffff";

    /// <summary>What is escaped in a line. Halves of pairs are looked at in their pairs.</summary>
    private static readonly SearchValues<char> InLine = SearchValues.Create([.. Suspects()]);

    /// <summary>What is escaped in a text of several lines.</summary>
    private static readonly SearchValues<char> InText = SearchValues.Create([.. Suspects('\t', '\n')]);

    /// <summary>As a part of one line.</summary>
    public static string Line(string text) => Escaped(text, InLine) ?? text;

    /// <summary>As a text of several lines, with blanks and tabs: their ends (line feeds) stay.</summary>
    public static string Lines(string text) => Escaped(text, InText) ?? text;

    /// <inheritdoc cref="Lines(string)"/>
    /// <returns>Null: the text may be written as it is.</returns>
    public static string? Lines(ReadOnlySpan<char> text) => Escaped(text, InText);

    private static string? Escaped(ReadOnlySpan<char> text, SearchValues<char> suspects)
    {
        var at = text.IndexOfAny(suspects);
        if (at < 0) return null;
        var shown = new StringBuilder(text.Length + 16);
        var isChanged = false;
        while (at >= 0)
        {
            shown.Append(text[..at]);
            text = text[at..];
            var isPair = Rune.DecodeFromUtf16(text, out var rune, out var length) == OperationStatus.Done;
            if (isPair && !rune.IsBmp && !IsHidden(rune))
            {
                shown.Append(text[..length]);
            }
            else
            {
                Escape(shown, text[..length]);
                isChanged = true;
            }
            text = text[length..];
            at = text.IndexOfAny(suspects);
        }
        return isChanged ? shown.Append(text).ToString() : null;
    }

    private static void Escape(StringBuilder shown, ReadOnlySpan<char> units)
    {
        foreach (var unit in units)
        {
            shown.Append(unit switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
            });
        }
    }

    /// <summary>Marks of format outside the first plane: of shorthand and music, and tags.</summary>
    private static bool IsHidden(Rune rune) =>
        rune.Value is (>= 0x1bca0 and <= 0x1bca3) or (>= 0x1d173 and <= 0x1d17a) or (>= 0xe0000 and <= 0xe0fff)
        || (rune.Value & 0xfffe) == 0xfffe;

    private static IEnumerable<char> Suspects(params char[] but)
    {
        for (var i = 0; i < Ranges.Length; i += 2)
        {
            for (int c = Ranges[i]; c <= Ranges[i + 1]; c++)
            {
                if (!but.Contains((char)c)) yield return (char)c;
            }
        }
        for (var c = 0xd800; c <= 0xdfff; c++) yield return (char)c;
    }
}
