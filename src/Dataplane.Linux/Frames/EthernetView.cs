using System.Buffers.Binary;

namespace Dataplane.Linux.Frames;

/// <summary>An Ethernet II frame and its 802.1Q / 802.1ad tags, as a view of the buffer that holds it.</summary>
public readonly ref struct EthernetView
{
    public const int HeaderLength = 14;
    private const int TagLength = 4;

    private readonly ReadOnlySpan<byte> _frame;
    private readonly int _payload;

    private EthernetView(ReadOnlySpan<byte> frame, int payload)
    {
        _frame = frame;
        _payload = payload;
    }

    public MacAddress Destination => MacAddress.Read(_frame);

    public MacAddress Source => MacAddress.Read(_frame[6..]);

    /// <summary>The type of the payload, behind all tags. Values up to 1500 are an 802.3 length.</summary>
    public ushort EtherType => BinaryPrimitives.ReadUInt16BigEndian(_frame[(_payload - 2)..]);

    /// <summary>
    /// How many VLAN tags lie in the frame itself. The kernel may have moved the outermost one out of band before a
    /// capture sees it.
    /// </summary>
    public int TagCount => (_payload - HeaderLength) / TagLength;

    /// <summary>The VLAN of the outermost tag, 0 when there is none.</summary>
    public ushort VlanId =>
        TagCount == 0 ? (ushort)0 : (ushort)(BinaryPrimitives.ReadUInt16BigEndian(_frame[HeaderLength..]) & 0xfff);

    public ReadOnlySpan<byte> Payload => _frame[_payload..];

    /// <summary>
    /// The IP packet in the frame. False where there is none, and where its version is not the one that the ethertype
    /// says.
    /// </summary>
    public bool TryReadIp(out IpView packet) => IpView.TryParse(Payload, EtherType, out packet);

    /// <summary>False when the frame ends inside the header or inside a tag.</summary>
    public static bool TryParse(ReadOnlySpan<byte> frame, out EthernetView view)
    {
        var payload = HeaderLength;
        while (frame.Length >= payload)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(frame[(payload - 2)..]) is not (
                EtherTypes.Vlan or EtherTypes.ServiceVlan))
            {
                view = new EthernetView(frame, payload);
                return true;
            }

            payload += TagLength;
        }

        view = default;
        return false;
    }
}
