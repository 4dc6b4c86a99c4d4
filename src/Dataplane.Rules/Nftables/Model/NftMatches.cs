using System.Net;
using System.Net.Sockets;
using System.Text;
using Dataplane.Linux.Nftables;
namespace Dataplane.Rules.Nftables.Model;

/// <summary>iifname or oifname is, or is not, a name.</summary>
public sealed record MatchInterface(bool IsInput, string Name, bool Not) : NftStatement
{
    public override string Text => $"{(IsInput ? "iifname" : "oifname")} {(Not ? "!= " : "")}\"{Name}\"";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        Span<byte> name = stackalloc byte[16]; // IFNAMSIZ
        Encoding.ASCII.GetBytes(Name, name);
        batch.MetaLoad(IsInput ? NftMeta.InputName : NftMeta.OutputName, 1);
        batch.Compare(1, Not ? NftCompare.NotEqual : NftCompare.Equal, name);
    }
}

/// <summary>The link group of the interface the packet came in on, or goes out of, is or is not this one.</summary>
public sealed record MatchGroup(bool IsInput, uint Group, bool Not = false) : NftStatement
{
    public override string Text => $"{(IsInput ? "iifgroup" : "oifgroup")} {(Not ? "!= " : "")}{Group}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.MetaLoad(IsInput ? NftMeta.InputGroup : NftMeta.OutputGroup, 1);
        batch.Compare(1, Not ? NftCompare.NotEqual : NftCompare.Equal, BitConverter.GetBytes(Group));
    }
}

/// <summary>IPv4 or IPv6.</summary>
public sealed record MatchFamily(NftProtocol Protocol) : NftStatement
{
    public override string Text => $"meta nfproto {(Protocol == NftProtocol.IPv4 ? "ipv4" : "ipv6")}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.MetaLoad(NftMeta.NfProto, 1);
        batch.Compare(1, NftCompare.Equal,
            [Protocol == NftProtocol.IPv4 ? (byte)2 : (byte)10]); // NFPROTO_IPV4, NFPROTO_IPV6
    }
}

/// <summary>The mark, or the priority as a class id, is or is not a value.</summary>
public sealed record MatchRegister(NftRegister Of, uint Value, bool Not = false) : NftStatement
{
    public override string Text => $"{Of.Name()} {(Not ? "!= " : "")}{Of.Value(Value)}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.MetaLoad(Of.Key(), 1);
        batch.Compare(1, Not ? NftCompare.NotEqual : NftCompare.Equal, BitConverter.GetBytes(Value));
    }
}

/// <summary>None of the mask's bits is set in the mark.</summary>
public sealed record MatchMarkLacks(uint Mask) : NftStatement
{
    public override string Text => $"meta mark & 0x{Mask:x8} == 0x00000000";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.MetaLoad(NftMeta.Mark, 1);
        batch.Mask(1, Mask);
        batch.Compare(1, NftCompare.Equal, stackalloc byte[4]);
    }
}

/// <summary>All of the mask's bits are set in the mark.</summary>
public sealed record MatchMarkHas(uint Mask) : NftStatement
{
    public override string Text => $"meta mark & 0x{Mask:x8} == 0x{Mask:x8}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.MetaLoad(NftMeta.Mark, 1);
        batch.Mask(1, Mask);
        batch.Compare(1, NftCompare.Equal, BitConverter.GetBytes(Mask));
    }
}

/// <summary>The frame is not for this MAC address.</summary>
public sealed record MatchOtherDestination(byte[] Mac) : NftStatement
{
    public override string Text => $"ether daddr != {string.Join(':', Mac.Select(b => b.ToString("x2")))}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.PayloadLoad(NftPayload.Link, 0, 6, 1);
        batch.Compare(1, NftCompare.NotEqual, Mac);
    }
}

/// <summary>The first byte of the destination address, or its first bits, as a prefix.</summary>
public sealed record MatchPrefix(NftProtocol Protocol, string Prefix, byte First, byte Mask) : NftStatement
{
    /// <summary>Multicast, reserved and broadcast addresses: 224.0.0.0/4 and 240.0.0.0/4 (RFC 1112, RFC 919).</summary>
    public static readonly MatchPrefix NotUnicast4 = new(NftProtocol.IPv4, "224.0.0.0/3", 0xe0, 0xe0);

    /// <summary>Multicast addresses (RFC 4291, 2.7).</summary>
    public static readonly MatchPrefix NotUnicast6 = new(NftProtocol.IPv6, "ff00::/8", 0xff, 0xff);

    private bool IsIPv4 => Protocol == NftProtocol.IPv4;

    public override string Text => $"{(IsIPv4 ? "ip" : "ip6")} daddr {Prefix}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        new MatchFamily(Protocol).Write(batch, context);
        if (Mask == 0xff)
        {
            batch.PayloadLoad(NftPayload.Network, 24, 1, 1);
            batch.Compare(1, NftCompare.Equal, [First]);
            return;
        }
        batch.PayloadLoad(NftPayload.Network, 16, 4, 1);
        batch.Mask(1, BitConverter.ToUInt32([Mask, 0, 0, 0]));
        batch.Compare(1, NftCompare.Equal, [First, 0, 0, 0]);
    }
}

