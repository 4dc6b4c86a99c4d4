namespace Dataplane.Cli.Terminal;

/// <summary>The exit codes, the same for every command.</summary>
internal static class ExitCodes
{
    public const int Yes = 0;
    /// <summary>The answer is no: something disagrees, an expectation does not hold, validate found errors.</summary>
    public const int No = 1;
    public const int Usage = 2;
    /// <summary>The input was rejected or cannot be read; nothing was done.</summary>
    public const int Input = 3;
    /// <summary>No daemon, or no permission.</summary>
    public const int NoAccess = 4;
    /// <summary>The kernel refused; what had been made was removed.</summary>
    public const int Kernel = 5;
    public const int Undecided = 6;
    /// <summary>EX_SOFTWARE of sysexits.h: a fault of this program.</summary>
    public const int Internal = 70;
    /// <summary>128 + SIGINT, as shells report it; SIGTERM and SIGHUP end the same way.</summary>
    public const int Interrupted = 130;
}

/// <summary>Ends the command with one line on stderr and an exit code.</summary>
internal sealed class CommandFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;
}
