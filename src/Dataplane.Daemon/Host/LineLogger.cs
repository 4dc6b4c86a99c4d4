using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Host;

/// <summary>One line an event, with its number, on stderr: what journald and people read.</summary>
internal sealed class LineLogger(TextWriter output, TimeProvider time) : ILoggerProvider
{
    /// <summary>A reload may change it.</summary>
    public LogLevel Level { get; set; } = LogLevel.Information;

    public ILogger CreateLogger(string categoryName) =>
        // The server tells of each broken connection; that is not our operator's business.
        new Category(this, categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) ? LogLevel.Warning : LogLevel.Trace);

    public void Dispose()
    {
    }

    private sealed class Category(LineLogger owner, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel >= owner.Level && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) owner.Write(logLevel, eventId, formatter(state, exception), exception);
        }
    }

    private void Write(LogLevel level, EventId id, string message, Exception? exception)
    {
        var word = level switch
        {
            LogLevel.Trace or LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warning",
            _ => "error",
        };
        var line = $"{time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {word} {id.Id} {message}{(exception is null ? "" : $": {exception}")}";
        try
        {
            output.WriteLine(line.ReplaceLineEndings(" | "));
        }
        catch (IOException)
        {
            // Nobody reads: the node is more important.
        }
    }
}
