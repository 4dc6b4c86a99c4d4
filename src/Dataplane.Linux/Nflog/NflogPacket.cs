using System.Buffers.Binary;
using System.Text;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
namespace Dataplane.Linux.Nflog;

/// <summary>
/// One logged packet. Its spans point into the receive buffer: they are valid during the handler's call only.
/// </summary>
public readonly ref struct NflogPacket
{
    private readonly ReadOnlySpan<byte> _prefix;

    /// <summary>Reads an NFULNL_MSG_PACKET body.</summary>
    /// <exception cref="InvalidDataException">It is cut short.</exception>
    public NflogPacket(ReadOnlySpan<byte> body)
    {
        Family = MessageReader.Header<nfgenmsg>(body).nfgen_family;
        var attributes = MessageReader.Attributes<nfgenmsg>(body);
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case Nfulnl.NFULA_PACKET_HDR:
                    var header = attributes.Struct<nfulnl_msg_packet_hdr>();
                    EtherType = BinaryPrimitives.ReadUInt16BigEndian(attributes.Value);
                    Hook = header.hook;
                    break;
                case Nfulnl.NFULA_MARK: Mark = attributes.U32Be(); break;
                case Nfulnl.NFULA_IFINDEX_INDEV: InInterface = new((int)attributes.U32Be()); break;
                case Nfulnl.NFULA_IFINDEX_OUTDEV: OutInterface = new((int)attributes.U32Be()); break;
                case Nfulnl.NFULA_IFINDEX_PHYSINDEV: InPort = new((int)attributes.U32Be()); break;
                case Nfulnl.NFULA_IFINDEX_PHYSOUTDEV: OutPort = new((int)attributes.U32Be()); break;
                case Nfulnl.NFULA_HWADDR: SourceMac = ReadMac(attributes.Value); break;
                case Nfulnl.NFULA_PAYLOAD: Payload = attributes.Value; break;
                case Nfulnl.NFULA_PREFIX: _prefix = attributes.Value; break;
                case Nfulnl.NFULA_SEQ: Sequence = attributes.U32Be(); break;
            }
        }
    }

    /// <summary>NFPROTO_* of the hook: 2 IPv4, 10 IPv6, 7 bridge.</summary>
    public byte Family { get; }

    /// <summary>NF_INET_* or NF_BR_*: 0 prerouting, 1 local in, 2 forward, 3 local out, 4 postrouting.</summary>
    public byte Hook { get; }

    /// <summary>The protocol of <see cref="Payload"/>: 0x0800, 0x86dd, 0x0806...</summary>
    public ushort EtherType { get; }

    /// <summary>The packet's mark; 0 without one.</summary>
    public uint Mark { get; }

    /// <summary>The interface it came in by; on a bridge, the bridge. 0 for none.</summary>
    public InterfaceIndex InInterface { get; }

    public InterfaceIndex OutInterface { get; }

    /// <summary>On a bridge, the port it came in by; otherwise 0.</summary>
    public InterfaceIndex InPort { get; }

    public InterfaceIndex OutPort { get; }

    /// <summary>The sender's hardware address, where the packet came from an Ethernet.</summary>
    public MacAddress? SourceMac { get; }

    /// <summary>From the network header on, cut to the range the log was opened with.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Counts the packets logged to this group. A gap is a loss.</summary>
    public uint? Sequence { get; }

    /// <summary>The rule's log prefix, without its terminating zero; UTF-8.</summary>
    public ReadOnlySpan<byte> PrefixBytes => _prefix is [.. var text, 0] ? text : _prefix;

    /// <summary>The rule's log prefix.</summary>
    public string Prefix => Encoding.UTF8.GetString(PrefixBytes);

    /// <summary><c>struct nfulnl_msg_packet_hw { __be16 hw_addrlen; __u16 _pad; __u8 hw_addr[8]; }</c></summary>
    private static MacAddress? ReadMac(ReadOnlySpan<byte> value) =>
        value.Length >= 10 && BinaryPrimitives.ReadUInt16BigEndian(value) == MacAddress.Size
            ? MacAddress.Read(value[4..10]) : null;
}

/// <summary>Receives one logged packet.</summary>
public delegate void NflogHandler(scoped in NflogPacket packet);
