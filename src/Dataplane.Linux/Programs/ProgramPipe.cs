using System.Runtime.InteropServices;
using Dataplane.Linux.Files;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Programs;

/// <summary>What programs are told and heard by.</summary>
public static unsafe class ProgramPipe
{
    /// <summary>What a pipe with a name holds: a writer is woken once for so much.</summary>
    public const int Bytes = 256 << 10;

    private const uint OwnerOnly = 0x180; // 0600

    /// <summary>
    /// Makes a pipe with a name, fifo(7), and opens both ends for the program: whoever listens may come and go, and the
    /// program does not get SIGPIPE, it waits.
    /// </summary>
    /// <exception cref="LinuxException">EEXIST: something else has the name.</exception>
    public static SafeFileHandle Make(string path)
    {
        if (Libc.mkfifo(path, OwnerOnly) < 0 && Marshal.GetLastPInvokeError() is var errno and not Errno.EEXIST)
            throw new LinuxException($"make {path}", errno);
        // For the program, which waits where it writes more than is read.
        var end = Open(path, Libc.O_RDWR, 0);
        // Where the limit of the system is lower it stays as it is: nothing depends on it.
        _ = Libc.fcntl((int)end.DangerousGetHandle(), Libc.F_SETPIPE_SZ, Bytes);
        return end;
    }

    /// <summary>The end to listen at; reading does not wait.</summary>
    /// <exception cref="LinuxException">ENOENT.</exception>
    public static SafeFileHandle Listen(string path) => Open(path, Libc.O_RDONLY);

    /// <summary>A pipe without a name: the end to read at, which does not wait, and that to write at.</summary>
    public static (SafeFileHandle Read, SafeFileHandle Write) MakeUnnamed()
    {
        var ends = stackalloc int[2];
        LinuxException.Check(Libc.pipe2(ends, Libc.O_CLOEXEC), "make a pipe");
        _ = Libc.fcntl(ends[0], Libc.F_SETFL, Libc.O_NONBLOCK);
        return (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    /// <summary>As the other one, and reading waits: for a program's input.</summary>
    public static (SafeFileHandle Read, SafeFileHandle Write) MakeWaiting()
    {
        var ends = MakeUnnamed();
        _ = Libc.fcntl((int)ends.Read.DangerousGetHandle(), Libc.F_SETFL, 0);
        return ends;
    }

    /// <summary>Something to read from its beginning, that no file system has.</summary>
    public static SafeFileHandle Hold(ReadOnlySpan<byte> content)
    {
        var file = new SafeFileHandle(
            LinuxException.Check(Libc.memfd_create("program", Libc.MFD_CLOEXEC), "make a file"), ownsHandle: true);
        RandomAccess.Write(file, content, 0);
        return file;
    }

    /// <summary>Nothing to read, and a place for what nobody wants.</summary>
    public static SafeFileHandle Nothing() => Open("/dev/null", Libc.O_RDWR);

    /// <returns>The number of bytes; 0: there will be none; null: there are none at the moment.</returns>
    /// <exception cref="LinuxException">EIO.</exception>
    public static int? Read(SafeFileHandle end, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            var read = Libc.read((int)end.DangerousGetHandle(), start, (nuint)buffer.Length);
            GC.KeepAlive(end);
            return read >= 0 ? (int)read : Marshal.GetLastPInvokeError() is Errno.EAGAIN or Errno.EINTR ? null
                : throw LinuxException.Last("read from a pipe");
        }
    }

    /// <summary>Writes to a pipe as much as fits, or nothing where nobody reads.</summary>
    public static void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes) _ = Libc.write(descriptor, start, (nuint)bytes.Length);
    }

    /// <summary>What is open as one number becomes open as another one too, and stays so in other programs.</summary>
    /// <exception cref="LinuxException">EBADF.</exception>
    public static void Duplicate(SafeFileHandle from, int to) =>
        LinuxException.Check(Libc.dup2((int)from.DangerousGetHandle(), to), "duplicate a descriptor");

    /// <summary>It is closed when the process becomes another program.</summary>
    /// <exception cref="LinuxException">EBADF.</exception>
    public static void CloseOnExec(int descriptor) =>
        LinuxException.Check(Libc.fcntl(descriptor, Libc.F_SETFD, Libc.FD_CLOEXEC), "mark a descriptor");

    /// <summary>
    /// Gives an open pipe to a user, so that he can open it once more by <c>/proc/self/fd</c>. What is no pipe stays as
    /// it is: /dev/null is the machine's.
    /// </summary>
    /// <exception cref="LinuxException">EPERM.</exception>
    public static void Give(int descriptor, uint user, uint group)
    {
        using var open = new SafeFileHandle(descriptor, ownsHandle: false);
        if (FileType.IsPipe(open))
            LinuxException.Check(Libc.fchown(descriptor, user, group), "give a descriptor away");
    }

    private static SafeFileHandle Open(string path, int flags, int waiting = Libc.O_NONBLOCK) => new(
        LinuxException.Check(Libc.open(path, flags | waiting | Libc.O_CLOEXEC, 0), $"open {path}"), ownsHandle: true);
}
