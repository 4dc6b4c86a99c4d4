using static Dataplane.Linux.Nftables.NftKernel;

namespace Dataplane.Linux.Nftables;

/// <content>Extension headers of IPv6.</content>
public static partial class NftExpressions
{
    /// <summary>1 if the packet has this extension header, else 0 (exthdr NAME exists).</summary>
    /// <param name="header">Its number as a next header: NEXTHDR_*, net/ipv6.h.</param>
    public static void HeaderPresent(this NftBatch batch, byte header, uint register)
    {
        var e = Open(batch, "exthdr");
        batch.Writer.U32Be(NFTA_EXTHDR_DREG, register);
        batch.Writer.U8(NFTA_EXTHDR_TYPE, header);
        batch.Writer.U32Be(NFTA_EXTHDR_OFFSET, 0);
        batch.Writer.U32Be(NFTA_EXTHDR_LEN, 1);
        batch.Writer.U32Be(NFTA_EXTHDR_FLAGS, NFT_EXTHDR_F_PRESENT);
        Close(batch, e);
    }
}
