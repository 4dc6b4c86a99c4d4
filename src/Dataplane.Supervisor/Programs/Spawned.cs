using System.Text;
using Dataplane.Linux.Native;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Launching;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Supervisor.Programs;

/// <summary>Starts launchers.</summary>
internal static class Spawned
{
    /// <summary>More is not read of why a program did not begin.</summary>
    private const int LongestReason = 4 << 10;

    private static readonly string[] Command = [Environment.ProcessPath!, "launch"];

    /// <param name="output">Of the program, that for errors second.</param>
    /// <param name="status">See <see cref="Launcher.StatusDescriptor"/>.</param>
    /// <returns>The number of the process that becomes the program.</returns>
    /// <exception cref="LinuxException">EAGAIN, ENOMEM, EMFILE.</exception>
    public static int Start(ProgramStart start, IReadOnlyList<SafeFileHandle> output, SafeFileHandle status)
    {
        using var told = ProgramPipe.Hold(start.ToJson());
        return ChildProcess.Start(Command, [told, output[0], output[1], status]);
    }

    /// <summary>Reads what a launcher has to say, at the end of its pipe.</summary>
    /// <returns>Why the program did not begin; empty: it did; null: it is not known yet.</returns>
    public static string? Reason(SafeFileHandle status, StringBuilder before)
    {
        Span<byte> buffer = stackalloc byte[LongestReason];
        while (ProgramPipe.Read(status, buffer) is { } read)
        {
            if (read == 0) return before.ToString();
            if (before.Length < LongestReason) before.Append(Encoding.UTF8.GetString(buffer[..read]));
        }
        return null;
    }
}
