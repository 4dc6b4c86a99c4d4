using System.Buffers;
using System.Globalization;
using System.Text;

namespace Dataplane.Runtime.Logs;

/// <summary>
/// A line of a log file, as container runtimes write it for a kubelet (kubernetes/kubernetes#34858, "CRI logging"):
/// <c>2016-10-06T00:17:09.669794202Z stdout F what was written</c>, with P in place of F where the line goes on.
/// </summary>
/// <param name="IsWhole">The end of the line was written too.</param>
/// <param name="Text">Without the end of the line.</param>
public readonly record struct LogLine(DateTimeOffset Time, LogStream Stream, bool IsWhole, ReadOnlyMemory<byte> Text)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffffff00Z";

    private const int FrontBytes = 40;

    /// <summary>The bytes of a line with its front and its end.</summary>
    public static int BytesFor(ReadOnlySpan<byte> text) => FrontBytes + text.Length + 1;

    /// <summary>Writes a line with its front and its end.</summary>
    public static void Write(
        IBufferWriter<byte> to, DateTimeOffset time, LogStream stream, bool isWhole, ReadOnlySpan<byte> text)
    {
        var line = to.GetSpan(BytesFor(text));
        time.UtcDateTime.TryFormat(line, out var front, TimeFormat, CultureInfo.InvariantCulture);
        (stream == LogStream.Out ? " stdout "u8 : " stderr "u8).CopyTo(line[front..]);
        (isWhole ? "F "u8 : "P "u8).CopyTo(line[(FrontBytes - 2)..]);
        text.CopyTo(line[FrontBytes..]);
        line[FrontBytes + text.Length] = (byte)'\n';
        to.Advance(BytesFor(text));
    }

    /// <param name="line">Without its end.</param>
    /// <returns>Null: it is no line of such a file.</returns>
    public static LogLine? Parse(ReadOnlyMemory<byte> line)
    {
        if (line.Length < FrontBytes) return null;
        var front = Encoding.ASCII.GetString(line.Span[..FrontBytes]);
        LogStream? stream = front[30..38] switch
        {
            " stdout " => LogStream.Out,
            " stderr " => LogStream.Error,
            _ => null,
        };
        bool? isWhole = front[38..] switch { "F " => true, "P " => false, _ => null };
        return stream is null || isWhole is null || !DateTimeOffset.TryParseExact(front[..30], TimeFormat,
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? null : new LogLine(time, stream.Value, isWhole.Value, line[FrontBytes..]);
    }
}
