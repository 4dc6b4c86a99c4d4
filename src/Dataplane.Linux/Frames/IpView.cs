using System.Buffers.Binary;

namespace Dataplane.Linux.Frames;

/// <summary>
/// An IPv4 (RFC 791) or IPv6 (RFC 8200) packet as a view of the buffer that holds it. The transport header is found
/// behind IPv4 options or IPv6 hop-by-hop, routing, destination, fragment and authentication headers, at most
/// <see cref="MaxExtensionHeaders"/> of them. A capture may have cut the packet short: the headers must be whole, the
/// payload need not be.
/// </summary>
public readonly ref struct IpView
{
    /// <summary>
    /// A longer chain is not followed: <see cref="Protocol"/> then names the extension header where the walk stopped.
    /// </summary>
    public const int MaxExtensionHeaders = 8;

    private const byte HopByHop = 0, Routing = 43, Fragment = 44, Authentication = 51, NoNext = 59,
        DestinationOptions = 60;

    private readonly ReadOnlySpan<byte> _packet;
    private readonly int _transport;
    private readonly int _fragment;

    private IpView(ReadOnlySpan<byte> packet, bool isIPv6, IpProtocol protocol, int transport, int fragment)
    {
        _packet = packet;
        IsIPv6 = isIPv6;
        Protocol = protocol;
        _transport = transport;
        _fragment = fragment;
    }

    public bool IsIPv6 { get; }

    /// <summary>
    /// The protocol of <see cref="Transport"/>: the number behind all extension headers, whether or not this enum names
    /// it.
    /// </summary>
    public IpProtocol Protocol { get; }

    public IpAddressValue Source =>
        IsIPv6 ? IpAddressValue.ReadIPv6(_packet[8..]) : IpAddressValue.ReadIPv4(_packet[12..]);

    public IpAddressValue Destination =>
        IsIPv6 ? IpAddressValue.ReadIPv6(_packet[24..]) : IpAddressValue.ReadIPv4(_packet[16..]);

    /// <summary>The IPv4 type of service or the IPv6 traffic class: DSCP and ECN.</summary>
    public byte TrafficClass => IsIPv6 ? (byte)(BinaryPrimitives.ReadUInt16BigEndian(_packet) >> 4) : _packet[1];

    /// <summary>Time to live or hop limit.</summary>
    public byte HopLimit => IsIPv6 ? _packet[7] : _packet[8];

    /// <summary>
    /// Bytes from the start of the packet to the transport header: options and extension headers included.
    /// </summary>
    public int HeaderLength => _transport;

    /// <summary>Offset of this fragment in bytes; 0 for a whole packet and for a first fragment.</summary>
    public int FragmentOffset => _fragment & 0xfff8;

    public bool MoreFragments => (_fragment & 1) != 0;

    /// <summary>
    /// One piece of a larger packet. An IPv6 atomic fragment (whole, though it carries a fragment header) is not.
    /// </summary>
    public bool IsFragment => _fragment != 0;

    /// <summary>
    /// What was captured from the transport header on, without link-layer padding; empty in every fragment but the
    /// first.
    /// </summary>
    public ReadOnlySpan<byte> Transport => FragmentOffset == 0 ? _packet[_transport..] : default;

    /// <summary>
    /// As <see cref="TryParse(ReadOnlySpan{byte}, out IpView)"/>, where the link says which family it is: false also
    /// for a packet of the other version, and for an ethertype that is not IP. The kernel goes by the ethertype, so
    /// such a packet is of neither family.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, ushort etherType, out IpView view)
    {
        if (etherType is EtherTypes.IPv4 or EtherTypes.IPv6 && TryParse(packet, out view)
            && view.IsIPv6 == (etherType == EtherTypes.IPv6))
        {
            return true;
        }

        view = default;
        return false;
    }

    /// <summary>
    /// False when the version is neither 4 nor 6, a length is impossible, or the fixed header or the IPv4 options are
    /// cut off.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out IpView view)
    {
        if (packet.Length >= 20)
        {
            switch (packet[0] >> 4)
            {
                case 4: return TryParseIPv4(packet, out view);
                case 6: return TryParseIPv6(packet, out view);
            }
        }

        view = default;
        return false;
    }

    private static bool TryParseIPv4(ReadOnlySpan<byte> packet, out IpView view)
    {
        view = default;
        var header = (packet[0] & 0xf) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (header < 20 || header > packet.Length)
        {
            return false;
        }

        // 0: a segment beyond 64 KiB that was captured before it was split (BIG TCP, TSO).
        if (total != 0)
        {
            if (total < header)
            {
                return false;
            }

            packet = packet[..Math.Min(total, packet.Length)];
        }

        int word = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        view = new IpView(packet, false, (IpProtocol)packet[9], header, (word & 0x1fff) << 3 | word >> 13 & 1);
        return true;
    }

    private static bool TryParseIPv6(ReadOnlySpan<byte> packet, out IpView view)
    {
        const int Fixed = 40;
        if (packet.Length < Fixed)
        {
            view = default;
            return false;
        }

        int payload = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (payload != 0)
        {
            packet = packet[..Math.Min(Fixed + payload, packet.Length)];
        }

        var next = packet[6];
        var at = Fixed;
        var fragment = 0;
        for (var walked = 0; walked < MaxExtensionHeaders; walked++)
        {
            if (next is not (HopByHop or Routing or Fragment or Authentication or DestinationOptions)
                || packet.Length < at + 8)
            {
                break;
            }

            var length = next switch
            {
                Fragment => 8,
                Authentication => (packet[at + 1] + 2) * 4,
                _ => (packet[at + 1] + 1) * 8,
            };
            if (packet.Length < at + length)
            {
                break;
            }

            if (next == Fragment)
            {
                fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]) & 0xfff9;
            }

            next = packet[at];
            at += length;
            if ((fragment & 0xfff8) != 0 || next == NoNext)
            {
                break;
            }
        }

        view = new IpView(packet, true, (IpProtocol)next, at, fragment);
        return true;
    }
}
