namespace Dataplane.Runtime.Logs;

/// <summary>Reads what a container wrote back from its log.</summary>
public static class LogReader
{
    private static readonly FileStreamOptions Options = new()
    {
        Mode = FileMode.Open,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 1 << 16,
    };

    /// <summary>The lines of a log, the oldest first, those in parts put together; a file that is not there has
    /// none.</summary>
    /// <param name="path">Of the newer file.</param>
    /// <param name="tail">How many of the last ones; null: all.</param>
    public static IEnumerable<LogLine> Read(string path, int? tail = null)
    {
        var lines = Whole(Lines(LogFile.OlderOf(path)).Concat(Lines(path)));
        return tail is { } count ? lines.TakeLast(count) : lines;
    }

    private static IEnumerable<LogLine> Lines(string path)
    {
        if (!File.Exists(path)) yield break;
        using var file = new FileStream(path, Options);
        var line = new List<byte>();
        for (var next = file.ReadByte(); next >= 0; next = file.ReadByte())
        {
            if (next != '\n')
            {
                line.Add((byte)next);
                continue;
            }
            // One that is being written, or was cut by a full disk, is none.
            if (LogLine.Parse(line.ToArray()) is { } read) yield return read;
            line.Clear();
        }
    }

    private static IEnumerable<LogLine> Whole(IEnumerable<LogLine> parts)
    {
        var open = new List<LogLine>[] { [], [] };
        foreach (var part in parts)
        {
            var before = open[(int)part.Stream];
            if (!part.IsWhole)
            {
                before.Add(part);
                continue;
            }
            yield return before.Count == 0 ? part : Joined([.. before, part]);
            before.Clear();
        }
        foreach (var rest in open.Where(o => o.Count > 0)) yield return Joined(rest);
    }

    private static LogLine Joined(List<LogLine> parts) => parts[0] with
    {
        IsWhole = parts[^1].IsWhole,
        Text = parts.SelectMany(p => p.Text.ToArray()).ToArray(),
    };
}
