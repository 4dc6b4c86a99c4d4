using Dataplane.Linux.Nftables;

namespace Dataplane.Rules.Nftables.Model;

/// <summary>
/// Matches when all packets that reach the rule exceed the rate together; the burst is one second's worth.
/// </summary>
public sealed record LimitOver(uint PerSecond) : NftStatement
{
    public override string Text => $"limit rate over {PerSecond}/second burst {PerSecond} packets";

    public override void Write(NftBatch batch, NftRuleContext context) => batch.LimitOver(PerSecond, PerSecond);
}

/// <summary>
/// Matches when the packets with the key of this one exceed the rate. A full set takes no new key: then it does not
/// match.
/// </summary>
public sealed record LimitOverEach(string Set, NftField Key, uint PerSecond) : NftStatement
{
    public override string Text => $"update @{Set} {{ {Key.Text} {new LimitOver(PerSecond).Text} }}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        NftFields.Load(batch, context, [Key], isInterval: false);
        batch.LimitOverEach(Set, context.SetIds[Set], PerSecond, PerSecond);
    }
}

/// <summary>
/// Matches when the key, with this packet, has more than <paramref name="Count"/> connections. A full set takes no new
/// key: then it does not match.
/// </summary>
public sealed record ConnectionsOverEach(string Set, NftField Key, uint Count) : NftStatement
{
    public override string Text => $"add @{Set} {{ {Key.Text} ct count over {Count} }}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        NftFields.Load(batch, context, [Key], isInterval: false);
        batch.ConnectionsOverEach(Set, context.SetIds[Set], Count);
    }
}

/// <summary>
/// Matches when all connections that have reached the rule, this one included, are more than <paramref name="Count"/>.
/// </summary>
public sealed record ConnectionsOver(uint Count) : NftStatement
{
    public override string Text => $"ct count over {Count}";

    public override void Write(NftBatch batch, NftRuleContext context) => batch.ConnectionsOver(Count);
}

/// <summary>
/// Adds the packet's key to the set, for the timeout of the set. A full set takes no new key: then the rule ends.
/// </summary>
public sealed record Remember(string Set, NftField Key) : NftStatement
{
    public override string Text => $"update @{Set} {{ {Key.Text} }}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        NftFields.Load(batch, context, [Key], isInterval: false);
        batch.Remember(Set, context.SetIds[Set]);
    }
}

/// <summary>Removes the packet's key from a set that rules fill, if it is there.</summary>
public sealed record Forget(string Set, NftField Key) : NftStatement
{
    public override string Text => $"delete @{Set} {{ {Key.Text} }}";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        NftFields.Load(batch, context, [Key], isInterval: false);
        batch.Forget(Set, context.SetIds[Set]);
    }
}

/// <summary>Matches one packet in <paramref name="Many"/>, at random.</summary>
public sealed record OneIn(uint Many) : NftStatement
{
    public override string Text => $"numgen random mod {Many} 0";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        batch.Random(1, Many);
        batch.Compare(1, NftCompare.Equal, stackalloc byte[4]);
    }
}
