using System.Buffers.Binary;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using static Dataplane.Linux.Nftables.NftKernel;

namespace Dataplane.Linux.Nftables;

/// <summary>
/// One nf_tables transaction: all of it or nothing. Messages between NFNL_MSG_BATCH_BEGIN and _END; rules and sets may
/// refer to each other inside it. Attributes are big-endian, register data of host-order types is not. Its creator
/// disposes it.
/// </summary>
public sealed partial class NftBatch : IDisposable
{
    private const ushort Create = NetlinkFlags.Request | NetlinkFlags.Create;
    private readonly NetlinkSocket _socket;

    // The set of the elements that follow; see BeginElements.
    private NftFamily _elementFamily;
    private string _elementTable = "", _elementSet = "";
    private bool _deletesElements;
    private int _elementList;

    /// <param name="socket">The socket that <see cref="Commit"/> sends on.</param>
    /// <param name="capacity">Bytes to begin with; it grows.</param>
    /// <param name="generation">The generation the batch was computed from: another one in the kernel refuses it
    /// (ERESTART).</param>
    public NftBatch(NetlinkSocket socket, uint? generation = null, int capacity = 64 * 1024)
    {
        _socket = socket;
        Writer = socket.NewBatch(capacity);
        Writer.Begin(NFNL_MSG_BATCH_BEGIN, NetlinkFlags.Request, Header(0, NFNL_SUBSYS_NFTABLES));
        if (generation is { } id) Writer.U32Be(NFNL_BATCH_GENID, id);
    }

    internal NetlinkWriter Writer { get; }

    /// <summary>Bytes written.</summary>
    public int Length => Writer.Length;

    /// <summary>Number of elements added and deleted; a range counts as one.</summary>
    public int Elements { get; private set; }

    public void NewTable(NftFamily family, string name, NftTableFlags flags, string? comment = null)
    {
        Begin(NFT_MSG_NEWTABLE, family, Create);
        Writer.String(NFTA_TABLE_NAME, name);
        Writer.U32Be(NFTA_TABLE_FLAGS, (uint)flags);
        if (comment is not null) Comment(NFTA_TABLE_USERDATA, comment);
    }

    public void DeleteTable(NftFamily family, string name)
    {
        Begin(NFT_MSG_DELTABLE, family, NetlinkFlags.Request);
        Writer.String(NFTA_TABLE_NAME, name);
    }

    /// <summary>A chain that is reached by jumps only.</summary>
    public void NewChain(NftFamily family, string table, string name)
    {
        Begin(NFT_MSG_NEWCHAIN, family, Create);
        Writer.String(NFTA_CHAIN_TABLE, table);
        Writer.String(NFTA_CHAIN_NAME, name);
    }

    /// <summary>A chain that the kernel enters at a hook.</summary>
    /// <param name="type">filter, nat (sees the first packet of a connection), or route (output only: a changed mark
    /// looks up the route again).</param>
    /// <param name="policy">The verdict at the end of the chain.</param>
    public void NewBaseChain(
        NftFamily family, string table, string name, string type, NftHook hook, int priority, NftVerdict policy)
    {
        NewChain(family, table, name);
        var nest = Writer.Open(NFTA_CHAIN_HOOK);
        Writer.U32Be(NFTA_HOOK_HOOKNUM, (uint)hook);
        Writer.U32Be(NFTA_HOOK_PRIORITY, (uint)priority);
        Writer.Close(nest);
        Writer.U32Be(NFTA_CHAIN_POLICY, (uint)policy);
        Writer.String(NFTA_CHAIN_TYPE, type);
    }

    /// <summary>Deletes a chain that no rule refers to, and its rules.</summary>
    public void DeleteChain(NftFamily family, string table, string name)
    {
        Begin(NFT_MSG_DELCHAIN, family, NetlinkFlags.Request);
        Writer.String(NFTA_CHAIN_TABLE, table);
        Writer.String(NFTA_CHAIN_NAME, name);
    }

