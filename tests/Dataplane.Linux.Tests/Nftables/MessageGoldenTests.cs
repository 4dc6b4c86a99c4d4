using Dataplane.Linux.Nftables;

namespace Dataplane.Linux.Tests.Nftables;

/// <summary>
/// Messages of a transaction, beside the nft text they mean. <c>nlmsghdr</c>: length, NFNL_SUBSYS_NFTABLES (10)
/// &lt;&lt; 8 | type, flags, sequence, port; <c>nfgenmsg</c>: family, version, resource. The last message before the
/// end asks for the answer.
/// </summary>
public sealed class MessageGoldenTests
{
    [Fact]
    public void Beginning_with_a_generation() => Golden.Equal("""
        1c000000 1000 0100 01000000 00000000          // NFNL_MSG_BATCH_BEGIN, REQUEST
        00 00 000a                                    // res_id: NFNL_SUBSYS_NFTABLES
        0800 0100 0000002a                            // NFNL_BATCH_GENID
        """, NftGolden.Written(_ => { }, generation: 42));

    [Fact] // table inet t { comment "hi"; flags owner,persist; }
    public void Table() => NftGolden.Messages("""
        30000000 000a 0504 02000000 00000000          // NFT_MSG_NEWTABLE, REQUEST|ACK|CREATE
        01 00 0000                                    // NFPROTO_INET
        0600 0100 74 00 0000                          // NFTA_TABLE_NAME
        0800 0200 00000006                            // NFTA_TABLE_FLAGS: NFT_TABLE_F_OWNER | NFT_TABLE_F_PERSIST
        0900 0600 00 03 6869 00 000000                // NFTA_TABLE_USERDATA: NFTNL_UDATA_TABLE_COMMENT, 3 bytes
        """, b => b.NewTable(NftFamily.Inet, "t", NftTableFlags.Owner | NftTableFlags.Persist, "hi"));

    [Fact] // delete table bridge t
    public void Delete_a_table() => NftGolden.Messages("""
        1c000000 020a 0500 02000000 00000000          // NFT_MSG_DELTABLE, REQUEST|ACK
        07 00 0000                                    // NFPROTO_BRIDGE
        0600 0100 74 00 0000                          // NFTA_TABLE_NAME
        """, b => b.DeleteTable(NftFamily.Bridge, "t"));

    [Fact] // chain c { type filter hook prerouting priority -300; policy drop; }
    public void Base_chain() => NftGolden.Messages("""
        4c000000 030a 0504 02000000 00000000          // NFT_MSG_NEWCHAIN
        07 00 0000
        0600 0100 74 00 0000                          // NFTA_CHAIN_TABLE
        0600 0300 63 00 0000                          // NFTA_CHAIN_NAME
        1400 0480                                     // NFTA_CHAIN_HOOK
        0800 0100 00000000                            //   NFTA_HOOK_HOOKNUM: NF_BR_PRE_ROUTING
        0800 0200 fffffed4                            //   NFTA_HOOK_PRIORITY
        0800 0500 00000000                            // NFTA_CHAIN_POLICY: NF_DROP
        0b00 0700 66696c746572 00 00                  // NFTA_CHAIN_TYPE "filter"
        """, b => b.NewBaseChain(NftFamily.Bridge, "t", "c", "filter", NftHook.Prerouting, -300, NftVerdict.Drop));

    [Fact] // map m { type ipv4_addr : mark; }
    public void Map() => NftGolden.Messages("""
        64000000 090a 0504 02000000 00000000          // NFT_MSG_NEWSET
        01 00 0000
        0600 0100 74 00 0000                          // NFTA_SET_TABLE
        0600 0200 6d 00 0000                          // NFTA_SET_NAME
        0800 0300 00000008                            // NFTA_SET_FLAGS: NFT_SET_MAP
        0800 0400 00000007                            // NFTA_SET_KEY_TYPE: TYPE_IPADDR
        0800 0500 00000004                            // NFTA_SET_KEY_LEN
        0800 0600 00000013                            // NFTA_SET_DATA_TYPE: TYPE_MARK
        0800 0700 00000004                            // NFTA_SET_DATA_LEN
        0800 0a00 00000009                            // NFTA_SET_ID
        1000 0d00 00 04 02000000 01 04 01000000       // NFTA_SET_USERDATA: key big-endian, data host-endian
        """, b => b.NewSet(NftFamily.Inet, "t", "m", new(9), [NftType.Ipv4], NftType.Mark, interval: false));

    [Fact] // set s { type mark . classid . inet_proto . inet_service; flags interval; }
    public void Concatenated_interval_set() => NftGolden.Messages("""
        88000000 090a 0504 02000000 00000000
        01 00 0000
        0600 0100 74 00 0000
        0600 0200 73 00 0000
        0800 0300 00000084                            // NFTA_SET_FLAGS: NFT_SET_INTERVAL | NFT_SET_CONCAT
        0800 0400 004d730d                            // NFTA_SET_KEY_TYPE: 19 << 18 | 23 << 12 | 12 << 6 | 13
        0800 0500 00000010                            // NFTA_SET_KEY_LEN: every field padded to 4
        0800 0a00 00000009                            // NFTA_SET_ID
        3800 0980                                     // NFTA_SET_DESC
        3400 0280                                     //   NFTA_SET_DESC_CONCAT
        0c00 0180 0800 0100 00000004                  //     NFTA_SET_FIELD_LEN, not padded
        0c00 0180 0800 0100 00000004
        0c00 0180 0800 0100 00000001
        0c00 0180 0800 0100 00000002
        0a00 0d00 00 04 00000000 0000                 // NFTA_SET_USERDATA: no byte order of its own
        """, b => b.NewSet(NftFamily.Inet, "t", "s", new(9),
            [NftType.Mark, NftType.ClassId, NftType.Protocol, NftType.Port],
            null, interval: true));

    [Fact] // add rule inet t c accept comment "ok"
    public void Rule_with_a_comment() => NftGolden.Messages("""
        64000000 060a 050c 02000000 00000000          // NFT_MSG_NEWRULE, REQUEST|ACK|CREATE|APPEND
        01 00 0000
        0600 0100 74 00 0000                          // NFTA_RULE_TABLE
        0600 0200 63 00 0000                          // NFTA_RULE_CHAIN
        3400 0480                                     // NFTA_RULE_EXPRESSIONS
        3000 0180 0e00 0100 696d6d656469617465 00 0000 1c00 0280 0800 0100 00000000 1000 0280 0c00 0280 0800 0100 00000001
        0900 0700 00 03 6f6b 00 000000                // NFTA_RULE_USERDATA: NFTNL_UDATA_RULE_COMMENT
        """, b =>
        {
            var rule = b.BeginRule(NftFamily.Inet, "t", "c");
            b.Verdict(NftVerdict.Accept);
            b.EndRule(rule, "ok");
        });

    [Fact] // delete rule inet t c handle 7
    public void Delete_a_rule() => NftGolden.Messages("""
        30000000 080a 0500 02000000 00000000          // NFT_MSG_DELRULE
        01 00 0000
        0600 0100 74 00 0000
        0600 0200 63 00 0000
        0c00 0300 0000000000000007                    // NFTA_RULE_HANDLE
        """, b => b.DeleteRule(NftFamily.Inet, "t", "c", 7));
}
