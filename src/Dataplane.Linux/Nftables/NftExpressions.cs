using System.Buffers.Binary;

namespace Dataplane.Linux.Nftables;

/// <summary>The expressions a rule is made of, each one nested NFTA_LIST_ELEM { NFTA_EXPR_NAME, NFTA_EXPR_DATA }.</summary>
public static class NftExpressions
{
    /// <summary>The register for a concatenated field that begins <paramref name="word"/> 32-bit words into the key.</summary>
    public static uint Register(int word) => (uint)(word % 4 == 0 ? 1 + word / 4 : 8 + word);

    public static void MetaLoad(this ref NftBatch batch, NftMeta key, uint register)
    {
        var e = Open(ref batch, "meta");
        batch.Writer.U32Be(2, (uint)key);       // NFTA_META_KEY
        batch.Writer.U32Be(1, register);        // NFTA_META_DREG
        Close(ref batch, e);
    }

    public static void MetaStore(this ref NftBatch batch, NftMeta key, uint register)
    {
        var e = Open(ref batch, "meta");
        batch.Writer.U32Be(2, (uint)key);
        batch.Writer.U32Be(3, register);        // NFTA_META_SREG
        Close(ref batch, e);
    }

    public static void CtLoad(this ref NftBatch batch, NftCt key, uint register)
    {
        var e = Open(ref batch, "ct");
        batch.Writer.U32Be(2, (uint)key);       // NFTA_CT_KEY
        batch.Writer.U32Be(1, register);        // NFTA_CT_DREG
        Close(ref batch, e);
    }

    /// <summary>Loads from one of the connection's two tuples; goes on only when the connection is of that family.</summary>
    public static void CtLoad(this ref NftBatch batch, NftCt key, NftCtDirection direction, uint register)
    {
        var e = Open(ref batch, "ct");
        batch.Writer.U32Be(2, (uint)key);       // NFTA_CT_KEY
        batch.Writer.U32Be(1, register);        // NFTA_CT_DREG
        batch.Writer.U8(3, (byte)direction);    // NFTA_CT_DIRECTION
        Close(ref batch, e);
    }

    public static void CtStore(this ref NftBatch batch, NftCt key, uint register)
    {
        var e = Open(ref batch, "ct");
        batch.Writer.U32Be(2, (uint)key);
        batch.Writer.U32Be(4, register);        // NFTA_CT_SREG
        Close(ref batch, e);
    }

    public static void PayloadLoad(this ref NftBatch batch, NftPayload from, int offset, int length, uint register)
    {
        var e = Open(ref batch, "payload");
        batch.Writer.U32Be(1, register);        // NFTA_PAYLOAD_DREG
        batch.Writer.U32Be(2, (uint)from);      // NFTA_PAYLOAD_BASE
        batch.Writer.U32Be(3, (uint)offset);    // NFTA_PAYLOAD_OFFSET
        batch.Writer.U32Be(4, (uint)length);    // NFTA_PAYLOAD_LEN
        Close(ref batch, e);
    }

    public static void Compare(this ref NftBatch batch, uint register, NftCompare how, scoped ReadOnlySpan<byte> value)
    {
        var e = Open(ref batch, "cmp");
        batch.Writer.U32Be(1, register);        // NFTA_CMP_SREG
        batch.Writer.U32Be(2, (uint)how);       // NFTA_CMP_OP
        Data(ref batch, 3, value);              // NFTA_CMP_DATA
        Close(ref batch, e);
    }

    /// <summary>register &amp;= mask, 32 bits in host order.</summary>
    public static void Mask(this ref NftBatch batch, uint register, uint mask) => Bitwise(ref batch, register, BitConverter.GetBytes(mask), new byte[4]);

    /// <summary>register &amp;= mask, byte by byte, up to 16 bytes.</summary>
    public static void Mask(this ref NftBatch batch, uint register, byte[] mask) => Bitwise(ref batch, register, mask, new byte[mask.Length]);

    /// <summary>register ^= bits, 32 bits in host order.</summary>
    public static void Flip(this ref NftBatch batch, uint register, uint bits) => Bitwise(ref batch, register, BitConverter.GetBytes(uint.MaxValue), BitConverter.GetBytes(bits));

    /// <summary>register = register &amp; mask ^ xor.</summary>
    private static void Bitwise(ref NftBatch batch, uint register, byte[] mask, byte[] xor)
    {
        var e = Open(ref batch, "bitwise");
        batch.Writer.U32Be(1, register);        // NFTA_BITWISE_SREG
        batch.Writer.U32Be(2, register);        // NFTA_BITWISE_DREG
        batch.Writer.U32Be(3, (uint)mask.Length); // NFTA_BITWISE_LEN
        Data(ref batch, 4, mask);               // NFTA_BITWISE_MASK
        Data(ref batch, 5, xor);                // NFTA_BITWISE_XOR
        Close(ref batch, e);
    }

