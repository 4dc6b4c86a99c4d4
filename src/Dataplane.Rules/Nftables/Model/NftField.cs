using Dataplane.Linux.Nftables;

namespace Dataplane.Rules.Nftables.Model;

/// <summary>
/// A field that a rule reads from the packet: its spelling in nft, its type, and the expression that loads it.
/// </summary>
public sealed record NftField
{
    private readonly NftMeta? _meta;
    private readonly (NftCt Key, NftCtDirection? Direction)? _ct;
    private readonly NftPayload _base;
    private readonly int _offset;

    private NftField(string text, NftType type, NftMeta meta) => (Text, Type, _meta) = (text, type, meta);

    private NftField(string text, NftType type, NftCt key, NftCtDirection? direction = null) =>
        (Text, Type, _ct) = (text, type, (key, direction));

    private NftField(string text, NftType type, NftPayload from, int offset, NftProtocol needs = NftProtocol.Any) =>
        (Text, Type, _base, _offset, Needs) = (text, type, from, offset, needs);

    public static readonly NftField Mark = new("meta mark", NftType.Mark, NftMeta.Mark);
    public static readonly NftField Priority = new("meta priority", NftType.ClassId, NftMeta.Priority);
    public static readonly NftField CtMark = new("ct mark", NftType.Mark, NftCt.Mark);
    public static readonly NftField Protocol = new("meta l4proto", NftType.Protocol, NftMeta.L4Proto);
    public static readonly NftField Family = new("meta nfproto", NftType.NfProto, NftMeta.NfProto);
    public static readonly NftField EtherType = new("meta protocol", NftType.EtherType, NftMeta.Protocol);
    public static readonly NftField Input = new("iifname", NftType.InterfaceName, NftMeta.InputName);
    public static readonly NftField InputIndex = new("iif", NftType.InterfaceIndex, NftMeta.InputIndex);
    public static readonly NftField EtherSource = new("ether saddr", NftType.Ether, NftPayload.Link, 6);
    public static readonly NftField Source4 = new("ip saddr", NftType.Ipv4, NftPayload.Network, 12, NftProtocol.IPv4);
    public static readonly NftField Destination4 =
        new("ip daddr", NftType.Ipv4, NftPayload.Network, 16, NftProtocol.IPv4);
    public static readonly NftField Source6 = new("ip6 saddr", NftType.Ipv6, NftPayload.Network, 8, NftProtocol.IPv6);
    public static readonly NftField Destination6 =
        new("ip6 daddr", NftType.Ipv6, NftPayload.Network, 24, NftProtocol.IPv6);
    public static readonly NftField SourcePort = new("th sport", NftType.Port, NftPayload.Transport, 0);
    public static readonly NftField DestinationPort = new("th dport", NftType.Port, NftPayload.Transport, 2);

    /// <summary>The address that opened the packet's connection.</summary>
    public static readonly NftField Opener4 =
        new("ct original ip saddr", NftType.Ipv4, NftCt.SourceIPv4, NftCtDirection.Original);
    public static readonly NftField Opener6 =
        new("ct original ip6 saddr", NftType.Ipv6, NftCt.SourceIPv6, NftCtDirection.Original);

    /// <summary>The address that answers in the packet's connection, after any translation.</summary>
    public static readonly NftField Answerer4 =
        new("ct reply ip saddr", NftType.Ipv4, NftCt.SourceIPv4, NftCtDirection.Reply);
    public static readonly NftField Answerer6 =
        new("ct reply ip6 saddr", NftType.Ipv6, NftCt.SourceIPv6, NftCtDirection.Reply);

    public string Text { get; }
    public NftType Type { get; }

    /// <summary>
    /// The protocol that a packet must have for the field to be valid. The rule checks it first, as nft does
    /// implicitly.
    /// </summary>
    public NftProtocol Needs { get; } = NftProtocol.Any;

    public void Load(NftBatch batch, uint register)
    {
        if (_meta is { } key) batch.MetaLoad(key, register);
        else if (_ct is { Direction: { } direction } ct) batch.CtLoad(ct.Key, direction, register);
        else if (_ct is { } own) batch.CtLoad(own.Key, register);
        else batch.PayloadLoad(_base, _offset, Type.Length, register);
    }
}

/// <summary>The network protocol a field belongs to.</summary>
public enum NftProtocol { Any, IPv4, IPv6 }
