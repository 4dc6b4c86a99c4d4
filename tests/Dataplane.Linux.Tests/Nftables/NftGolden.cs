using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;

namespace Dataplane.Linux.Tests.Nftables;

internal delegate void NftBatchBuilder(ref NftBatch batch);

/// <summary>What a batch holds between its NFNL_MSG_BATCH_BEGIN, whose sequence number is 1, and its NFNL_MSG_BATCH_END.</summary>
internal static class NftGolden
{
    private const int BatchBegin = 20, BatchEnd = 20;

    /// <summary>NFT_MSG_NEWRULE for a table and a chain of one letter each, up to the first expression.</summary>
    private const int RuleHead = 20 + 8 + 8 + 4;

    public static void Messages(string table, NftBatchBuilder build) => Golden.Equal(table, Written(build).AsSpan(BatchBegin));

    public static void Expression(string table, NftBatchBuilder build) => Golden.Equal(table, Written((ref batch) =>
    {
        var rule = batch.BeginRule(NftFamily.Inet, "t", "c");
        build(ref batch);
        batch.EndRule(rule);
    }).AsSpan(BatchBegin + RuleHead));

    public static byte[] Written(NftBatchBuilder build, uint? generation = null)
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter);
        var batch = new NftBatch(socket, generation);
        try
        {
            build(ref batch);
            batch.End();
            batch.Writer.End();
            return batch.Writer.Written[..^BatchEnd].ToArray();
        }
        finally
        {
            batch.Dispose();
        }
    }
}
