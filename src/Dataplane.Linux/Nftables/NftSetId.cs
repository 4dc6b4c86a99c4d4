namespace Dataplane.Linux.Nftables;

/// <summary>
/// The id by which rules refer to a set of the same transaction (NFTA_SET_ID), before the kernel knows its name.
/// </summary>
/// <param name="Value">Unique in the transaction.</param>
public readonly record struct NftSetId(uint Value)
{
    public NftSetId Next => new(Value + 1);
}
