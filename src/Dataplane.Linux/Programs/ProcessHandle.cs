using System.Globalization;
using System.Runtime.InteropServices;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Programs;

/// <summary>A process that is meant, and never another one that has got its number: pidfd_open(2).</summary>
public sealed unsafe class ProcessHandle : IDisposable
{
    /// <summary>linux/pidfd.h: since Linux 6.15 it tells how a process ended also those who are not its
    /// parent.</summary>
    private const uint GetInfo = 0xC040FF0B, InfoBytes = 64, ExitBit = 8, ExitCodeOffset = 60;

    /// <summary>Fields 22 and 52.</summary>
    private const int StartField = 22 - 3, ExitCodeField = 52 - 3;

    private readonly ulong _startTicks;

    private ProcessHandle(int id, ulong startTicks, SafeFileHandle handle) =>
        (Id, _startTicks, Handle) = (id, startTicks, handle);

    public int Id { get; }

    /// <summary>Readable when the process has ended.</summary>
    public SafeFileHandle Handle { get; }

    /// <returns>Null: there is no such process any more.</returns>
    /// <param name="startTicks">As <see cref="StartTicksOf"/> gave it.</param>
    public static ProcessHandle? Open(int id, ulong startTicks)
    {
        var descriptor = Libc.pidfd_open(id, 0);
        if (descriptor < 0) return null;
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        // The handle first: what has the number now keeps it until it is looked at.
        if (StartTicksOf(id) == startTicks) return new ProcessHandle(id, startTicks, handle);
        handle.Dispose();
        return null;
    }

    /// <summary>When a process began, in ticks of the clock since the machine did (proc_pid_stat(5), field 22); null:
    /// there is none of this number, or it has ended.</summary>
    public static ulong? StartTicksOf(int id) => Stat(id) is { } fields && !IsOver(fields) ? Ticks(fields) : null;

    /// <summary>How it ended; null: it has not, or the kernel does not say, or not yet.</summary>
    public ProgramEnd? End()
    {
        // As long as its parent has not waited for it, this is where it is said.
        if (Stat(Id) is { } fields && Ticks(fields) == _startTicks)
        {
            return !IsOver(fields) ? null
                : ProgramEnd.Of(int.Parse(fields[ExitCodeField], CultureInfo.InvariantCulture));
        }
        var info = stackalloc byte[(int)InfoBytes];
        new Span<byte>(info, (int)InfoBytes).Clear();
        *(ulong*)info = ExitBit;
        return Libc.ioctl((int)Handle.DangerousGetHandle(), GetInfo, info) == 0 && (*(ulong*)info & ExitBit) != 0
            ? ProgramEnd.Of(*(int*)(info + ExitCodeOffset)) : null;
    }

    /// <summary>A signal to a process, or to the group that it leads; one that is gone is no error.</summary>
    /// <param name="group">The process must not have been waited for yet, or its number may be another's.</param>
    /// <exception cref="LinuxException">EPERM.</exception>
    public static void Signal(int id, int signal, bool group = false)
    {
        if (Libc.kill(group ? -id : id, signal) < 0 && Marshal.GetLastPInvokeError() is var errno and not Errno.ESRCH)
            throw new LinuxException($"signal process {id}", errno);
    }

    /// <summary>A signal to this process; if it is gone that is no error.</summary>
    public void Signal(int signal) => _ = Libc.pidfd_send_signal((int)Handle.DangerousGetHandle(), signal);

    public void Dispose() => Handle.Dispose();

    /// <summary>The fields of proc_pid_stat(5) behind the name, the third first; null: there is no such
    /// process.</summary>
    private static string[]? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            // The name, in parentheses, may have anything in it.
            return text[(text.LastIndexOf(')') + 2)..].TrimEnd().Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsOver(string[] fields) => fields[0] is "Z" or "X";

    private static ulong Ticks(string[] fields) => ulong.Parse(fields[StartField], CultureInfo.InvariantCulture);
}
