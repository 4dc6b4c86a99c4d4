using System.Buffers.Binary;
using static Dataplane.Linux.Nftables.NftKernel;

namespace Dataplane.Linux.Nftables;

/// <summary>
/// The expressions a rule is made of, each one nested NFTA_LIST_ELEM { NFTA_EXPR_NAME, NFTA_EXPR_DATA }.
/// </summary>
public static partial class NftExpressions
{
    /// <summary>
    /// The register for a concatenated field that begins <paramref name="word"/> 32-bit words into the key.
    /// </summary>
    public static uint Register(int word) => (uint)(word % 4 == 0 ? 1 + word / 4 : 8 + word);

    public static void MetaLoad(this NftBatch batch, NftMeta key, uint register)
    {
        var e = Open(batch, "meta");
        batch.Writer.U32Be(NFTA_META_KEY, (uint)key);
        batch.Writer.U32Be(NFTA_META_DREG, register);
        Close(batch, e);
    }

    public static void MetaStore(this NftBatch batch, NftMeta key, uint register)
    {
        var e = Open(batch, "meta");
        batch.Writer.U32Be(NFTA_META_KEY, (uint)key);
        batch.Writer.U32Be(NFTA_META_SREG, register);
        Close(batch, e);
    }

    public static void CtLoad(this NftBatch batch, NftCt key, uint register)
    {
        var e = Open(batch, "ct");
        batch.Writer.U32Be(NFTA_CT_KEY, (uint)key);
        batch.Writer.U32Be(NFTA_CT_DREG, register);
        Close(batch, e);
    }

    /// <summary>
    /// Loads from one of the connection's two tuples; matches only if the connection is of that family.
    /// </summary>
    public static void CtLoad(this NftBatch batch, NftCt key, NftCtDirection direction, uint register)
    {
        var e = Open(batch, "ct");
        batch.Writer.U32Be(NFTA_CT_KEY, (uint)key);
        batch.Writer.U32Be(NFTA_CT_DREG, register);
        batch.Writer.U8(NFTA_CT_DIRECTION, (byte)direction);
        Close(batch, e);
    }

    public static void CtStore(this NftBatch batch, NftCt key, uint register)
    {
        var e = Open(batch, "ct");
        batch.Writer.U32Be(NFTA_CT_KEY, (uint)key);
        batch.Writer.U32Be(NFTA_CT_SREG, register);
        Close(batch, e);
    }

    public static void PayloadLoad(this NftBatch batch, NftPayload from, int offset, int length, uint register)
    {
        var e = Open(batch, "payload");
        batch.Writer.U32Be(NFTA_PAYLOAD_DREG, register);
        batch.Writer.U32Be(NFTA_PAYLOAD_BASE, (uint)from);
        batch.Writer.U32Be(NFTA_PAYLOAD_OFFSET, (uint)offset);
        batch.Writer.U32Be(NFTA_PAYLOAD_LEN, (uint)length);
        Close(batch, e);
    }

    public static void Compare(this NftBatch batch, uint register, NftCompare how, scoped ReadOnlySpan<byte> value)
    {
        var e = Open(batch, "cmp");
        batch.Writer.U32Be(NFTA_CMP_SREG, register);
        batch.Writer.U32Be(NFTA_CMP_OP, (uint)how);
        Data(batch, NFTA_CMP_DATA, value);
        Close(batch, e);
    }

    /// <summary>register &amp;= mask, 32 bits in host order.</summary>
    public static void Mask(this NftBatch batch, uint register, uint mask) =>
        Bitwise(batch, register, BitConverter.GetBytes(mask), new byte[4]);

    /// <summary>register &amp;= mask, byte by byte, up to 16 bytes.</summary>
    public static void Mask(this NftBatch batch, uint register, byte[] mask) =>
        Bitwise(batch, register, mask, new byte[mask.Length]);

    /// <summary>register ^= bits, 32 bits in host order.</summary>
    public static void Flip(this NftBatch batch, uint register, uint bits) =>
        Bitwise(batch, register, BitConverter.GetBytes(uint.MaxValue), BitConverter.GetBytes(bits));

    /// <summary>register = register &amp; mask ^ xor.</summary>
    private static void Bitwise(NftBatch batch, uint register, byte[] mask, byte[] xor)
    {
        var e = Open(batch, "bitwise");
        batch.Writer.U32Be(NFTA_BITWISE_SREG, register);
        batch.Writer.U32Be(NFTA_BITWISE_DREG, register);
        batch.Writer.U32Be(NFTA_BITWISE_LEN, (uint)mask.Length);
        Data(batch, NFTA_BITWISE_MASK, mask);
        Data(batch, NFTA_BITWISE_XOR, xor);
        Close(batch, e);
    }

    /// <summary>32 bits from host to network order: interval sets compare byte by byte.</summary>
    public static void HostToNetwork(this NftBatch batch, uint register)
    {
        var e = Open(batch, "byteorder");
        batch.Writer.U32Be(NFTA_BYTEORDER_SREG, register);
        batch.Writer.U32Be(NFTA_BYTEORDER_DREG, register);
        batch.Writer.U32Be(NFTA_BYTEORDER_OP, NFT_BYTEORDER_HTON);
        batch.Writer.U32Be(NFTA_BYTEORDER_LEN, 4);
        batch.Writer.U32Be(NFTA_BYTEORDER_SIZE, 4);
        Close(batch, e);
    }

