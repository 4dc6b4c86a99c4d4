using Dataplane.Linux.Nftables;

namespace Dataplane.Rules.Nftables.Model;

/// <summary>One statement of a rule in both forms: the text a person reads, the expressions the kernel runs.</summary>
public abstract record NftStatement
{
    /// <summary>The statement in nft's own grammar.</summary>
    public abstract string Text { get; }

    public abstract void Write(NftBatch batch, NftRuleContext context);
}

/// <summary>What a rule's expressions need to know of its table.</summary>
public sealed record NftRuleContext(NftFamily Family, IReadOnlyDictionary<string, uint> SetIds);
