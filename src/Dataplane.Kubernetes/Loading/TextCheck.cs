using System.Text;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Loading;

/// <summary>Decodes bytes as text, or reports why they are not text.</summary>
internal static class TextCheck
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private const string OtherEncoding = "this looks like UTF-16 or UTF-32: save it as UTF-8";

    /// <summary>Null, reported, for what is not UTF-8.</summary>
    public static string? Decode(string file, ReadOnlySpan<byte> bytes, DiagnosticBag bag)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var isMarked = bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])
                || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
                || bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]);
            var good = Math.Clamp(e.Index, 0, bytes.Length);
            var line = 1 + bytes[..good].Count((byte)'\n');
            bag.Add(new Diagnostic(Codes.NotText, Severity.Error, "not a text file in UTF-8",
                new SourcePosition(file, line, 1),
                Help: isMarked ? OtherEncoding : "is this really a manifest?"));
            return null;
        }
    }

    /// <summary>False, reported, for text with characters that YAML forbids.</summary>
    public static bool IsPrintable(SourceText source, DiagnosticBag bag)
    {
        var text = source.Text;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= ' ' and <= '~' or '\n' or '\r' or '\t')
            {
                continue;
            }
            var pair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (pair)
            {
                i++;
            }
            else if (c < ' ' || c is (>= '\u007f' and <= '\u009f' and not '\u0085') or '\ufffe' or '\uffff'
                || char.IsSurrogate(c))
            {
                var line = source.FirstLine;
                while (line < source.LastLine && source.StartOf(line + 1) <= i)
                {
                    line++;
                }
                bag.Add(new Diagnostic(Codes.NotText, Severity.Error,
                    $"not a text file: it holds the control character U+{(int)c:X4}",
                    new SourcePosition(source.File, line, i - source.StartOf(line) + 1),
                    Help: IsWide(text) ? OtherEncoding : "is this really a manifest?"));
                return false;
            }
        }
        return true;
    }

    /// <summary>ASCII in two or four bytes a character: every other byte, at least, is 0.</summary>
    private static bool IsWide(string text) => text.AsSpan().Count('\0') >= text.Length / 3;
}
