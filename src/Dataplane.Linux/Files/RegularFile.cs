using System.Runtime.InteropServices;
using System.Text;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Files;

/// <summary>
/// A regular file, open for reading. What else may be at its path is looked at and never opened: opening waits for the
/// writer of a pipe, and starts some devices. A file system that does not answer makes every call here wait.
/// </summary>
public sealed class RegularFile : IDisposable
{
    private readonly SafeFileHandle _file;

    private RegularFile(SafeFileHandle file) => _file = file;

    /// <summary>Opens what the path names; symbolic links are followed.</summary>
    /// <exception cref="LinuxException">ENOENT, EACCES, ELOOP.</exception>
    /// <exception cref="IOException">It is a directory, a pipe, a socket or a device.</exception>
    public static RegularFile Open(string path)
    {
        // Opened with O_PATH, a file is only found; by way of its descriptor the same file is opened, whatever has been
        // put at the path meanwhile.
        using var found = new SafeFileHandle(
            LinuxException.Check(HomeLibc.Open(path, LibC.O_PATH), $"open {path}"), ownsHandle: true);
        if (FileType.NameOfOther(found) is { } other) throw new IOException($"it is {other}, no regular file");
        var opened = HomeLibc.Open(
            $"/proc/self/fd/{found.DangerousGetHandle()}", LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_NOCTTY);
        return new RegularFile(new SafeFileHandle(LinuxException.Check(opened, $"open {path}"), ownsHandle: true));
    }

    /// <summary>
    /// The text of a small file; null where there is none, or something that is no regular file, larger than
    /// <paramref name="limit"/> bytes, or not to be read: a pipe at the path keeps nobody waiting.
    /// </summary>
    public static string? TryReadText(string path, int limit)
    {
        try
        {
            using var file = Open(path);
            var bytes = file.Read(limit);
            return bytes.Length > limit ? null : Encoding.UTF8.GetString(bytes);
        }
        catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public FileStamp Stamp => new(
        FileIdentity.Of(_file), File.GetLastWriteTimeUtc(_file), RandomAccess.GetLength(_file));

    /// <summary>
    /// Whether any process can write through a descriptor: fcntl(2), F_SETLEASE, refuses a read lease with EAGAIN then.
    /// The lease is released at once; a process that opens the file meanwhile waits until then.
    /// </summary>
    /// <returns>False also where the file system has no leases, or the file belongs to another user (EINVAL,
    /// EACCES).</returns>
    public bool HasWriters()
    {
        // A process that opens the file meanwhile breaks the lease, which the kernel signals; by default with SIGIO,
        // which ends the process.
        if (HomeLibc.Control(_file, LibC.F_SETSIG, LibC.SIGURG) < 0) return false;
        if (HomeLibc.Control(_file, LibC.F_SETLEASE, LibC.F_RDLCK) < 0)
            return Marshal.GetLastPInvokeError() == Errno.EAGAIN;
        HomeLibc.Control(_file, LibC.F_SETLEASE, LibC.F_UNLCK);
        return false;
    }

    /// <summary>
    /// Reads as many bytes as the file is long, at most <paramref name="limit"/> + 1: one more than the limit tells
    /// that the file is too large.
    /// </summary>
    /// <exception cref="IOException">
    /// It has more or fewer: it is being written, or no file of a disk.
    /// </exception>
    public byte[] Read(int limit)
    {
        var length = RandomAccess.GetLength(_file);
        // Reading takes from some of the kernel's sources without a length, such as /proc/kmsg.
        if (length == 0) return [];
        // One byte more, to see the end.
        var bytes = new byte[Math.Min(length, limit) + 1];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(_file, bytes.AsSpan(read), read) is var n and > 0) read += n;
        if (read != length && read <= limit)
            throw new IOException($"it is {length} bytes long, and reading gives {(read > length ? "more" : "less")}");
        return bytes[..read];
    }

    public void Dispose() => _file.Dispose();
}
