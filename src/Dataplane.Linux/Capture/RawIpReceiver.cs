using System.Net.Sockets;
using System.Runtime.InteropServices;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Capture;

/// <summary>
/// A packet that the node received for itself, as a view of a buffer: it must not be used after the next call on the
/// receiver.
/// </summary>
public readonly ref struct RawIpPacket
{
    internal RawIpPacket(
        IpProtocol protocol, IpAddressValue source, IpAddressValue destination, ReadOnlySpan<byte> transport)
    {
        Protocol = protocol;
        Source = source;
        Destination = destination;
        Transport = transport;
    }

    public IpProtocol Protocol { get; }

    public IpAddressValue Source { get; }

    public IpAddressValue Destination { get; }

    /// <summary>From the transport header on.</summary>
    public ReadOnlySpan<byte> Transport { get; }

    /// <summary>See <see cref="ProbeFrame.TryReadTransport"/>.</summary>
    public bool TryReadProbe(out ProbeIdentity identity) =>
        ProbeFrame.TryReadTransport(Protocol, Source, Destination, Transport, out identity);

    /// <summary>See <see cref="ProbeFrame.TryReadReplyTransport"/>.</summary>
    public bool TryReadReply(out ProbeReply reply) =>
        ProbeFrame.TryReadReplyTransport(Protocol, Source, Destination, Transport, out reply);
}

/// <summary>
/// Witnesses what a node received for itself: a raw socket gets its copy behind the input chain
/// (ip_local_deliver_finish), so what that chain drops is not seen, and no listener is needed. One family and one
/// protocol each. Not thread-safe.
/// </summary>
public sealed unsafe class RawIpReceiver : IDisposable
{
    private const int BufferLength = 2048;
    private const int ReceiveBuffer = 4 << 20;

    /// <summary>cmsg headers and in6_pktinfo (linux/ipv6.h), aligned to 8: 16 + 16 + 4 and padding.</summary>
    private const int ControlLength = 64;

    private readonly SafeFileHandle _socket;
    private readonly IpProtocol _protocol;
    private readonly bool _isIPv6;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferLength, pinned: true);

    private RawIpReceiver(SafeFileHandle socket, IpProtocol protocol, bool isIPv6)
    {
        _socket = socket;
        _protocol = protocol;
        _isIPv6 = isIPv6;
    }

    /// <param name="netns">The node; null: this namespace.</param>
    /// <exception cref="LinuxException">EPERM: not root. EAFNOSUPPORT: a kernel without IPv6.</exception>
    public static RawIpReceiver Open(Netns? netns, AddressFamily family, IpProtocol protocol)
    {
        var v6 = family == AddressFamily.InterNetworkV6;
        var socket = PacketSocket.OpenSocket(netns, v6 ? Libc.AF_INET6 : Libc.AF_INET, (int)protocol);
        try
        {
            PacketLibc.SetOption(socket, LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, ReceiveBuffer, "set SO_RCVBUFFORCE");
            if (v6)
            {
                PacketLibc.SetOption(socket, PacketLibc.IPPROTO_IPV6, LibC.IPV6_RECVPKTINFO, 1, "set IPV6_RECVPKTINFO");
            }

            return new RawIpReceiver(socket, protocol, v6);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The next packet, without waiting; false when there is none. Beyond 2,048 bytes it is cut.</summary>
    public bool TryRead(out RawIpPacket packet)
    {
        packet = default;
        var control = stackalloc byte[ControlLength];
        for (; ; )
        {
            sockaddr_in6 from = default;
            nint length;
            fixed (byte* buffer = _buffer)
            {
                var vector = new iovec { iov_base = buffer, iov_len = BufferLength };
                var message = new msghdr
                {
                    msg_name = &from,
                    msg_namelen = (uint)sizeof(sockaddr_in6),
                    msg_iov = &vector,
                    msg_iovlen = 1,
                    msg_control = control,
                    msg_controllen = ControlLength,
                };
                new Span<byte>(control, ControlLength).Clear();
                length = Libc.recvmsg(_socket, &message, Libc.MSG_DONTWAIT);
            }

            if (length < 0)
            {
                return Marshal.GetLastPInvokeError() switch
                {
                    Errno.EAGAIN or Errno.EINTR => false,
                    var errno => throw new LinuxException("receive a raw packet", errno),
                };
            }

            var data = new ReadOnlySpan<byte>(_buffer, 0, (int)length);
            if (_isIPv6 ? TryReadIPv6(data, IpAddressValue.ReadIPv6(new ReadOnlySpan<byte>(from.sin6_addr.s6_addr, 16)),
                control, out packet) : TryReadIPv4(data, out packet))
            {
                return true;
            }
        }
    }

    /// <summary>
    /// Waits until a packet can be read; false when the time is over (or a signal came). -1 waits without end.
    /// </summary>
    public bool Wait(int timeoutMilliseconds) =>
        PacketLibc.WaitReadable(_socket, timeoutMilliseconds, "wait for raw packets");

    public void Dispose() => _socket.Dispose();

    /// <summary>raw(7): IPv4 sockets get the packet with its header.</summary>
    private static bool TryReadIPv4(ReadOnlySpan<byte> data, out RawIpPacket packet)
    {
        packet = default;
        if (!IpView.TryParse(data, out var ip))
        {
            return false;
        }

        packet = new RawIpPacket(ip.Protocol, ip.Source, ip.Destination, ip.Transport);
        return true;
    }

    /// <summary>
    /// RFC 3542: IPv6 sockets get no header; source and destination come beside the data. The control buffer began as
    /// zeros.
    /// </summary>
    private bool TryReadIPv6(ReadOnlySpan<byte> data, IpAddressValue source, byte* control, out RawIpPacket packet)
    {
        packet = default;
        var header = (cmsghdr*)control;
        if (header->cmsg_level != PacketLibc.IPPROTO_IPV6 || header->cmsg_type != PacketLibc.IPV6_PKTINFO)
        {
            return false;
        }

        var destination = IpAddressValue.ReadIPv6(new ReadOnlySpan<byte>(control + sizeof(cmsghdr), 16));
        packet = new RawIpPacket(_protocol, source, destination, data);
        return true;
    }
}
