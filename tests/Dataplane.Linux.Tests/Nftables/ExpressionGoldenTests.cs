using Dataplane.Linux.Nftables;

namespace Dataplane.Linux.Tests.Nftables;

/// <summary>
/// Expressions as the kernel reads them, beside the nft text they are part of. NFTA_LIST_ELEM { NFTA_EXPR_NAME,
/// NFTA_EXPR_DATA }; attributes in big-endian, register data of host-order types not.
/// </summary>
public sealed class ExpressionGoldenTests
{
    [Fact] // meta mark ...
    public void Meta_load() => NftGolden.Expression("""
        2400 0180
        0900 0100 6d657461 00 000000                  // NFTA_EXPR_NAME "meta"
        1400 0280
        0800 0200 00000003                            // NFTA_META_KEY: NFT_META_MARK
        0800 0100 00000001                            // NFTA_META_DREG: NFT_REG_1
        """, b => b.MetaLoad(NftMeta.Mark, 1));

    [Fact] // meta priority set ...
    public void Meta_store() => NftGolden.Expression("""
        2400 0180
        0900 0100 6d657461 00 000000
        1400 0280
        0800 0200 00000002                            // NFTA_META_KEY: NFT_META_PRIORITY
        0800 0300 00000001                            // NFTA_META_SREG
        """, b => b.MetaStore(NftMeta.Priority, 1));

    [Fact] // ct state ...
    public void Ct_load() => NftGolden.Expression("""
        2000 0180
        0700 0100 6374 00 00                          // NFTA_EXPR_NAME "ct"
        1400 0280
        0800 0200 00000000                            // NFTA_CT_KEY: NFT_CT_STATE
        0800 0100 00000001                            // NFTA_CT_DREG
        """, b => b.CtLoad(NftCt.State, 1));

    [Fact] // ct mark set ...
    public void Ct_store() => NftGolden.Expression("""
        2000 0180
        0700 0100 6374 00 00
        1400 0280
        0800 0200 00000003                            // NFTA_CT_KEY: NFT_CT_MARK
        0800 0400 00000001                            // NFTA_CT_SREG
        """, b => b.CtStore(NftCt.Mark, 1));

    [Fact] // ip daddr ..., into the third word of a concatenation
    public void Payload() => NftGolden.Expression("""
        3400 0180
        0c00 0100 7061796c6f616400                    // NFTA_EXPR_NAME "payload"
        2400 0280
        0800 0100 0000000a                            // NFTA_PAYLOAD_DREG: NFT_REG32_02
        0800 0200 00000001                            // NFTA_PAYLOAD_BASE: NFT_PAYLOAD_NETWORK_HEADER
        0800 0300 00000010                            // NFTA_PAYLOAD_OFFSET
        0800 0400 00000004                            // NFTA_PAYLOAD_LEN
        """, b => b.PayloadLoad(NftPayload.Network, 16, 4, NftExpressions.Register(2)));

    [Theory] // NFT_REG_1 to NFT_REG_4 are 16 bytes each, NFT_REG32_00 (8) and on are 4: the same memory
    [InlineData(0, 1)]
    [InlineData(1, 9)]
    [InlineData(3, 11)]
    [InlineData(4, 2)]
    [InlineData(5, 13)]
    public void Registers_of_a_concatenation(int word, uint register) =>
        Assert.Equal(register, NftExpressions.Register(word));

    [Fact] // ... != 06
    public void Compare() => NftGolden.Expression("""
        2c00 0180
        0800 0100 636d7000                            // NFTA_EXPR_NAME "cmp"
        2000 0280
        0800 0100 00000001                            // NFTA_CMP_SREG
        0800 0200 00000001                            // NFTA_CMP_OP: NFT_CMP_NEQ
        0c00 0380                                     // NFTA_CMP_DATA
        0500 0100 06 000000                           //   NFTA_DATA_VALUE
        """, b => b.Compare(1, NftCompare.NotEqual, [6]));

    [Fact] // meta mark & 0x40000000
    public void Mask() => NftGolden.Expression("""
        4400 0180
        0c00 0100 6269747769736500                    // NFTA_EXPR_NAME "bitwise"
        3400 0280
        0800 0100 00000001                            // NFTA_BITWISE_SREG
        0800 0200 00000001                            // NFTA_BITWISE_DREG
        0800 0300 00000004                            // NFTA_BITWISE_LEN
        0c00 0480 0800 0100 00000040                  // NFTA_BITWISE_MASK, host order
        0c00 0580 0800 0100 00000000                  // NFTA_BITWISE_XOR
        """, b => b.Mask(1, 0x4000_0000));

