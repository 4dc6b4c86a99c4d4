using System.Globalization;
using System.Text;
using Dataplane.Runtime.Logs;

namespace Dataplane.Daemon.Programs;

/// <summary>Which lines of a log are shown, and how. For one reader.</summary>
internal sealed class LogSelection(LogRequest asked)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffffff00Z";

    private readonly bool[] _isOpen = new bool[2];
    private long _left = asked.MaxBytes;

    /// <summary>No more is wanted.</summary>
    public bool IsOver => _left == 0;

    /// <summary>What is in the log now.</summary>
    /// <param name="follower">Of that log; it goes on behind these lines.</param>
    public IEnumerable<LogLine> Past(string path, LogFollower follower)
    {
        if (asked.Tail == int.MaxValue) return follower.ReadNew();
        using var counted = new LogFollower(path);
        // Twice, since the lines are as large as the log.
        var all = counted.ReadNew().Count(l => l.IsWhole);
        return Last(follower, all - asked.Tail);
    }

    /// <summary>The line, or the part of one, as it is sent; null: it is too old.</summary>
    public byte[]? Bytes(LogLine line)
    {
        if (line.Time < asked.Since) return null;
        var isPart = _isOpen[(int)line.Stream];
        _isOpen[(int)line.Stream] = !line.IsWhole;
        var front = asked.HasTimes && !isPart
            ? Encoding.ASCII.GetBytes(line.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture) + " ")
            : [];
        byte[] bytes = [.. front, .. line.Text.Span, .. line.IsWhole ? "\n"u8 : ""u8];
        if (bytes.Length > _left) bytes = bytes[..(int)_left];
        _left -= bytes.Length;
        return bytes;
    }

    private static IEnumerable<LogLine> Last(LogFollower follower, int skipped)
    {
        foreach (var line in follower.ReadNew())
        {
            if (skipped <= 0) yield return line;
            else if (line.IsWhole) skipped--;
        }
    }
}