/// <summary>The source or the destination is in a network, of at least one bit.</summary>
public sealed record MatchNetwork(bool IsSource, IPNetwork Network) : NftStatement
{
    private bool IsIPv4 => Network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;

    public override string Text => $"{(IsIPv4 ? "ip" : "ip6")} {(IsSource ? "saddr" : "daddr")} {Network}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        new MatchFamily(IsIPv4 ? NftProtocol.IPv4 : NftProtocol.IPv6).Write(batch, context);
        var address = Network.BaseAddress.GetAddressBytes();
        var (whole, bits) = Math.DivRem(Network.PrefixLength, 8);
        // Offsets of saddr in struct iphdr and struct ipv6hdr; daddr follows it.
        var offset = (IsIPv4 ? 12 : 8) + (IsSource ? 0 : address.Length);
        if (bits == 0)
        {
            batch.PayloadLoad(NftPayload.Network, offset, whole, 1);
            batch.Compare(1, NftCompare.Equal, address.AsSpan(0, whole));
            return;
        }
        var mask = new byte[address.Length];
        mask.AsSpan(0, whole).Fill(0xff);
        mask[whole] = (byte)(0xff << (8 - bits));
        batch.PayloadLoad(NftPayload.Network, offset, address.Length, 1);
        batch.Mask(1, mask);
        batch.Compare(1, NftCompare.Equal, address);
    }
}

/// <summary>An ICMP redirect (RFC 792).</summary>
public sealed record MatchRedirect : NftStatement
{
    public override string Text => "icmp type redirect";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        new MatchFamily(NftProtocol.IPv4).Write(batch, context);
        batch.MetaLoad(NftMeta.L4Proto, 1);
        batch.Compare(1, NftCompare.Equal, [1]);    // IPPROTO_ICMP
        batch.PayloadLoad(NftPayload.Transport, 0, 1, 1);
        batch.Compare(1, NftCompare.Equal, [5]);    // ICMP_REDIRECT
    }
}

/// <summary>The frame is a broadcast or a multicast: the first bit of its destination is set (IEEE 802).</summary>
public sealed record MatchPacketType(string Name, byte Number) : NftStatement
{
    public static readonly MatchPacketType Broadcast = new("broadcast", 1); // PACKET_BROADCAST
    public static readonly MatchPacketType Multicast = new("multicast", 2); // PACKET_MULTICAST

    public override string Text => $"meta pkttype {Name}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.MetaLoad(NftMeta.PacketType, 1);
        batch.Compare(1, NftCompare.Equal, [Number]);
    }
}

/// <summary>Conntrack's state of the packet; the numbers are NF_CT_STATE_BIT(...).</summary>
public sealed record MatchCtState(string Name, uint Bit) : NftStatement
{
    public static readonly MatchCtState Invalid = new("invalid", 1);
    public static readonly MatchCtState Established = new("established", 2);
    public static readonly MatchCtState Related = new("related", 4);
    public static readonly MatchCtState Untracked = new("untracked", 64);

    public override string Text => $"ct state {Name}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.CtLoad(NftCt.State, 1);
        batch.Mask(1, Bit);
        batch.Compare(1, NftCompare.NotEqual, stackalloc byte[4]);
    }
}

/// <summary>The packet travels against the direction in which its connection was opened.</summary>
public sealed record MatchReply : NftStatement
{
    public override string Text => "ct direction reply";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.CtLoad(NftCt.Direction, 1);
        batch.Compare(1, NftCompare.Equal, [1]); // IP_CT_DIR_REPLY
    }
}

/// <summary>
/// No route leads back to the source by the interface that the packet came in on: a replacement for rp_filter, which
/// IPv6 does not have. The lookup includes the mark: in the forward hook the kernel looks the route up as if the packet
/// came from its output interface, where our own rule prohibits packets without a mark.
/// </summary>
public sealed record MatchNoRouteBack : NftStatement
{
    public override string Text => "fib saddr . mark . iif oif missing";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.RouteBackPresent(1);
        batch.Compare(1, NftCompare.Equal, stackalloc byte[4]);
    }
}

/// <summary>
/// The destination is no address of this namespace, such as a broadcast or anycast address of one of its networks.
/// </summary>
public sealed record MatchNotLocal : NftStatement
{
    private const uint Local = 2; // RTN_LOCAL, linux/rtnetlink.h

    public override string Text => "fib daddr type != local";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.DestinationType(1);
        batch.Compare(1, NftCompare.NotEqual, BitConverter.GetBytes(Local));
    }
}

/// <summary>The connection's mark is in a set.</summary>
public sealed record MatchCtMarkIn(string Set) : NftStatement
{
    public override string Text => $"ct mark @{Set}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.CtLoad(NftCt.Mark, 1);
        batch.Lookup(Set, context.SetIds[Set]);
    }
}
