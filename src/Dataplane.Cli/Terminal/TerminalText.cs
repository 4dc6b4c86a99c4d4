using System.Collections;
using System.Text;

namespace Dataplane.Cli.Terminal;

/// <summary>
/// The encoding of text for people. Where the locale is not UTF-8 (LC_ALL=C), marks, arrows and boxes become one ASCII
/// character each, so that columns stay where they are, and other characters a question mark.
/// </summary>
internal static class TerminalText
{
    private const string Ours = "\u2192\u2194\u2193\u2713\u2717\u00b7\u2013\u251c\u2514\u2500\u2502\u00d7";
    private const string Ascii = ">=v+x.-|`-|x";

    public static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>locale(7): the first of LC_ALL, LC_CTYPE and LANG that is set. Without any: UTF-8.</summary>
    public static Encoding Of(IDictionary environment)
    {
        foreach (var name in (string[])["LC_ALL", "LC_CTYPE", "LANG"])
        {
            if (environment[name] is not string { Length: > 0 } locale) continue;
            var plain = locale.Replace("-", "", StringComparison.Ordinal);
            return plain.Contains("utf8", StringComparison.OrdinalIgnoreCase) ? Utf8
                : Encoding.GetEncoding("us-ascii", new Fallback(), DecoderFallback.ReplacementFallback);
        }
        return Utf8;
    }

    private sealed class Fallback : EncoderFallback
    {
        public override int MaxCharCount => 1;

        public override EncoderFallbackBuffer CreateFallbackBuffer() => new Buffer();
    }

    /// <summary>One character for each that ASCII lacks.</summary>
    private sealed class Buffer : EncoderFallbackBuffer
    {
        private char? _next;

        public override int Remaining => _next is null ? 0 : 1;

        public override bool Fallback(char charUnknown, int index)
        {
            _next = Ours.IndexOf(charUnknown, StringComparison.Ordinal) is >= 0 and var at ? Ascii[at] : '?';
            return true;
        }

        public override bool Fallback(char charUnknownHigh, char charUnknownLow, int index)
        {
            _next = '?';
            return true;
        }

        public override char GetNextChar()
        {
            var next = _next ?? '\0';
            _next = null;
            return next;
        }

        public override bool MovePrevious() => false;
    }
}
