using Dataplane.Linux.Nftables;

namespace Dataplane.Rules.Nftables.Model;

/// <summary>Counts packets and bytes.</summary>
public sealed record Count : NftStatement
{
    public override string Text => "counter";

    public override void Write(NftBatch batch, NftRuleContext context) => batch.Counter();
}

/// <summary>Sends the packet to an nflog group with a prefix that names the reason.</summary>
public sealed record LogTo(ushort Group, string Prefix) : NftStatement
{
    public override string Text => $"log prefix \"{Prefix}\" group {Group}";

    public override void Write(NftBatch batch, NftRuleContext context) => batch.Log(Group, Prefix);
}

/// <summary>
/// Replaces the source address of a connection by one of the output interface. Conntrack translates the replies back.
/// </summary>
public sealed record Masquerade : NftStatement
{
    public override string Text => "masquerade";

    public override void Write(NftBatch batch, NftRuleContext context) => batch.Masquerade();
}

/// <summary>
/// The same for a connection of a transport protocol, with a source port by chance from a range, both ends included.
/// </summary>
/// <param name="Name">As nft spells the protocol.</param>
public sealed record MasqueradeFrom(string Name, byte Protocol, ushort First, ushort Last) : NftStatement
{
    public override string Text => $"meta l4proto {Name} masquerade to :{First}-{Last} fully-random";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.MetaLoad(NftMeta.L4Proto, 1);
        batch.Compare(1, NftCompare.Equal, [Protocol]);
        batch.Masquerade(First, Last);
    }
}

/// <summary>Ends the rule: accept, drop, or go to another chain.</summary>
public sealed record Decide(NftVerdict Verdict, string? Chain = null) : NftStatement
{
    public override string Text => Verdict.ToString().ToLowerInvariant() + (Chain is null ? "" : " " + Chain);

    public override void Write(NftBatch batch, NftRuleContext context) => batch.Verdict(Verdict, Chain);
}
