using System.Globalization;
using Dataplane.Kubernetes.Text;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Host;

/// <summary>One line for each event, with its number, on stderr, for journald and people.</summary>
/// <param name="hasPriorities">
/// The journal reads the lines: each begins with its syslog priority, such as <c>&lt;4&gt;</c>, sd-daemon(3), which the
/// journal removes.
/// </param>
internal sealed class LineLogger(TextWriter output, TimeProvider time, bool hasPriorities = false) : ILoggerProvider
{
    /// <summary>The lowest level that is logged; a reload may change it.</summary>
    public LogLevel Level { get; set; } = LogLevel.Information;

    public ILogger CreateLogger(string categoryName) =>
        // The server reports each broken connection, which is of no use to an operator.
        new Category(this,
            categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) ? LogLevel.Warning : LogLevel.Trace);

    public void Dispose()
    {
    }

    private sealed class Category(LineLogger owner, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= least && logLevel >= owner.Level && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) owner.Write(logLevel, eventId, formatter(state, exception), exception);
        }
    }

    private void Write(LogLevel level, EventId id, string message, Exception? exception)
    {
        var (word, priority) = level switch
        {
            LogLevel.Trace or LogLevel.Debug => ("debug", 7),
            LogLevel.Information => ("info", 6),
            LogLevel.Warning => ("warning", 4),
            LogLevel.Error => ("error", 3),
            _ => ("error", 2),
        };
        var at = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var line = $"{at} {word} {id.Id} {message}{(exception is null ? "" : $": {exception}")}"
            .ReplaceLineEndings(" | ");
        // Names of files and of pods are in messages: none is to start a line, or to speak to the terminal.
        var shown = Visible.Line(line);
        try
        {
            output.WriteLine(hasPriorities ? $"<{priority}>{shown}" : shown);
        }
        catch (IOException)
        {
            // The reader has gone: enforcing goes on without a log.
        }
    }
}
