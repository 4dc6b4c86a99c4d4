using System.Text.RegularExpressions;

namespace Dataplane.Architecture.Tests;

/// <summary>
/// What others wrote is made visible where it leaves the program: by Printer in the commands, by LineLogger in the
/// daemon. Nothing else writes to standard output or standard error, so nothing can be forgotten.
/// </summary>
public sealed partial class OutputTests
{
    /// <summary>Every other way out, and why it is none for text of others.</summary>
    private static readonly Dictionary<string, string> Ways = new()
    {
        ["src/Dataplane.Cli/Terminal/Shell.cs"] = "makes the printers",
        ["src/Dataplane.Cli/Terminal/OutputStream.cs"] = "below the printers",
        ["src/Dataplane.Cli/Terminal/LastResort.cs"] = "without a shell, through Visible",
        ["src/Dataplane.Cli/Capture/CaptureCommand.cs"] = "a capture is bytes, and refused on a terminal",
        ["src/Dataplane.Cli/Logs/LogsCommand.cs"] = "a log is bytes; on a terminal its lines go through the printer",
        ["src/Dataplane.Daemon/DaemonHost.cs"] = "makes the LineLogger",
        ["src/Dataplane.Linux/Namespaces/NetnsThread.cs"] = "a constant text",
        ["src/Dataplane.Supervisor/Program.cs"] = "why it does not start, which the daemon reads",
        ["src/Dataplane.Supervisor/RunVerb.cs"] = "one word, which the daemon reads",
    };

    [Fact]
    public void Only_the_printer_and_the_log_write_to_standard_output_and_error() => Assert.Equal(
        Ways.Keys.Order(StringComparer.Ordinal),
        Repository.FilesBelow("src", ".cs")
            .Where(file => File.ReadLines(Repository.Full(file)).Any(line => WayOut().IsMatch(line)))
            .Order(StringComparer.Ordinal));

    [GeneratedRegex(@"\bConsole\.(Out|Error|Write|OpenStandard(Output|Error)|IsOutput)|\bshell\.Data\b")]
    private static partial Regex WayOut();
}
