using System.Globalization;
using System.Text;
using Dataplane.Runtime.Logs;

namespace Dataplane.Daemon.Programs;

/// <summary>Which lines of a log are shown, and how. For one reader.</summary>
/// <param name="hasTimes">Each line begins with the time at which it was written.</param>
/// <param name="tail">How many of the past lines, the last ones.</param>
/// <param name="sinceSeconds">How old a line may be; 0: any.</param>
internal sealed class LogSelection(bool hasTimes, int tail, int sinceSeconds)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffffff00Z";

    private readonly DateTimeOffset? _since =
        sinceSeconds == 0 ? null : TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(sinceSeconds);

    private readonly bool[] _isOpen = new bool[2];

    /// <summary>What is in the log now.</summary>
    /// <param name="follower">Of that log; it goes on behind these lines.</param>
    public IEnumerable<LogLine> Past(string path, LogFollower follower)
    {
        if (tail == int.MaxValue) return follower.ReadNew();
        using var counted = new LogFollower(path);
        // Twice, since the lines are as large as the log.
        var all = counted.ReadNew().Count(l => l.IsWhole);
        return Last(follower, all - tail);
    }

    /// <summary>The line, or the part of one, as it is sent; null: it is too old.</summary>
    public byte[]? Bytes(LogLine line)
    {
        if (line.Time < _since) return null;
        var isPart = _isOpen[(int)line.Stream];
        _isOpen[(int)line.Stream] = !line.IsWhole;
        var front = hasTimes && !isPart
            ? Encoding.ASCII.GetBytes(line.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture) + " ")
            : [];
        return [.. front, .. line.Text.Span, .. line.IsWhole ? "\n"u8 : ""u8];
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
