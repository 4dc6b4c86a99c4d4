using System.Buffers.Binary;

namespace Dataplane.Linux.Frames;

/// <summary>An ARP packet for IPv4 over Ethernet (RFC 826), the only kind a pod can meet.</summary>
public readonly ref struct ArpView
{
    public const ushort Request = 1;
    public const ushort Reply = 2;
    private const int Length = 28;

    private readonly ReadOnlySpan<byte> _packet;

    private ArpView(ReadOnlySpan<byte> packet) => _packet = packet;

    public ushort Operation => BinaryPrimitives.ReadUInt16BigEndian(_packet[6..]);

    public MacAddress SenderMac => MacAddress.Read(_packet[8..]);

    public IpAddressValue Sender => IpAddressValue.ReadIPv4(_packet[14..]);

    public IpAddressValue Target => IpAddressValue.ReadIPv4(_packet[24..]);

    /// <summary>False for anything shorter than 28 bytes or not Ethernet (1), IPv4, 6 and 4 bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out ArpView view)
    {
        if (packet.Length < Length || BinaryPrimitives.ReadUInt64BigEndian(packet) >> 16 != 0x0001_0800_0604)
        {
            view = default;
            return false;
        }

        view = new ArpView(packet[..Length]);
        return true;
    }
}
