using System.Net.Sockets;
using System.Runtime.InteropServices;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Capture;

/// <summary>
/// Sends whole IP packets as the node's own: they are routed and pass its output hooks like those of any of its
/// programs (raw(7), IP_HDRINCL). One family each.
/// </summary>
public sealed unsafe class RawIpInjector : IDisposable
{
    private readonly SafeFileHandle _socket;
    private readonly bool _isIPv6;

    private RawIpInjector(SafeFileHandle socket, bool isIPv6)
    {
        _socket = socket;
        _isIPv6 = isIPv6;
    }

    /// <param name="netns">The node; null: this namespace.</param>
    /// <exception cref="LinuxException">EPERM: not root. EAFNOSUPPORT: a kernel without IPv6.</exception>
    public static RawIpInjector Open(Netns? netns, AddressFamily family)
    {
        var v6 = family == AddressFamily.InterNetworkV6;

        // IPPROTO_RAW implies IP_HDRINCL in both families.
        return new RawIpInjector(
            PacketSocket.OpenSocket(netns, v6 ? Libc.AF_INET6 : Libc.AF_INET, LibC.IPPROTO_RAW), v6);
    }

    /// <summary>
    /// Sends one packet. False, with the error number, when the node's own rules or routes refused it on the spot:
    /// EPERM from an output chain, EACCES from a prohibit route, EHOSTUNREACH or ENETUNREACH without a route, EINVAL
    /// from a blackhole route.
    /// </summary>
    /// <exception cref="ArgumentException">Not a packet of this injector's family.</exception>
    /// <exception cref="LinuxException">Any other error.</exception>
    public bool TrySend(ReadOnlySpan<byte> packet, out int errno)
    {
        if (!IpView.TryParse(packet, out var view) || view.IsIPv6 != _isIPv6)
        {
            throw new ArgumentException("not a packet of this family", nameof(packet));
        }

        nint sent;
        fixed (byte* p = packet)
        {
            if (_isIPv6)
            {
                var to = new sockaddr_in6 { sin6_family = Libc.AF_INET6 };
                view.Destination.Write(new Span<byte>(to.sin6_addr.s6_addr, 16));
                sent = Libc.sendto(_socket, p, (nuint)packet.Length, 0, &to, (uint)sizeof(sockaddr_in6));
            }
            else
            {
                var to = new sockaddr_in { sin_family = Libc.AF_INET };
                view.Destination.Write(new Span<byte>(to.sin_addr.s_addr, 4));
                sent = Libc.sendto(_socket, p, (nuint)packet.Length, 0, &to, (uint)sizeof(sockaddr_in));
            }
        }

        errno = sent >= 0 ? 0 : Marshal.GetLastPInvokeError();
        return errno switch
        {
            0 => true,
            Errno.EPERM or Errno.EACCES or Errno.EHOSTUNREACH or Errno.ENETUNREACH or Errno.EINVAL => false,
            _ => throw new LinuxException($"send a packet to {view.Destination}", errno),
        };
    }

    public void Dispose() => _socket.Dispose();
}