    /// <summary>32 bits from host to network order: interval sets compare byte by byte.</summary>
    public static void HostToNetwork(this ref NftBatch batch, uint register)
    {
        var e = Open(ref batch, "byteorder");
        batch.Writer.U32Be(1, register);        // NFTA_BYTEORDER_SREG
        batch.Writer.U32Be(2, register);        // NFTA_BYTEORDER_DREG
        batch.Writer.U32Be(3, 1);               // NFTA_BYTEORDER_OP: NFT_BYTEORDER_HTON
        batch.Writer.U32Be(4, 4);               // NFTA_BYTEORDER_LEN
        batch.Writer.U32Be(5, 4);               // NFTA_BYTEORDER_SIZE
        Close(ref batch, e);
    }

    /// <summary>Goes on only when the key is in the set.</summary>
    public static void Lookup(this ref NftBatch batch, string set, uint setId) => Lookup(ref batch, set, setId, map: false);

    /// <summary>Loads a map's data into register 1; goes on only when the key is there.</summary>
    public static void LookupData(this ref NftBatch batch, string set, uint setId) => Lookup(ref batch, set, setId, map: true);

    /// <summary>Goes on while packets come faster than the rate.</summary>
    /// <param name="burst">So many pass before the rate counts.</param>
    public static void LimitOver(this ref NftBatch batch, uint perSecond, uint burst)
    {
        var e = Open(ref batch, "limit");
        LimitData(ref batch, perSecond, burst);
        Close(ref batch, e);
    }

    /// <summary>Goes on while packets of the key in register 1 come faster than the rate; remembers and renews the key. Not where the set is full.</summary>
    public static void LimitOverEach(this ref NftBatch batch, string set, uint setId, uint perSecond, uint burst)
    {
        var (e, inner) = OpenEach(ref batch, set, setId, operation: 1, "limit"); // NFT_DYNSET_OP_UPDATE
        LimitData(ref batch, perSecond, burst);
        CloseEach(ref batch, e, inner);
    }

    /// <summary>Goes on where the key in register 1 has more connections than so many, this one included. Not where the set is full.</summary>
    public static void ConnectionsOverEach(this ref NftBatch batch, string set, uint setId, uint count)
    {
        var (e, inner) = OpenEach(ref batch, set, setId, operation: 0, "connlimit"); // NFT_DYNSET_OP_ADD
        batch.Writer.U32Be(1, count);           // NFTA_CONNLIMIT_COUNT
        batch.Writer.U32Be(2, 1);               // NFTA_CONNLIMIT_FLAGS: NFT_CONNLIMIT_F_INV
        CloseEach(ref batch, e, inner);
    }

    public static void Immediate(this ref NftBatch batch, uint register, uint hostOrderValue)
    {
        var e = Open(ref batch, "immediate");
        batch.Writer.U32Be(1, register);        // NFTA_IMMEDIATE_DREG
        Data(ref batch, 2, BitConverter.GetBytes(hostOrderValue)); // NFTA_IMMEDIATE_DATA
        Close(ref batch, e);
    }

    /// <summary>The connection gets an address of the interface it leaves by as its source; in a nat chain of postrouting only. Ends the rule.</summary>
    public static void Masquerade(this ref NftBatch batch) => Close(ref batch, Open(ref batch, "masq"));

    public static void Verdict(this ref NftBatch batch, NftVerdict verdict, string? chain = null)
    {
        var e = Open(ref batch, "immediate");
        batch.Writer.U32Be(1, 0);               // NFT_REG_VERDICT
        var data = batch.Writer.Open(2);
        var nest = batch.Writer.Open(2);        // NFTA_DATA_VERDICT
        batch.Writer.U32Be(1, unchecked((uint)verdict)); // NFTA_VERDICT_CODE
        if (chain is not null) batch.Writer.String(2, chain); // NFTA_VERDICT_CHAIN
        batch.Writer.Close(nest);
        batch.Writer.Close(data);
        Close(ref batch, e);
    }

    public static void Counter(this ref NftBatch batch)
    {
        var e = Open(ref batch, "counter");
        batch.Writer.U64Be(1, 0);               // NFTA_COUNTER_BYTES
        batch.Writer.U64Be(2, 0);               // NFTA_COUNTER_PACKETS
        Close(ref batch, e);
    }

