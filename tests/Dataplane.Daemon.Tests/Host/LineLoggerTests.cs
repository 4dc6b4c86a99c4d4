using Dataplane.Daemon.Host;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Tests.Host;

public sealed class LineLoggerTests
{
    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    }

    [Theory]
    [InlineData(LogLevel.Debug, "debug", 7)]
    [InlineData(LogLevel.Information, "info", 6)]
    [InlineData(LogLevel.Warning, "warning", 4)]
    [InlineData(LogLevel.Error, "error", 3)]
    [InlineData(LogLevel.Critical, "error", 2)]
    public void The_journal_is_told_how_grave_it_is_and_nobody_else(LogLevel level, string word, int priority)
    {
        var line = $"2026-01-02T12:00:00.000Z {word} 7 it happened\n";
        Assert.Equal(line, Written(hasPriorities: false, level, "it happened"));
        Assert.Equal($"<{priority}>{line}", Written(hasPriorities: true, level, "it happened"));
    }

    /// <summary>The journal would take a second line for an event of its own, with another priority.</summary>
    [Fact]
    public void An_event_is_one_line() => Assert.Equal(
        "<3>2026-01-02T12:00:00.000Z error 7 one | <0>two: System.InvalidOperationException: three | four\n",
        Written(hasPriorities: true, LogLevel.Error, "one\n<0>two", new InvalidOperationException("three\nfour")));

    /// <summary>Names of manifest files are in messages.</summary>
    [Fact]
    public void What_others_wrote_is_visible() => Assert.Equal(
        "2026-01-02T12:00:00.000Z warning 7 \\u001b]0;T\\u0007 | \\u202eä\\u009b2J\n",
        Written(hasPriorities: false, LogLevel.Warning, "\u001b]0;T\u0007\r\n\u202eä\u009b2J"));

    private static string Written(bool hasPriorities, LogLevel level, string message, Exception? exception = null)
    {
        var written = new StringWriter { NewLine = "\n" };
        using var lines = new LineLogger(written, new Noon(), hasPriorities) { Level = LogLevel.Trace };
        lines.CreateLogger("Test").Log(level, new EventId(7), message, exception, (text, _) => text);
        return written.ToString();
    }
}
