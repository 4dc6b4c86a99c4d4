using System.Globalization;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Tests;

public sealed class VisibleTests
{
    [Theory]
    [InlineData("a-b_c.yaml")]
    [InlineData("Größe, naïve, Ελληνικά, кириллица, עברית, العربية, हिन्दी, 日本語, 한국어")]
    [InlineData("e\u0301 \u00a0 \u3000 \ue000")]
    [InlineData("\ud83d\ude80 \u2708\ufe0f \ud840\udc00")]
    [InlineData(@"C:\u001b \n")]
    public void Ordinary_text_stays_as_it_is(string text)
    {
        Assert.Same(text, Visible.Line(text));
        Assert.Same(text, Visible.Lines(text));
    }

    [Theory]
    [InlineData("\u001b[31m", @"\u001b[31m")]
    [InlineData("a\r\nb\tc", @"a\r\nb\tc")]
    [InlineData("\0\u0007\u007f\u0080\u0085\u009f", @"\u0000\u0007\u007f\u0080\u0085\u009f")]
    [InlineData("\u202e\u2066\u200e\u061c", @"\u202e\u2066\u200e\u061c")]
    [InlineData("\u2028\u2029", @"\u2028\u2029")]
    [InlineData("\u200b\u200d\u2060\ufeff\u00ad\u3164", @"\u200b\u200d\u2060\ufeff\u00ad\u3164")]
    [InlineData("ä\udb40\udc41\ud83d\ude80\u001b", "ä\\udb40\\udc41\ud83d\ude80\\u001b")]
    [InlineData("\uffff\ufdd0", @"\uffff\ufdd0")]
    public void What_is_not_for_eyes_is_shown(string text, string shown) => Assert.Equal(shown, Visible.Line(text));

    /// <summary>No attribute can hold them.</summary>
    [Fact]
    public void Halves_of_pairs_are_shown() => Assert.Equal(@"\ud800x\udc00", Visible.Line("\ud800x\udc00"));

    [Fact]
    public void A_text_keeps_its_lines() => Assert.Equal("a\n\tb\\r\n", Visible.Lines("a\n\tb\r\n"));

    /// <summary>By Unicode's own categories, one character at a time.</summary>
    [Fact]
    public void No_control_character_separator_or_mark_of_direction_is_left()
    {
        for (var c = 0; c <= 0xffff; c++)
        {
            var text = ((char)c).ToString();
            var mustGo = CharUnicodeInfo.GetUnicodeCategory((char)c) is UnicodeCategory.Control
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
            // Signs that stand before Arabic numbers are of the category Format, and are seen.
            mustGo |= CharUnicodeInfo.GetUnicodeCategory((char)c) == UnicodeCategory.Format
                && c is not ((>= 0x600 and <= 0x605) or 0x6dd or 0x70f or 0x890 or 0x891 or 0x8e2);
            if (mustGo) Assert.Equal(c is '\n' or '\r' or '\t' ? 2 : 6, Visible.Line(text).Length);
            if (char.IsAsciiLetterOrDigit((char)c)) Assert.Same(text, Visible.Line(text));
        }
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("äöü", 3)]
    [InlineData("日本", 4)]
    [InlineData("한글", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("\ud83d\ude80", 2)]
    [InlineData("→ ✓ ×", 5)]
    [InlineData("ｗ", 2)]
    public void Cells_are_those_of_a_terminal(string text, int cells) => Assert.Equal(cells, Cells.Of(text));
}