    [Fact] // what nft adds before it looks a mark up in an interval set
    public void Host_to_network() => NftGolden.Expression("""
        4000 0180
        0e00 0100 627974656f72646572 00 0000          // NFTA_EXPR_NAME "byteorder"
        2c00 0280
        0800 0100 00000009                            // NFTA_BYTEORDER_SREG: NFT_REG32_01
        0800 0200 00000009                            // NFTA_BYTEORDER_DREG
        0800 0300 00000001                            // NFTA_BYTEORDER_OP: NFT_BYTEORDER_HTON
        0800 0400 00000004                            // NFTA_BYTEORDER_LEN
        0800 0500 00000004                            // NFTA_BYTEORDER_SIZE
        """, b => b.HostToNetwork(9));

    [Fact] // ... @s
    public void Lookup() => NftGolden.Expression("""
        2c00 0180
        0b00 0100 6c6f6f6b7570 00 00                  // NFTA_EXPR_NAME "lookup"
        1c00 0280
        0600 0100 73 00 0000                          // NFTA_LOOKUP_SET "s"
        0800 0200 00000001                            // NFTA_LOOKUP_SREG
        0800 0400 00000007                            // NFTA_LOOKUP_SET_ID
        """, b => b.Lookup("s", new(7)));

    [Fact] // ... map @s
    public void Lookup_of_data() => NftGolden.Expression("""
        3400 0180
        0b00 0100 6c6f6f6b7570 00 00
        2400 0280
        0600 0100 73 00 0000                          // NFTA_LOOKUP_SET "s"
        0800 0200 00000001                            // NFTA_LOOKUP_SREG
        0800 0300 00000001                            // NFTA_LOOKUP_DREG
        0800 0400 00000007                            // NFTA_LOOKUP_SET_ID
        """, b => b.LookupData("s", new(7)));

    [Fact] // ... set 0x00000010
    public void Immediate() => NftGolden.Expression("""
        2c00 0180
        0e00 0100 696d6d656469617465 00 0000          // NFTA_EXPR_NAME "immediate"
        1800 0280
        0800 0100 00000001                            // NFTA_IMMEDIATE_DREG
        0c00 0280 0800 0100 10000000                  // NFTA_IMMEDIATE_DATA, host order
        """, b => b.Immediate(1, 0x10));

    [Fact] // drop
    public void Verdict() => NftGolden.Expression("""
        3000 0180
        0e00 0100 696d6d656469617465 00 0000
        1c00 0280
        0800 0100 00000000                            // NFTA_IMMEDIATE_DREG: NFT_REG_VERDICT
        1000 0280                                     // NFTA_IMMEDIATE_DATA
        0c00 0280                                     //   NFTA_DATA_VERDICT
        0800 0100 00000000                            //     NFTA_VERDICT_CODE: NF_DROP
        """, b => b.Verdict(NftVerdict.Drop));

    [Theory] // jump x, goto x
    [InlineData(NftVerdict.Jump, "fffffffd")]
    [InlineData(NftVerdict.Goto, "fffffffc")]
    public void Verdict_to_a_chain(NftVerdict verdict, string code) => NftGolden.Expression($"""
        3800 0180
        0e00 0100 696d6d656469617465 00 0000
        2400 0280
        0800 0100 00000000                            // NFTA_IMMEDIATE_DREG: NFT_REG_VERDICT
        1800 0280                                     // NFTA_IMMEDIATE_DATA
        1400 0280                                     //   NFTA_DATA_VERDICT
        0800 0100 {code}                              //     NFTA_VERDICT_CODE: NFT_JUMP (-3), NFT_GOTO (-4)
        0600 0200 78 00 0000                          //     NFTA_VERDICT_CHAIN "x"
        """, b => b.Verdict(verdict, "x"));

    [Fact] // counter
    public void Counter() => NftGolden.Expression("""
        2c00 0180
        0c00 0100 636f756e74657200                    // NFTA_EXPR_NAME "counter"
        1c00 0280
        0c00 0100 0000000000000000                    // NFTA_COUNTER_BYTES
        0c00 0200 0000000000000000                    // NFTA_COUNTER_PACKETS
        """, b => b.Counter());

    [Fact] // log prefix "egress" group 5
    public void Log() => NftGolden.Expression("""
        2400 0180
        0800 0100 6c6f6700                            // NFTA_EXPR_NAME "log"
        1800 0280
        0600 0100 0005 0000                           // NFTA_LOG_GROUP
        0b00 0200 656772657373 00 00                  // NFTA_LOG_PREFIX
        """, b => b.Log(5, "egress"));

    [Fact] // fib saddr . mark . iif oif (missing: compared with 0)
    public void Route_back() => NftGolden.Expression("""
        2800 0180
        0800 0100 66696200                            // NFTA_EXPR_NAME "fib"
        1c00 0280
        0800 0100 00000001                            // NFTA_FIB_DREG
        0800 0200 00000001                            // NFTA_FIB_RESULT: NFT_FIB_RESULT_OIF
        0800 0300 0000002d                            // NFTA_FIB_FLAGS: NFTA_FIB_F_SADDR | _MARK | _IIF | _PRESENT
        """, b => b.RouteBackPresent(1));