    /// <summary>A set, or a map where <paramref name="data"/> is given.</summary>
    /// <param name="id">Unique in the batch: rules of the same batch look the set up by it.</param>
    /// <param name="lifetime">How elements expire; null: never.</param>
    /// <param name="size">
    /// Maximum number of elements: the kernel chooses the kind of set and the size of its table by it, and refuses more
    /// (ENFILE). For an existing set only the limit changes. Null: no limit, and a table that grows.
    /// </param>
    /// <returns>The position of the size, for <see cref="SetSize"/>.</returns>
    public int NewSet(NftFamily family, string table, string name, NftSetId id, IReadOnlyList<NftType> key,
        NftType? data, bool interval, NftLifetime? lifetime = null, uint? size = null)
    {
        var isConcatenation = key.Count > 1;
        var flags = (interval ? NftSetFlags.Interval : 0) | (data is null ? 0 : NftSetFlags.Map)
            | (interval && isConcatenation ? NftSetFlags.Concatenation : 0)
            | (lifetime is { ByRules: true } ? NftSetFlags.Evaluated : 0)
                | (lifetime?.Timeout is null ? 0 : NftSetFlags.Timeout);
        uint number = 0, length = 0;
        foreach (var field in key)
        {
            number = number << 6 | (uint)field.Number; // TYPE_BITS of nftables' datatype.h
            length += (uint)(isConcatenation ? field.PaddedLength : field.Length);
        }
        Begin(NFT_MSG_NEWSET, family, Create);
        Writer.String(NFTA_SET_TABLE, table);
        Writer.String(NFTA_SET_NAME, name);
        Writer.U32Be(NFTA_SET_FLAGS, (uint)flags);
        Writer.U32Be(NFTA_SET_KEY_TYPE, number);
        Writer.U32Be(NFTA_SET_KEY_LEN, length);
        if (data is not null)
        {
            Writer.U32Be(NFTA_SET_DATA_TYPE, (uint)data.Number);
            Writer.U32Be(NFTA_SET_DATA_LEN, (uint)data.Length);
        }
        Writer.U32Be(NFTA_SET_ID, id.Value);
        if (interval && isConcatenation) DescribeFields(key);
        if (lifetime is not null) size = lifetime.Size;
        var at = -1;
        if (size is { } most)
        {
            var description = Writer.Open(NFTA_SET_DESC);
            Writer.U32Be(NFTA_SET_DESC_SIZE, most);
            at = Writer.Length - sizeof(uint);
            Writer.Close(description);
        }
        if (lifetime?.Timeout is { } timeout) Writer.U64Be(NFTA_SET_TIMEOUT, (ulong)timeout.TotalMilliseconds);
        ByteOrders(
            isConcatenation ? 0u : key[0].IsHostOrder ? 1u : 2u, data is null ? null : data.IsHostOrder ? 1u : 2u);
        return at;
    }

    /// <summary>Changes the size of a set of this batch, which is known only after its elements are written.</summary>
    /// <param name="at">As <see cref="NewSet"/> returned it.</param>
    public void SetSize(int at, uint size) => Writer.PatchU32Be(at, size);

    /// <summary>Deletes a set that no rule looks up.</summary>
    public void DeleteSet(NftFamily family, string table, string name)
    {
        Begin(NFT_MSG_DELSET, family, NetlinkFlags.Request);
        Writer.String(NFTA_SET_TABLE, table);
        Writer.String(NFTA_SET_NAME, name);
    }

    /// <summary>
    /// Begins a rule at the end of a chain; write its expressions, then <see cref="EndRule"/> with what this returned.
    /// </summary>
    public int BeginRule(NftFamily family, string table, string chain)
    {
        Begin(NFT_MSG_NEWRULE, family, Create | NetlinkFlags.Append);
        Writer.String(NFTA_RULE_TABLE, table);
        Writer.String(NFTA_RULE_CHAIN, chain);
        return Writer.Open(NFTA_RULE_EXPRESSIONS);
    }

    public void EndRule(int rule, string? comment = null)
    {
        Writer.Close(rule);
        if (comment is not null) Comment(NFTA_RULE_USERDATA, comment);
    }

