using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;

namespace Dataplane.Linux.Tests.Nftables;

/// <summary>
/// What a batch holds between its NFNL_MSG_BATCH_BEGIN, whose sequence number is 1, and its NFNL_MSG_BATCH_END.
/// </summary>
internal static class NftGolden
{
    private const int BatchBegin = 20, BatchEnd = 20;

    /// <summary>NFT_MSG_NEWRULE for a table and a chain of one letter each, up to the first expression.</summary>
    private const int RuleHead = 20 + 8 + 8 + 4;

    public static void Messages(string table, Action<NftBatch> build) =>
        Golden.Equal(table, Written(build).AsSpan(BatchBegin));

    public static void Expression(string table, Action<NftBatch> build) => Golden.Equal(table, Written(batch =>
    {
        var rule = batch.BeginRule(NftFamily.Inet, "t", "c");
        build(batch);
        batch.EndRule(rule);
    }).AsSpan(BatchBegin + RuleHead));

    public static byte[] Written(Action<NftBatch> build, uint? generation = null)
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter);
        using var batch = new NftBatch(socket, generation);
        build(batch);
        batch.End();
        batch.Writer.End();
        return batch.Writer.Written[..^BatchEnd].ToArray();
    }
}
