using System.Collections;
using System.Globalization;
using Dataplane.Linux.Native;

namespace Dataplane.Cli.Terminal;

/// <summary>The width that tables are printed for, in columns.</summary>
internal static class TerminalWidth
{
    /// <summary>Where there is no terminal.</summary>
    private const int Comfortable = 100;

    private const int StandardOutput = 1;

    /// <summary>The variable COLUMNS if it is a number, the terminal's own width, or a common one.</summary>
    public static int Of(IDictionary environment, bool outIsTerminal) =>
        int.TryParse(environment["COLUMNS"] as string, NumberStyles.None, CultureInfo.InvariantCulture, out var set)
            && set > 0 ? set
        : outIsTerminal ? TerminalSize.Columns(StandardOutput) ?? Comfortable
        : Comfortable;
}
