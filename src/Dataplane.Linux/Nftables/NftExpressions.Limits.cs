using static Dataplane.Linux.Nftables.NftKernel;

namespace Dataplane.Linux.Nftables;

/// <content>Limits, and sets that packets fill.</content>
public static partial class NftExpressions
{
    /// <summary>Matches while packets exceed the rate.</summary>
    /// <param name="burst">Number of packets before the rate applies.</param>
    public static void LimitOver(this NftBatch batch, uint perSecond, uint burst)
    {
        var e = Open(batch, "limit");
        LimitData(batch, perSecond, burst);
        Close(batch, e);
    }

    /// <summary>
    /// Matches while packets of the key in register 1 exceed the rate, and adds or renews the key. Does not match if
    /// the set is full.
    /// </summary>
    public static void LimitOverEach(this NftBatch batch, string set, NftSetId setId, uint perSecond, uint burst)
    {
        var (e, inner) = OpenEach(batch, set, setId, NFT_DYNSET_OP_UPDATE, "limit");
        LimitData(batch, perSecond, burst);
        CloseEach(batch, e, inner);
    }

    /// <summary>
    /// Matches if the key in register 1 has more connections than <paramref name="count"/>, this one included. Does not
    /// match if the set is full.
    /// </summary>
    public static void ConnectionsOverEach(this NftBatch batch, string set, NftSetId setId, uint count)
    {
        var (e, inner) = OpenEach(batch, set, setId, NFT_DYNSET_OP_ADD, "connlimit");
        ConnectionsData(batch, count);
        CloseEach(batch, e, inner);
    }

    /// <summary>
    /// Matches if more than <paramref name="count"/> connections have come to this expression and still exist, this one
    /// included.
    /// </summary>
    public static void ConnectionsOver(this NftBatch batch, uint count)
    {
        var e = Open(batch, "connlimit");
        ConnectionsData(batch, count);
        Close(batch, e);
    }

    /// <summary>Adds or renews the key in register 1. Ends the rule if the set is full.</summary>
    public static void Remember(this NftBatch batch, string set, NftSetId setId)
    {
        var e = Open(batch, "dynset");
        Dynamic(batch, set, setId, NFT_DYNSET_OP_UPDATE);
        Close(batch, e);
    }

    /// <summary>Removes the key in register 1 from the set, if it is there.</summary>
    public static void Forget(this NftBatch batch, string set, NftSetId setId)
    {
        var e = Open(batch, "dynset");
        Dynamic(batch, set, setId, NFT_DYNSET_OP_DELETE);
        Close(batch, e);
    }

    private static void Dynamic(NftBatch batch, string set, NftSetId setId, uint operation)
    {
        batch.Writer.String(NFTA_DYNSET_SET_NAME, set);
        batch.Writer.U32Be(NFTA_DYNSET_SET_ID, setId.Value);
        batch.Writer.U32Be(NFTA_DYNSET_OP, operation);
        batch.Writer.U32Be(NFTA_DYNSET_SREG_KEY, 1);
    }

    private static void ConnectionsData(NftBatch batch, uint count)
    {
        batch.Writer.U32Be(NFTA_CONNLIMIT_COUNT, count);
        batch.Writer.U32Be(NFTA_CONNLIMIT_FLAGS, NFT_CONNLIMIT_F_INV);
    }

    private static void LimitData(NftBatch batch, uint perSecond, uint burst)
    {
        batch.Writer.U64Be(NFTA_LIMIT_RATE, perSecond);
        batch.Writer.U64Be(NFTA_LIMIT_UNIT, 1); // seconds
        batch.Writer.U32Be(NFTA_LIMIT_BURST, burst);
        batch.Writer.U32Be(NFTA_LIMIT_TYPE, NFT_LIMIT_PKTS);
        batch.Writer.U32Be(NFTA_LIMIT_FLAGS, NFT_LIMIT_F_INV);
    }

    private static ((int Item, int Body) Expression, (int Item, int Body) Inner) OpenEach(
        NftBatch batch, string set, NftSetId setId, uint operation, string inner)
    {
        var e = Open(batch, "dynset");
        Dynamic(batch, set, setId, operation);
        var item = batch.Writer.Open(NFTA_DYNSET_EXPR);
        batch.Writer.String(NFTA_EXPR_NAME, inner);
        return (e, (item, batch.Writer.Open(NFTA_EXPR_DATA)));
    }

    private static void CloseEach(NftBatch batch, (int Item, int Body) expression, (int Item, int Body) inner)
    {
        Close(batch, inner);
        Close(batch, expression);
    }
}
