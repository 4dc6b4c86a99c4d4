namespace Dataplane.Api;

/// <summary>
/// Exit codes, the same for every command. A <see cref="Problem"/> carries the one that its refusal ends a command
/// with.
/// </summary>
public static class ExitCodes
{
    public const int Yes = 0;

    /// <summary>The answer is no: something disagrees, an expectation does not hold, validate found errors.</summary>
    public const int No = 1;

    public const int Usage = 2;

    /// <summary>The input was rejected or cannot be read; nothing was done.</summary>
    public const int Input = 3;

    /// <summary>No daemon, or no permission.</summary>
    public const int NoAccess = 4;

    /// <summary>The kernel refused; everything is as it was before.</summary>
    public const int Kernel = 5;

    public const int Undecided = 6;

    /// <summary>EX_SOFTWARE of sysexits.h: a fault of this program.</summary>
    public const int Internal = 70;

    /// <summary>128 + SIGINT, as shells report it; SIGTERM and SIGHUP end a command with it too.</summary>
    public const int Interrupted = 130;
}
