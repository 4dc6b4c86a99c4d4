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

/// <summary>Ends the rule: accept, drop, or go to another chain.</summary>
public sealed record Decide(NftVerdict Verdict, string? Chain = null) : NftStatement
{
    public override string Text => Verdict.ToString().ToLowerInvariant() + (Chain is null ? "" : " " + Chain);

    public override void Write(NftBatch batch, NftRuleContext context) => batch.Verdict(Verdict, Chain);
}