    /// <summary>Matches if the key is in the set, or if it is not.</summary>
    public static void Lookup(this NftBatch batch, string set, NftSetId setId, bool not = false) =>
        Lookup(batch, set, setId, to: null, not);

    /// <summary>Loads a map's data into register 1; matches if the key is in the map.</summary>
    public static void LookupData(this NftBatch batch, string set, NftSetId setId) =>
        Lookup(batch, set, setId, to: 1, not: false);

    /// <summary>Runs the verdict that a map has for the key in register 1, if it has one.</summary>
    public static void LookupVerdict(this NftBatch batch, string set, NftSetId setId) =>
        Lookup(batch, set, setId, to: NFT_REG_VERDICT, not: false);

    public static void Immediate(this NftBatch batch, uint register, uint hostOrderValue)
    {
        var e = Open(batch, "immediate");
        batch.Writer.U32Be(NFTA_IMMEDIATE_DREG, register);
        Data(batch, NFTA_IMMEDIATE_DATA, BitConverter.GetBytes(hostOrderValue));
        Close(batch, e);
    }

    public static void Verdict(this NftBatch batch, NftVerdict verdict, string? chain = null)
    {
        var e = Open(batch, "immediate");
        batch.Writer.U32Be(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
        var data = batch.Writer.Open(NFTA_IMMEDIATE_DATA);
        var nest = batch.Writer.Open(NFTA_DATA_VERDICT);
        batch.Writer.U32Be(NFTA_VERDICT_CODE, unchecked((uint)verdict));
        if (chain is not null) batch.Writer.String(NFTA_VERDICT_CHAIN, chain);
        batch.Writer.Close(nest);
        batch.Writer.Close(data);
        Close(batch, e);
    }

    public static void Counter(this NftBatch batch)
    {
        var e = Open(batch, "counter");
        batch.Writer.U64Be(NFTA_COUNTER_BYTES, 0);
        batch.Writer.U64Be(NFTA_COUNTER_PACKETS, 0);
        Close(batch, e);
    }

    /// <param name="group">The nflog group.</param>
    /// <param name="prefix">At most 127 bytes.</param>
    public static void Log(this NftBatch batch, ushort group, string prefix)
    {
        var e = Open(batch, "log");
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, group);
        batch.Writer.Bytes(NFTA_LOG_GROUP, bytes);
        batch.Writer.String(NFTA_LOG_PREFIX, prefix);
        Close(batch, e);
    }

    /// <summary>
    /// 1 if a route back to the source leaves by the incoming interface, else 0 (fib saddr . mark . iif oif).
    /// </summary>
    public static void RouteBackPresent(this NftBatch batch, uint register)
    {
        var e = Open(batch, "fib");
        batch.Writer.U32Be(NFTA_FIB_DREG, register);
        batch.Writer.U32Be(NFTA_FIB_RESULT, NFT_FIB_RESULT_OIF);
        batch.Writer.U32Be(NFTA_FIB_FLAGS, NFTA_FIB_F_SADDR | NFTA_FIB_F_MARK | NFTA_FIB_F_IIF | NFTA_FIB_F_PRESENT);
        Close(batch, e);
    }

    /// <summary>What the destination is to this namespace: RTN_LOCAL, RTN_BROADCAST, ... (fib daddr type).</summary>
    public static void DestinationType(this NftBatch batch, uint register)
    {
        var e = Open(batch, "fib");
        batch.Writer.U32Be(NFTA_FIB_DREG, register);
        batch.Writer.U32Be(NFTA_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE);
        batch.Writer.U32Be(NFTA_FIB_FLAGS, NFTA_FIB_F_DADDR);
        Close(batch, e);
    }

    private static void Lookup(NftBatch batch, string set, NftSetId setId, uint? to, bool not)
    {
        var e = Open(batch, "lookup");
        batch.Writer.String(NFTA_LOOKUP_SET, set);
        batch.Writer.U32Be(NFTA_LOOKUP_SREG, 1);
        if (to is { } register) batch.Writer.U32Be(NFTA_LOOKUP_DREG, register);
        batch.Writer.U32Be(NFTA_LOOKUP_SET_ID, setId.Value);
        if (not) batch.Writer.U32Be(NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
        Close(batch, e);
    }

    /// <summary>A random number from 0 to <paramref name="modulus"/> - 1.</summary>
    public static void Random(this NftBatch batch, uint register, uint modulus)
    {
        var e = Open(batch, "numgen");
        batch.Writer.U32Be(NFTA_NG_DREG, register);
        batch.Writer.U32Be(NFTA_NG_MODULUS, modulus);
        batch.Writer.U32Be(NFTA_NG_TYPE, NFT_NG_RANDOM);
        batch.Writer.U32Be(NFTA_NG_OFFSET, 0);
        Close(batch, e);
    }

    private static void Data(NftBatch batch, int attribute, scoped ReadOnlySpan<byte> value)
    {
        var nest = batch.Writer.Open(attribute);
        batch.Writer.Bytes(NFTA_DATA_VALUE, value);
        batch.Writer.Close(nest);
    }

    private static (int Item, int Body) Open(NftBatch batch, string name)
    {
        var item = batch.Writer.Open(NFTA_LIST_ELEM);
        batch.Writer.String(NFTA_EXPR_NAME, name);
        return (item, batch.Writer.Open(NFTA_EXPR_DATA));
    }

    private static void Close(NftBatch batch, (int Item, int Body) expression)
    {
        batch.Writer.Close(expression.Body);
        batch.Writer.Close(expression.Item);
    }
}
