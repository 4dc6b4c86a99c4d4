using System.Text;
using Dataplane.Runtime.Logs;

namespace Dataplane.Runtime.Tests.Logs;

public sealed class LogTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Path => _directory["0.log"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Lines_are_written_as_a_kubelet_reads_them()
    {
        using (var log = new LogFile(Path, new FixedTime()))
        {
            Add(log, LogStream.Out, "hel");
            Add(log, LogStream.Error, "oops\n\nno end");
            Add(log, LogStream.Out, "lo\nyou\n");
            // What has its end is in the file at once.
            Assert.Equal(4, File.ReadAllLines(Path).Length);
        }
        Assert.Equal(
            [
                "2026-01-02T03:04:05.600000000Z stderr F oops", "2026-01-02T03:04:05.600000000Z stderr F ",
                "2026-01-02T03:04:05.600000000Z stdout F hello", "2026-01-02T03:04:05.600000000Z stdout F you",
                "2026-01-02T03:04:05.600000000Z stderr F no end",
            ], File.ReadAllLines(Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void A_long_line_is_written_in_parts_and_read_as_one()
    {
        var text = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{i} "));
        using (var log = new LogFile(Path, new FixedTime()))
        {
            Add(log, LogStream.Out, text);
            Add(log, LogStream.Error, "between\n");
            Add(log, LogStream.Out, "\nnext\n");
        }
        Assert.Equal(text.Length / LogFile.LongestPart,
            File.ReadAllLines(Path).Count(l => l.Contains(" stdout P ", StringComparison.Ordinal)));
        Assert.Equal(["between", text, "next"], Texts());
        Assert.Equal(["next"], Texts(1));
    }

    [Fact]
    public void A_flood_is_bounded_and_the_last_of_it_stays()
    {
        const int Most = 10_000;
        using (var log = new LogFile(Path, new FixedTime(), Most))
        {
            for (var i = 0; i < 10_000; i++) Add(log, LogStream.Out, $"line {i}\n");
            Assert.InRange(new FileInfo(Path).Length, 1, Most);
            Assert.InRange(new FileInfo(LogFile.OlderOf(Path)).Length, Most - 100, Most);
        }
        Assert.Equal(2, Directory.GetFiles(_directory.Path).Length);
        var kept = Texts();
        Assert.Equal(Enumerable.Range(10_000 - kept.Count, kept.Count).Select(i => $"line {i}"), kept);
        Assert.Equal(["line 9998", "line 9999"], Texts(2));
    }

    [Fact]
    public void A_log_goes_on_where_it_was()
    {
        foreach (var text in (string[])["a\n", "b\n"])
        {
            using var log = new LogFile(Path, new FixedTime());
            Add(log, LogStream.Out, text);
        }
        Assert.Equal(["a", "b"], Texts());
    }

    [Fact]
    public void What_cannot_be_written_is_counted_and_nothing_waits()
    {
        using var log = new LogFile(Path, new FixedTime(), 50);
        Add(log, LogStream.Out, "first\n");
        // The older file cannot take its place.
        Directory.CreateDirectory(LogFile.OlderOf(Path));
        Add(log, LogStream.Out, "second\nthird\n");
        Assert.InRange(log.Lost, 1, 2);
        Directory.Delete(LogFile.OlderOf(Path));
        Add(log, LogStream.Out, "fourth\n");
        Assert.Equal("fourth", Texts()[^1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-02T03:04:05.600000000Z stdout F")]
    [InlineData("2026-01-02T03:04:05.600000000Z stdxxx F a")]
    [InlineData("2026-01-02T03:04:05.600000000Z stdout X a")]
    [InlineData("2026-13-02T03:04:05.600000000Z stdout F a")]
    public void What_is_no_line_is_passed_over(string line)
    {
        File.WriteAllText(Path, $"{line}\n2026-01-02T03:04:05.600000000Z stderr F good\nhalf a li");
        Assert.Equal(["good"], Texts());
    }

    [Fact]
    public void A_log_that_is_not_there_is_empty() => Assert.Empty(LogReader.Read(Path));

    private List<string> Texts(int? tail = null) =>
        [.. LogReader.Read(Path, tail).Select(l => Encoding.UTF8.GetString(l.Text.Span))];

    private static void Add(LogFile log, LogStream stream, string text) =>
        log.Add(stream, Encoding.UTF8.GetBytes(text));

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, 600, TimeSpan.Zero);
    }
}
