namespace Dataplane.Rules.ShortWay;

/// <summary>Where the fields of an IP header are in a frame (RFC 791, RFC 8200), and what follows it.</summary>
internal sealed record Header(int Family, int Bytes, int AddressBytes, int Source, int HopLimit, int Protocol)
{
    public const int Tcp = 6, Udp = 17, TcpBytes = 20, UdpBytes = 8;

    /// <summary>The checksum of IPv4.</summary>
    public const int Checksum = Ether + 10;

    /// <summary>
    /// The field of fragments but "do not fragment", as a little-endian machine loads it: the reserved bit must be 0
    /// too.
    /// </summary>
    public const int FragmentBits = 0xffbf;

    /// <summary>ACK, and neither FIN, SYN, RST nor URG.</summary>
    public const int FlagBits = 0x37, Acknowledges = 0x10;

    private const int Ether = 14;

    public static readonly Header Four = new(4, 20, 4, Ether + 12, Ether + 8, Ether + 9),
        Six = new(6, 40, 16, Ether + 8, Ether + 7, Ether + 6);

    public bool IsFour => Family == 4;

    /// <summary>Where the transport header begins; the header has no options, and no extensions.</summary>
    public int Transport => Ether + Bytes;
}