    [Fact] // fib daddr type
    public void Destination_type() => NftGolden.Expression("""
        2800 0180
        0800 0100 66696200                            // NFTA_EXPR_NAME "fib"
        1c00 0280
        0800 0100 00000001                            // NFTA_FIB_DREG
        0800 0200 00000003                            // NFTA_FIB_RESULT: NFT_FIB_RESULT_ADDRTYPE
        0800 0300 00000002                            // NFTA_FIB_FLAGS: NFTA_FIB_F_DADDR
        """, b => b.DestinationType(1));

    [Fact] // exthdr frag exists (compared with 1)
    public void Extension_header() => NftGolden.Expression("""
        3c00 0180
        0b00 0100 65787468647200 00                   // NFTA_EXPR_NAME "exthdr"
        2c00 0280
        0800 0100 00000001                            // NFTA_EXTHDR_DREG
        0500 0200 2c 000000                           // NFTA_EXTHDR_TYPE: NEXTHDR_FRAGMENT
        0800 0300 00000000                            // NFTA_EXTHDR_OFFSET
        0800 0400 00000001                            // NFTA_EXTHDR_LEN
        0800 0500 00000001                            // NFTA_EXTHDR_FLAGS: NFT_EXTHDR_F_PRESENT
        """, b => b.HeaderPresent(44, 1));

    [Fact] // meta l4proto tcp dnat ip to ... map @m: address in NFT_REG_1, port in the word behind it
    public void Translation_of_a_destination() => NftGolden.Expression("""
        3000 0180
        0800 0100 6e617400                            // NFTA_EXPR_NAME "nat"
        2400 0280
        0800 0100 00000001                            // NFTA_NAT_TYPE: NFT_NAT_DNAT
        0800 0200 0000000a                            // NFTA_NAT_FAMILY: NFPROTO_IPV6
        0800 0300 00000001                            // NFTA_NAT_REG_ADDR_MIN: NFT_REG_1
        0800 0500 00000002                            // NFTA_NAT_REG_PROTO_MIN: NFT_REG_2
        """, b => b.TranslateDestination(isIPv4: false));

    [Fact] // masquerade to :32768-65535 fully-random
    public void Masquerade_to_a_range() => NftGolden.Expression("""
        2c00 0180
        0e00 0100 696d6d656469617465 00 0000          // NFTA_EXPR_NAME "immediate"
        1800 0280
        0800 0100 00000001                            // NFTA_IMMEDIATE_DREG: NFT_REG_1
        0c00 0280
        0600 0100 8000 0000                           // NFTA_DATA_VALUE
        2c00 0180
        0e00 0100 696d6d656469617465 00 0000          // NFTA_EXPR_NAME "immediate"
        1800 0280
        0800 0100 00000002                            // NFTA_IMMEDIATE_DREG: NFT_REG_2
        0c00 0280
        0600 0100 ffff 0000                           // NFTA_DATA_VALUE
        2c00 0180
        0900 0100 6d617371 00 000000                  // NFTA_EXPR_NAME "masq"
        1c00 0280
        0800 0100 00000012                            // NFTA_MASQ_FLAGS: PROTO_SPECIFIED | PROTO_RANDOM_FULLY
        0800 0200 00000001                            // NFTA_MASQ_REG_PROTO_MIN: NFT_REG_1
        0800 0300 00000002                            // NFTA_MASQ_REG_PROTO_MAX: NFT_REG_2
        """, b => b.Masquerade(32_768, 65_535));

    [Fact] // symhash mod 3
    public void Hash_of_a_flow() => NftGolden.Expression("""
        2c00 0180
        0900 0100 68617368 00 000000                  // NFTA_EXPR_NAME "hash"
        1c00 0280
        0800 0200 00000001                            // NFTA_HASH_DREG
        0800 0400 00000003                            // NFTA_HASH_MODULUS
        0800 0700 00000001                            // NFTA_HASH_TYPE: NFT_HASH_SYM
        """, b => b.FlowHash(1, 3));

    [Fact] // reject with icmpx type port-unreachable
    public void Refusal() => NftGolden.Expression("""
        2400 0180
        0b00 0100 72656a656374 00 00                  // NFTA_EXPR_NAME "reject"
        1400 0280
        0800 0100 00000002                            // NFTA_REJECT_TYPE: NFT_REJECT_ICMPX_UNREACH
        0500 0200 01 000000                           // NFTA_REJECT_ICMP_CODE: NFT_REJECT_ICMPX_PORT_UNREACH
        """, b => b.RejectAsUnreachable());
}
