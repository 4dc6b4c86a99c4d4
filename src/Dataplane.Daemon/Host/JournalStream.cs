using Dataplane.Linux.Files;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Daemon.Host;

/// <summary>Whether what is written to a descriptor goes to systemd's journal.</summary>
internal static class JournalStream
{
    /// <summary>
    /// DEVICE:INODE of the stream that systemd connected standard output or standard error to, systemd.exec(5).
    /// </summary>
    public const string Variable = "JOURNAL_STREAM";

    private const int StandardError = 2;

    /// <summary>
    /// Comparing matters: the variable is inherited by children whose standard error leads elsewhere, and by this
    /// process when a shell in a unit redirects it.
    /// </summary>
    public static bool IsStandardError()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } stream) return false;
        using var descriptor = new SafeFileHandle(StandardError, ownsHandle: false);
        try
        {
            return stream == FileIdentity.Of(descriptor).ToString();
        }
        catch (LinuxException)
        {
            // Closed: nothing that is written goes anywhere.
            return false;
        }
    }
}
