using System.Text;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Sockets;

/// <summary>
/// A connection to a unix socket, by system calls that block. (For <see cref="System.Net.Sockets.Socket"/> the runtime
/// starts a thread, which costs a program of few milliseconds a tenth of them, and on a busy machine more than all the
/// rest.) Methods are for one thread.
/// </summary>
public sealed unsafe class UnixConnection : IDisposable
{
    private const int MaxPath = 107; // sockaddr_un, linux/un.h, less the final zero

    private readonly SafeFileHandle _fd;

    private UnixConnection(SafeFileHandle fd) => _fd = fd;

    /// <param name="path">Absolute, of 107 bytes at most.</param>
    /// <param name="patience">Whole seconds, for each call.</param>
    /// <exception cref="LinuxException">ENOENT, ECONNREFUSED: nobody listens. EACCES: not for this user. EAGAIN: too
    /// many wait.</exception>
    public static UnixConnection Open(string path, TimeSpan patience)
    {
        var name = Encoding.UTF8.GetBytes(path);
        if (name.Length is 0 or > MaxPath)
            throw new ArgumentException($"'{path}' is no path of a socket.", nameof(path));
        var connection = new UnixConnection(new SafeFileHandle(
            LinuxException.Check(Libc.socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0),
                "open a unix socket"), ownsHandle: true));
        try
        {
            var seconds = stackalloc long[] { (long)patience.TotalSeconds, 0 }; // struct timeval
            foreach (var option in (int[])[Libc.SO_RCVTIMEO, Libc.SO_SNDTIMEO])
            {
                LinuxException.Check(Libc.setsockopt(connection._fd, Libc.SOL_SOCKET, option, seconds, 16),
                    "set a time limit");
            }
            var address = stackalloc byte[2 + MaxPath + 1];
            new Span<byte>(address, 2 + MaxPath + 1).Clear();
            *(ushort*)address = Libc.AF_UNIX;
            name.CopyTo(new Span<byte>(address + 2, MaxPath));
            LinuxException.Check(Libc.connect(connection._fd, address, 2 + MaxPath + 1), $"connect to {path}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <exception cref="LinuxException">EPIPE: the other end is closed. EAGAIN: patience is at its end.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            fixed (byte* next = bytes)
            {
                bytes = bytes[LinuxException.Check(
                    (int)Libc.send(_fd, next, (nuint)bytes.Length, Libc.MSG_NOSIGNAL), "send")..];
            }
        }
    }

    /// <returns>Bytes; 0: the other end is closed.</returns>
    /// <exception cref="LinuxException">EAGAIN: patience is at its end.</exception>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* into = buffer)
            return LinuxException.Check((int)Libc.recv(_fd, into, (nuint)buffer.Length, 0), "receive");
    }

    public void Dispose() => _fd.Dispose();
}
