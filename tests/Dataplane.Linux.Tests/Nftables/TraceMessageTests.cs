using Dataplane.Linux.Nftables;
using Dataplane.Linux.Tests.Frames;

namespace Dataplane.Linux.Tests.Nftables;

/// <summary>NFT_MSG_TRACE bodies: <c>nfgenmsg</c>, then attributes in big-endian.</summary>
public sealed class TraceMessageTests
{
    [Fact] // trace id 05d86beb inet dataplane egress rule ... (verdict goto ingress_gate), mark 0x40000010
    public void A_rule() => Assert.Equal(
        new NftTraceMessage(0x05d86beb, NftFamily.Inet, "dataplane", "egress", NftTraceType.Rule, 41, NftVerdict.Goto,
            "ingress_gate", 0x40000010),
        NftTraceMessage.Parse(Probes.Hex("""
            01 00 0000
            0800 0f00 00000002
            0800 0600 05d86beb
            0800 0400 00000003
            0b00 0200 65677265737300 00
            0e00 0100 64617461706c616e6500 0000
            0c00 0300 0000000000000029
            2000 0580
                0800 0100 fffffffc
                1100 0200 696e67726573735f6761746500 000000
            0800 0e00 40000010
            """)));

    [Fact] // the policy of a base chain decides: drop
    public void A_policy() => Assert.Equal(
        new NftTraceMessage(7, NftFamily.Bridge, "t", "c", NftTraceType.Policy, 0, NftVerdict.Drop, null, null),
        NftTraceMessage.Parse(Probes.Hex("""
            07 00 0000
            0800 0600 00000007
            0800 0400 00000001
            0600 0200 6300 0000
            0600 0100 7400 0000
            0800 1000 00000000
            """)));

    [Fact]
    public void A_message_that_is_cut_short_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => NftTraceMessage.Parse(Probes.Hex("01 00")));
        Assert.Throws<InvalidDataException>(() => NftTraceMessage.Parse(Probes.Hex("01 00 0000 0600 0600 0000 0000")));
    }

    [Fact] // delete chain inet t c
    public void Delete_a_chain() => NftGolden.Messages("""
        24000000 050a 0500 02000000 00000000          // NFT_MSG_DELCHAIN, REQUEST|ACK
        01 00 0000                                    // NFPROTO_INET
        0600 0100 7400 0000                           // NFTA_CHAIN_TABLE "t"
        0600 0300 6300 0000                           // NFTA_CHAIN_NAME "c"
        """, batch => batch.DeleteChain(NftFamily.Inet, "t", "c"));
}
