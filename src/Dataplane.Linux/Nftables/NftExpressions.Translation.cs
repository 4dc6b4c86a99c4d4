using static Dataplane.Linux.Nftables.NftKernel;

namespace Dataplane.Linux.Nftables;

/// <content>Translation of destinations: choosing one, remembering it, refusing.</content>
public static partial class NftExpressions
{
    private const byte NFPROTO_IPV4 = 2, NFPROTO_IPV6 = 10;

    /// <summary>
    /// Sends the connection to the address in register 1 and the port in the word behind it, as a map with the data
    /// address . port loads them. In a nat chain of prerouting or output only. Ends the rule.
    /// </summary>
    public static void TranslateDestination(this NftBatch batch, bool isIPv4)
    {
        var e = Open(batch, "nat");
        batch.Writer.U32Be(NFTA_NAT_TYPE, NFT_NAT_DNAT);
        batch.Writer.U32Be(NFTA_NAT_FAMILY, isIPv4 ? NFPROTO_IPV4 : NFPROTO_IPV6);
        batch.Writer.U32Be(NFTA_NAT_REG_ADDR_MIN, 1);
        batch.Writer.U32Be(NFTA_NAT_REG_PROTO_MIN, Register(isIPv4 ? 1 : 4));
        Close(batch, e);
    }

    /// <summary>
    /// The connection gets an address of the interface it leaves by as its source; in a nat chain of postrouting only.
    /// Ends the rule.
    /// </summary>
    public static void Masquerade(this NftBatch batch) => Close(batch, Open(batch, "masq"));

    /// <summary>
    /// The same, with a source port by chance from a range, both ends included. The rule has matched a protocol with
    /// ports.
    /// </summary>
    public static void Masquerade(this NftBatch batch, ushort first, ushort last)
    {
        Port(batch, 1, first);
        Port(batch, 2, last);
        var e = Open(batch, "masq");
        batch.Writer.U32Be(NFTA_MASQ_FLAGS, NF_NAT_RANGE_PROTO_SPECIFIED | NF_NAT_RANGE_PROTO_RANDOM_FULLY);
        batch.Writer.U32Be(NFTA_MASQ_REG_PROTO_MIN, 1);
        batch.Writer.U32Be(NFTA_MASQ_REG_PROTO_MAX, 2);
        Close(batch, e);
    }

    private static void Port(NftBatch batch, uint register, ushort port)
    {
        var e = Open(batch, "immediate");
        batch.Writer.U32Be(NFTA_IMMEDIATE_DREG, register);
        Data(batch, NFTA_IMMEDIATE_DATA, [(byte)(port >> 8), (byte)port]);
        Close(batch, e);
    }

    /// <summary>
    /// A number from 0 to <paramref name="modulus"/> - 1 that is the same for all packets of a flow, in both directions
    /// (symhash).
    /// </summary>
    public static void FlowHash(this NftBatch batch, uint register, uint modulus)
    {
        var e = Open(batch, "hash");
        batch.Writer.U32Be(NFTA_HASH_DREG, register);
        batch.Writer.U32Be(NFTA_HASH_MODULUS, modulus);
        batch.Writer.U32Be(NFTA_HASH_TYPE, NFT_HASH_SYM);
        Close(batch, e);
    }

    /// <summary>Answers with a TCP reset, and drops the packet.</summary>
    public static void RejectWithReset(this NftBatch batch) => Reject(batch, NFT_REJECT_TCP_RST, 0);

    /// <summary>Answers with an ICMP or ICMPv6 error "port unreachable", and drops the packet.</summary>
    public static void RejectAsUnreachable(this NftBatch batch) =>
        Reject(batch, NFT_REJECT_ICMPX_UNREACH, NFT_REJECT_ICMPX_PORT_UNREACH);

    /// <summary>
    /// Sets the timeout of the key in register 1, and adds it with the data in a register if it is new: the data of a
    /// key that is there stays. Ends the rule if the map is full.
    /// </summary>
    public static void RememberData(
        this NftBatch batch, string map, NftSetId mapId, uint dataRegister, TimeSpan timeout)
    {
        var e = Open(batch, "dynset");
        Dynamic(batch, map, mapId, NFT_DYNSET_OP_UPDATE);
        batch.Writer.U32Be(NFTA_DYNSET_SREG_DATA, dataRegister);
        batch.Writer.U64Be(NFTA_DYNSET_TIMEOUT, (ulong)timeout.TotalMilliseconds);
        Close(batch, e);
    }

    /// <summary>Removes the key in register 1 from a map, if it is there. The kernel requires data as well.</summary>
    public static void ForgetData(this NftBatch batch, string map, NftSetId mapId, uint dataRegister)
    {
        var e = Open(batch, "dynset");
        Dynamic(batch, map, mapId, NFT_DYNSET_OP_DELETE);
        batch.Writer.U32Be(NFTA_DYNSET_SREG_DATA, dataRegister);
        Close(batch, e);
    }

    private static void Reject(NftBatch batch, byte type, byte code)
    {
        var e = Open(batch, "reject");
        batch.Writer.U32Be(NFTA_REJECT_TYPE, type);
        batch.Writer.U8(NFTA_REJECT_ICMP_CODE, code);
        Close(batch, e);
    }
}
