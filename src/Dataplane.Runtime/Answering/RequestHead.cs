using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Dataplane.Runtime.Answering;

/// <summary>The request line and the fields of an HTTP/1 request (RFC 9112), as far as an answer depends on
/// them.</summary>
/// <param name="Text">All of it, with the empty line at its end.</param>
/// <param name="IsForHead">The answer has no body.</param>
/// <param name="BodyBytes">What follows; null: it is not said, or more than is read.</param>
/// <param name="Stays">Whether the client wants another answer from the same connection.</param>
internal sealed partial record RequestHead(ReadOnlyMemory<byte> Text, bool IsForHead, int? BodyBytes, bool Stays)
{
    /// <summary>A longer body is not read.</summary>
    private const int LongestBody = 1 << 20;

    /// <summary>Whether a first line, without its end, is one of an HTTP request.</summary>
    public static bool IsRequestLine(ReadOnlySpan<byte> line) => RequestLine().IsMatch(Encoding.Latin1.GetString(line));

    /// <summary>The length of a head with the empty line behind it; -1: it is not complete.</summary>
    public static int LengthIn(ReadOnlySpan<byte> bytes)
    {
        var (crlf, lf) = (bytes.IndexOf("\r\n\r\n"u8), bytes.IndexOf("\n\n"u8));
        return crlf >= 0 && (lf < 0 || crlf < lf) ? crlf + 4 : lf >= 0 ? lf + 2 : -1;
    }

    /// <param name="bytes">As long as <see cref="LengthIn"/> says.</param>
    public static RequestHead Of(ReadOnlyMemory<byte> bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes.Span).Split('\n');
        var isOld = lines[0].TrimEnd().EndsWith("/1.0", StringComparison.Ordinal);
        var (body, stays) = ((int?)0, !isOld);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':');
            if (colon < 0) continue;
            var value = line[(colon + 1)..].Trim();
            switch (line[..colon].Trim().ToLowerInvariant())
            {
                case "content-length":
                    body = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                        && length <= LongestBody ? length : null;
                    break;
                case "transfer-encoding":
                    body = null;
                    break;
                case "connection":
                    stays &= !value.Contains("close", StringComparison.OrdinalIgnoreCase);
                    break;
            }
        }
        return new RequestHead(bytes, lines[0].StartsWith("HEAD ", StringComparison.Ordinal), body,
            stays && body is not null);
    }

    [GeneratedRegex(@"^[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^ ]+ HTTP/1\.[01]\r?$")]
    private static partial Regex RequestLine();
}
