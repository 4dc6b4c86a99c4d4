using Dataplane.Linux.Nftables;

namespace Dataplane.Rules.Nftables.Model;

/// <summary>
/// Sets the priority to a number from 0 to <paramref name="Modulus"/> - 1 that is the same for all packets of a flow.
/// </summary>
public sealed record PriorityFromFlow(uint Modulus) : NftStatement
{
    public override string Text => $"meta priority set symhash mod {Modulus}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.FlowHash(1, Modulus);
        batch.MetaStore(NftMeta.Priority, 1);
    }
}

/// <summary>Sets the priority to a random number from 0 to <paramref name="Modulus"/> - 1.</summary>
public sealed record PriorityFromChance(uint Modulus) : NftStatement
{
    public override string Text => $"meta priority set numgen random mod {Modulus}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.Random(1, Modulus);
        batch.MetaStore(NftMeta.Priority, 1);
    }
}

/// <summary>The priority has, or has not, this value under a mask.</summary>
public sealed record MatchPriorityBits(uint Mask, uint Value, bool Not = false) : NftStatement
{
    private static string Number(uint value) => NftRegister.Priority.Value(value);

    public override string Text => $"meta priority & {Number(Mask)} {(Not ? "!=" : "==")} {Number(Value)}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.MetaLoad(NftMeta.Priority, 1);
        batch.Mask(1, Mask);
        batch.Compare(1, Not ? NftCompare.NotEqual : NftCompare.Equal, BitConverter.GetBytes(Value));
    }
}

/// <summary>Goes to the chain that a verdict map has for the masked priority, if it has one.</summary>
public sealed record GotoByPriority(uint Mask, string Map) : NftStatement
{
    public override string Text => $"meta priority & {NftRegister.Priority.Value(Mask)} vmap @{Map}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.MetaLoad(NftMeta.Priority, 1);
        batch.Mask(1, Mask);
        batch.LookupVerdict(Map, context.SetIds[Map]);
    }
}

/// <summary>
/// Translates the destination of a connection of this transport protocol to the address and port that a map has for the
/// priority. Ends the rule, and the chains, where the map has the priority.
/// </summary>
/// <param name="Name">As nft spells the protocol: without it, it accepts no translation of ports.</param>
public sealed record TranslateTo(NftProtocol Family, string Name, byte Protocol, string Map) : NftStatement
{
    private bool IsIPv4 => Family == NftProtocol.IPv4;

    public override string Text =>
        $"meta l4proto {Name} dnat {(IsIPv4 ? "ip" : "ip6")} to {NftField.Priority.Text} map @{Map}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.MetaLoad(NftMeta.L4Proto, 1);
        batch.Compare(1, NftCompare.Equal, [Protocol]);
        batch.MetaLoad(NftMeta.Priority, 1);
        batch.LookupData(Map, context.SetIds[Map]);
        batch.TranslateDestination(IsIPv4);
    }
}

/// <summary>
/// Sets the timeout of the fields' element in a map, and adds it with the priority as its data if it is new: the data
/// of an element that is there stays. The rule ends if the map is full.
/// </summary>
public sealed record RememberPriority(string Map, uint Seconds, params NftField[] Fields) : NftStatement
{
    public override string Text =>
        $"update @{Map} {{ {string.Join(" . ", Fields.Select(f => f.Text))} timeout {Seconds}s : meta priority }}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        var data = NftFields.LoadPriorityBehind(batch, context, Fields);
        batch.RememberData(Map, context.SetIds[Map], data, TimeSpan.FromSeconds(Seconds));
    }
}

/// <summary>Removes the fields' element from a map that rules fill, if it is there.</summary>
public sealed record ForgetPriority(string Map, params NftField[] Fields) : NftStatement
{
    public override string Text =>
        $"delete @{Map} {{ {string.Join(" . ", Fields.Select(f => f.Text))} : meta priority }}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        var data = NftFields.LoadPriorityBehind(batch, context, Fields);
        batch.ForgetData(Map, context.SetIds[Map], data);
    }
}

/// <summary>Answers a TCP segment with a reset; drops the packet, and ends the chains.</summary>
public sealed record RejectTcp : NftStatement
{
    public override string Text => "meta l4proto tcp reject with tcp reset";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.MetaLoad(NftMeta.L4Proto, 1);
        batch.Compare(1, NftCompare.Equal, [6]); // IPPROTO_TCP
        batch.RejectWithReset();
    }
}

/// <summary>Answers with an ICMP error "port unreachable" of the packet's family, and drops the packet.</summary>
public sealed record RejectAsUnreachable : NftStatement
{
    public override string Text => "reject with icmpx type port-unreachable";

    public override void Write(NftBatch batch, NftRuleContext context) => batch.RejectAsUnreachable();
}

/// <summary>Whether an address of the packet's connection was translated.</summary>
public sealed record MatchTranslated : NftStatement
{
    // IPS_SRC_NAT and IPS_DST_NAT, linux/netfilter/nf_conntrack_common.h
    private const uint Source = 1 << 4, Destination = 1 << 5;

    private readonly string _text;
    private readonly uint _bits;
    private readonly bool _not;

    private MatchTranslated(string text, uint bits, bool not) => (_text, _bits, _not) = (text, bits, not);

    /// <summary>Its destination was.</summary>
    public static readonly MatchTranslated ToAnother = new("ct status dnat", Destination, not: false);

    /// <summary>Its destination was not.</summary>
    public static readonly MatchTranslated ToNoOther = new("ct status ! dnat", Destination, not: true);

    /// <summary>Neither source nor destination was.</summary>
    public static readonly MatchTranslated AtNoEnd = new("ct status ! snat,dnat", Source | Destination, not: true);

    public override string Text => _text;

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.CtLoad(NftCt.Status, 1);
        batch.Mask(1, _bits);
        batch.Compare(1, _not ? NftCompare.Equal : NftCompare.NotEqual, stackalloc byte[4]);
    }
}