    /// <param name="group">The nflog group.</param>
    /// <param name="prefix">At most 127 bytes.</param>
    public static void Log(this ref NftBatch batch, ushort group, string prefix)
    {
        var e = Open(ref batch, "log");
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, group);
        batch.Writer.Bytes(1, bytes);           // NFTA_LOG_GROUP
        batch.Writer.String(2, prefix);         // NFTA_LOG_PREFIX
        Close(ref batch, e);
    }

    /// <summary>1 where a route back to the source leaves by the interface the packet came in on, else 0 (fib saddr . mark . iif oif).</summary>
    public static void RouteBackPresent(this ref NftBatch batch, uint register)
    {
        var e = Open(ref batch, "fib");
        batch.Writer.U32Be(1, register);        // NFTA_FIB_DREG
        batch.Writer.U32Be(2, 1);               // NFTA_FIB_RESULT: NFT_FIB_RESULT_OIF
        batch.Writer.U32Be(3, 1 | 4 | 8 | 32);  // NFTA_FIB_FLAGS: SADDR | MARK | IIF | PRESENT
        Close(ref batch, e);
    }

    private static void Lookup(ref NftBatch batch, string set, uint setId, bool map)
    {
        var e = Open(ref batch, "lookup");
        batch.Writer.String(1, set);            // NFTA_LOOKUP_SET
        batch.Writer.U32Be(2, 1);               // NFTA_LOOKUP_SREG
        if (map) batch.Writer.U32Be(3, 1);      // NFTA_LOOKUP_DREG
        batch.Writer.U32Be(4, setId);           // NFTA_LOOKUP_SET_ID
        Close(ref batch, e);
    }

    /// <summary>Adds the key in register 1, or renews it. Ends the rule where the set is full.</summary>
    public static void Remember(this ref NftBatch batch, string set, uint setId)
    {
        var e = Open(ref batch, "dynset");
        Dynamic(ref batch, set, setId, operation: 1); // NFT_DYNSET_OP_UPDATE
        Close(ref batch, e);
    }

    /// <summary>A random number from 0 to <paramref name="modulus"/> - 1.</summary>
    public static void Random(this ref NftBatch batch, uint register, uint modulus)
    {
        var e = Open(ref batch, "numgen");
        batch.Writer.U32Be(1, register);        // NFTA_NG_DREG
        batch.Writer.U32Be(2, modulus);         // NFTA_NG_MODULUS
        batch.Writer.U32Be(3, 1);               // NFTA_NG_TYPE: NFT_NG_RANDOM
        batch.Writer.U32Be(4, 0);               // NFTA_NG_OFFSET
        Close(ref batch, e);
    }

    private static void Dynamic(ref NftBatch batch, string set, uint setId, uint operation)
    {
        batch.Writer.String(1, set);            // NFTA_DYNSET_SET_NAME
        batch.Writer.U32Be(2, setId);           // NFTA_DYNSET_SET_ID
        batch.Writer.U32Be(3, operation);       // NFTA_DYNSET_OP
        batch.Writer.U32Be(4, 1);               // NFTA_DYNSET_SREG_KEY
    }

    private static void LimitData(ref NftBatch batch, uint perSecond, uint burst)
    {
        batch.Writer.U64Be(1, perSecond);       // NFTA_LIMIT_RATE
        batch.Writer.U64Be(2, 1);               // NFTA_LIMIT_UNIT: seconds
        batch.Writer.U32Be(3, burst);           // NFTA_LIMIT_BURST
        batch.Writer.U32Be(4, 0);               // NFTA_LIMIT_TYPE: NFT_LIMIT_PKTS
        batch.Writer.U32Be(5, 1);               // NFTA_LIMIT_FLAGS: NFT_LIMIT_F_INV
    }

    private static ((int Item, int Body) Expression, (int Item, int Body) Inner) OpenEach(ref NftBatch batch, string set, uint setId, uint operation, string inner)
    {
        var e = Open(ref batch, "dynset");
        Dynamic(ref batch, set, setId, operation);
        var item = batch.Writer.Open(7);        // NFTA_DYNSET_EXPR
        batch.Writer.String(1, inner);          // NFTA_EXPR_NAME
        return (e, (item, batch.Writer.Open(2))); // NFTA_EXPR_DATA
    }

    private static void CloseEach(ref NftBatch batch, (int Item, int Body) expression, (int Item, int Body) inner)
    {
        Close(ref batch, inner);
        Close(ref batch, expression);
    }

    private static void Data(ref NftBatch batch, int attribute, scoped ReadOnlySpan<byte> value)
    {
        var nest = batch.Writer.Open(attribute);
        batch.Writer.Bytes(1, value);           // NFTA_DATA_VALUE
        batch.Writer.Close(nest);
    }

    private static (int Item, int Body) Open(ref NftBatch batch, string name)
    {
        var item = batch.Writer.Open(1);        // NFTA_LIST_ELEM
        batch.Writer.String(1, name);           // NFTA_EXPR_NAME
        return (item, batch.Writer.Open(2));    // NFTA_EXPR_DATA
    }

    private static void Close(ref NftBatch batch, (int Item, int Body) expression)
    {
        batch.Writer.Close(expression.Body);
        batch.Writer.Close(expression.Item);
    }
}
