using System.Diagnostics;
using System.Runtime.InteropServices;
using Dataplane.Linux.Native;
using Tmds.Linux;

namespace Dataplane.Linux.Netlink;

/// <content>Waiting, and one datagram at a time.</content>
public sealed unsafe partial class NetlinkSocket
{
    /// <summary>
    /// Waits until one of the sockets can receive something; false when the time is over. A negative time waits without
    /// end.
    /// </summary>
    internal static bool WaitAny(int milliseconds, params ReadOnlySpan<NetlinkSocket> sockets)
    {
        Span<bool> held = stackalloc bool[sockets.Length];
        var wanted = stackalloc Libc.pollfd[sockets.Length];
        try
        {
            for (var i = 0; i < sockets.Length; i++)
            {
                sockets[i]._fd.DangerousAddRef(ref held[i]);
                wanted[i] = new Libc.pollfd { fd = (int)sockets[i]._fd.DangerousGetHandle(), events = Libc.POLLIN };
            }

            var ready = Libc.poll(wanted, (nuint)sockets.Length, milliseconds);
            var errno = Marshal.GetLastPInvokeError();
            if (ready < 0 && errno != Errno.EINTR)
            {
                throw new LinuxException("poll netlink sockets", errno);
            }

            return ready != 0;
        }
        finally
        {
            for (var i = 0; i < sockets.Length; i++)
            {
                if (held[i])
                {
                    sockets[i]._fd.DangerousRelease();
                }
            }
        }
    }

    /// <summary>Receives one datagram.</summary>
    /// <param name="timeout">Whole milliseconds; zero does not wait; <see cref="Timeout.InfiniteTimeSpan"/> waits
    /// without end.</param>
    /// <param name="datagram">Valid until the next call on this socket.</param>
    public ReceiveStatus Receive(TimeSpan timeout, out ReadOnlySpan<byte> datagram)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var status = TryReceive(out datagram);
            if (status != ReceiveStatus.TimedOut || timeout == TimeSpan.Zero)
            {
                return status;
            }

            var left = timeout < TimeSpan.Zero ? -1
                : (int)Math.Ceiling((timeout - Stopwatch.GetElapsedTime(started)).TotalMilliseconds);
            if ((left <= 0 && timeout > TimeSpan.Zero) || !Wait(left))
            {
                return ReceiveStatus.TimedOut;
            }
        }
    }

    /// <summary>Receives a datagram if one is queued; TimedOut if none is.</summary>
    private ReceiveStatus TryReceive(out ReadOnlySpan<byte> datagram)
    {
        datagram = default;
        while (true)
        {
            nint received;
            fixed (byte* start = _receive)
            {
                received = _listensToAllNamespaces
                    ? ReceiveMessage(start, _receive.Length)
                    : Libc.recv(_fd, start, (nuint)_receive.Length, Libc.MSG_DONTWAIT | Libc.MSG_TRUNC);
            }

            if (received > _receive.Length)
            {
                throw new LinuxException("receive a netlink datagram", Errno.EMSGSIZE,
                    $"{received} bytes, the buffer has {_receive.Length}");
            }

            if (received >= 0)
            {
                datagram = _receive.AsSpan(0, (int)received);
                return ReceiveStatus.Datagram;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.EINTR: continue;
                case Errno.EAGAIN: return ReceiveStatus.TimedOut;
                case Errno.ENOBUFS: return ReceiveStatus.Lost;
                case var errno: throw new LinuxException("receive a netlink datagram", errno);
            }
        }
    }

    /// <summary>
    /// As recv(2), and reads the namespace number from the control data (netlink(7), NETLINK_LISTEN_ALL_NSID).
    /// </summary>
    private nint ReceiveMessage(byte* start, int length)
    {
        // CMSG_SPACE(sizeof(int)), with room for another one.
        const int ControlLength = 64;
        var control = stackalloc byte[ControlLength];
        var vector = new iovec { iov_base = start, iov_len = length };
        var message =
            new msghdr { msg_iov = &vector, msg_iovlen = 1, msg_control = control, msg_controllen = ControlLength };
        var received = Libc.recvmsg(_fd, &message, Libc.MSG_DONTWAIT | Libc.MSG_TRUNC);
        CameFrom = null;
        var header = (cmsghdr*)control;
        if (received >= 0 && message.msg_controllen >= sizeof(cmsghdr) + sizeof(int)
            && header->cmsg_level == Libc.SOL_NETLINK && header->cmsg_type == Libc.NETLINK_LISTEN_ALL_NSID
            && *(int*)(control + sizeof(cmsghdr)) is var number and >= 0)
        {
            CameFrom = new(number);
        }

        return received;
    }

    /// <summary>
    /// Waits until something can be received; false when the time is over. A negative time waits without end.
    /// </summary>
    private bool Wait(int milliseconds) => WaitAny(milliseconds, this);
}
