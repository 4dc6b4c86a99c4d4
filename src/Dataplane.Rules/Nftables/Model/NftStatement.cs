using Dataplane.Linux.Nftables;

namespace Dataplane.Rules.Nftables.Model;

/// <summary>One statement of a rule in both forms: nft text, and the expressions that the kernel runs.</summary>
public abstract record NftStatement
{
    /// <summary>The statement in nft's own grammar.</summary>
    public abstract string Text { get; }

    public abstract void Write(NftBatch batch, NftRuleContext context);
}

/// <summary>The properties of a table that the expressions of its rules need.</summary>
public sealed record NftRuleContext(NftFamily Family, IReadOnlyDictionary<string, NftSetId> SetIds);