    /// <param name="handle">As a dump shows it.</param>
    public void DeleteRule(NftFamily family, string table, string chain, ulong handle)
    {
        Begin(NFT_MSG_DELRULE, family, NetlinkFlags.Request);
        Writer.String(NFTA_RULE_TABLE, table);
        Writer.String(NFTA_RULE_CHAIN, chain);
        Writer.U64Be(NFTA_RULE_HANDLE, handle);
    }

    /// <summary>Deletes the rules of all chains; the chains stay registered.</summary>
    public void DeleteRules(NftFamily family, string table)
    {
        Begin(NFT_MSG_DELRULE, family, NetlinkFlags.Request);
        Writer.String(NFTA_RULE_TABLE, table);
    }

    /// <summary>Sends everything; when it returns the kernel has committed.</summary>
    /// <param name="operation">What the transaction does, for the exception: <c>load the ruleset</c>.</param>
    /// <param name="tolerate">Error numbers that count as success although nothing of the batch happened, such as
    /// ENOENT.</param>
    /// <exception cref="LinuxException">Nothing of the batch happened. ERESTART: the generation has moved on. EPERM:
    /// another owner's table.</exception>
    public void Commit(string operation, params ReadOnlySpan<int> tolerate)
    {
        End();
        _socket.Commit(operation, Writer, onMessage: null, tolerate);
    }

    public void Dispose() => Writer.Dispose();

    /// <summary>The resource id is big-endian; only the batch's own messages have one.</summary>
    internal static nfgenmsg Header(byte family, ushort resource = 0) =>
        new() { nfgen_family = family, res_id = BinaryPrimitives.ReverseEndianness(resource) };

    /// <summary>Ends the batch: nothing can be added afterwards.</summary>
    internal void End()
    {
        // One acknowledgement for the batch: the kernel sends it after the commit only, and errors before it, unasked.
        // Of the batch's
        // own end it is to be had since Linux 6.10 only.
        if (Writer.NextSequence - Writer.FirstSequence > 1) Writer.Acknowledge();
        Writer.Begin(NFNL_MSG_BATCH_END, NetlinkFlags.Request, Header(0, NFNL_SUBSYS_NFTABLES));
    }

    internal void Comment(int attribute, scoped ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[MaxComment];
        Writer.Bytes(attribute, bytes[..WriteComment(bytes, text)]);
    }

    /// <summary>nft's userdata: u8 type 0 (comment), u8 length with the final zero, the text.</summary>
    private const int MaxComment = 2 + byte.MaxValue;

    private static int WriteComment(scoped Span<byte> bytes, scoped ReadOnlySpan<char> text)
    {
        var count = System.Text.Encoding.UTF8.GetBytes(text[..Math.Min(text.Length, 120)], bytes[2..]);
        bytes[0] = 0;
        bytes[1] = (byte)(count + 1);
        bytes[2 + count] = 0;
        return 3 + count;
    }

    private void Begin(int message, NftFamily family, ushort flags)
    {
        Writer.Begin(MessageType(message), flags, Header((byte)family));
    }

    private void DescribeFields(IReadOnlyList<NftType> key)
    {
        var description = Writer.Open(NFTA_SET_DESC);
        var fields = Writer.Open(NFTA_SET_DESC_CONCAT);
        foreach (var field in key)
        {
            var item = Writer.Open(NFTA_LIST_ELEM);
            Writer.U32Be(NFTA_SET_FIELD_LEN, (uint)field.Length);
            Writer.Close(item);
        }
        Writer.Close(fields);
        Writer.Close(description);
    }

    private void ByteOrders(uint key, uint? data)
    {
        // nft's set userdata: u8 type, u8 length, u32 in host order. 0 KEYBYTEORDER, 1 DATABYTEORDER.
        Span<byte> bytes = stackalloc byte[12];
        bytes[0] = 0;
        bytes[1] = 4;
        BitConverter.TryWriteBytes(bytes[2..], key);
        bytes[6] = 1;
        bytes[7] = 4;
        BitConverter.TryWriteBytes(bytes[8..], data ?? 0);
        Writer.Bytes(NFTA_SET_USERDATA, bytes[..(data is null ? 6 : 12)]);
    }
}
