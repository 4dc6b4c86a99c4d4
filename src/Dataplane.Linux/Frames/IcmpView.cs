using System.Buffers.Binary;

namespace Dataplane.Linux.Frames;

/// <summary>An ICMP (RFC 792) or ICMPv6 (RFC 4443) message, as a view of the buffer that holds it.</summary>
public readonly ref struct IcmpView
{
    public const int HeaderLength = 8;

    private readonly ReadOnlySpan<byte> _message;
    private readonly bool _isIPv6;

    private IcmpView(ReadOnlySpan<byte> message, bool isIPv6)
    {
        _message = message;
        _isIPv6 = isIPv6;
    }

    public byte Type => _message[0];

    public byte Code => _message[1];

    public bool IsEchoRequest => Type == (_isIPv6 ? 128 : 8) && Code == 0;

    public bool IsEchoReply => Type == (_isIPv6 ? 129 : 0) && Code == 0;

    /// <summary>
    /// The message reports a fault of another packet and quotes it: v6 types below 128; v4 3, 4, 5, 11 and 12.
    /// </summary>
    public bool IsError => _isIPv6 ? Type is > 0 and < 128 : Type is 3 or 4 or 5 or 11 or 12;

    /// <summary>Identifier of an echo request or reply.</summary>
    public ushort Identifier => BinaryPrimitives.ReadUInt16BigEndian(_message[4..]);

    /// <summary>Sequence number of an echo request or reply.</summary>
    public ushort Sequence => BinaryPrimitives.ReadUInt16BigEndian(_message[6..]);

    /// <summary>What follows the eight bytes of header.</summary>
    public ReadOnlySpan<byte> Body => _message[HeaderLength..];

    /// <summary>
    /// The packet an error quotes, most often cut short. False when the message is no error or quotes nothing readable.
    /// </summary>
    public bool TryReadQuoted(out IpView quoted)
    {
        if (IsError && IpView.TryParse(Body, out quoted))
        {
            return quoted.IsIPv6 == _isIPv6;
        }

        quoted = default;
        return false;
    }

    /// <summary>False when the eight bytes of header are cut off. The caller has checked the protocol number.</summary>
    public static bool TryParse(ReadOnlySpan<byte> transport, bool isIPv6, out IcmpView view)
    {
        var ok = transport.Length >= HeaderLength;
        view = ok ? new IcmpView(transport, isIPv6) : default;
        return ok;
    }
}
