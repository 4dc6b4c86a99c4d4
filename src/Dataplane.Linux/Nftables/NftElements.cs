using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Dataplane.Linux.Netlink;
using static Dataplane.Linux.Nftables.NftKernel;

namespace Dataplane.Linux.Nftables;

/// <summary>
/// Elements of one set at a time, in as many messages as they need: a nested attribute holds at most 65,535 bytes. Call
/// <see cref="BeginElements"/>, add, <see cref="EndElements"/>.
/// </summary>
public sealed partial class NftBatch : INftElementSink
{
    private const int SplitAt = 60_000;

    /// <summary>
    /// The elements that follow are added to, or deleted from, this set of the kernel's or of this batch.
    /// </summary>
    public void BeginElements(NftFamily family, string table, string set, bool delete = false)
    {
        (_elementFamily, _elementTable, _elementSet, _deletesElements) = (family, table, set, delete);
        _elementList = -1;
    }

    /// <inheritdoc/>
    /// <remarks>Deletions carry no comment.</remarks>
    public void Element(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> keyEnd = default,
        scoped ReadOnlySpan<byte> data = default, scoped ReadOnlySpan<char> comment = default)
    {
        Elements++;
        Write(key, keyEnd, data, 0, comment);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A plain interval set holds where a range begins and, unless it reaches the highest value, where the gap behind
    /// it begins (NFT_SET_ELEM_INTERVAL_END).
    /// </remarks>
    public void Range(scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> last, scoped ReadOnlySpan<byte> data)
    {
        Elements++;
        Write(first, default, data, 0, default);
        Span<byte> behind = stackalloc byte[last.Length];
        if (NftIntervals.TryNext(last, behind)) Write(behind, default, default, NFT_SET_ELEM_INTERVAL_END, default);
    }

    /// <summary>An element of a verdict map: packets with this key go to a chain.</summary>
    public void GotoElement(scoped ReadOnlySpan<byte> key, string chain)
    {
        Elements++;
        OpenElements();
        var item = Writer.Open(NFTA_LIST_ELEM);
        var nest = Writer.Open(NFTA_SET_ELEM_KEY);
        Writer.Bytes(NFTA_DATA_VALUE, key);
        Writer.Close(nest);
        var data = Writer.Open(NFTA_SET_ELEM_DATA);
        nest = Writer.Open(NFTA_DATA_VERDICT);
        Writer.U32Be(NFTA_VERDICT_CODE, unchecked((uint)NftVerdict.Goto));
        Writer.String(NFTA_VERDICT_CHAIN, chain);
        Writer.Close(nest);
        Writer.Close(data);
        Writer.Close(item);
    }

    public void EndElements()
    {
        if (_elementList >= 0) Writer.Close(_elementList);
        _elementList = -1;
    }

    [SkipLocalsInit]
    private void Write(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> keyEnd, scoped ReadOnlySpan<byte> data,
        uint flags, scoped ReadOnlySpan<char> comment)
    {
        OpenElements();
        // The hot path of a load: the length of an element is known beforehand, and it is written at once.
        Span<byte> userdata = stackalloc byte[MaxComment];
        var comments = comment.IsEmpty || _deletesElements ? 0 : WriteComment(userdata, comment);
        var length = HeaderLength + (flags == 0 ? 0 : HeaderLength + sizeof(uint)) + ValueLength(key)
            + ValueLength(keyEnd) + ValueLength(data) + (comments == 0 ? 0 : HeaderLength + Align(comments));
        var to = Writer.Reserve(length);
        Attribute(ref to, NFTA_LIST_ELEM | Nested, length - HeaderLength);
        if (flags != 0)
        {
            Attribute(ref to, NFTA_SET_ELEM_FLAGS, sizeof(uint));
            BinaryPrimitives.WriteUInt32BigEndian(to, flags);
            to = to[sizeof(uint)..];
        }
        Value(ref to, NFTA_SET_ELEM_KEY, key);
        Value(ref to, NFTA_SET_ELEM_KEY_END, keyEnd);
        Value(ref to, NFTA_SET_ELEM_DATA, data);
        if (comments == 0) return;
        Attribute(ref to, NFTA_SET_ELEM_USERDATA, comments);
        Put(ref to, userdata[..comments]);
    }

    private void OpenElements()
    {
        if (_elementList >= 0 && Writer.SizeSince(_elementList) > SplitAt) EndElements();
        if (_elementList >= 0) return;
        Begin(_deletesElements ? NFT_MSG_DELSETELEM : NFT_MSG_NEWSETELEM, _elementFamily,
            _deletesElements ? NetlinkFlags.Request : Create);
        Writer.String(NFTA_SET_ELEM_LIST_TABLE, _elementTable);
        Writer.String(NFTA_SET_ELEM_LIST_SET, _elementSet);
        _elementList = Writer.Open(NFTA_SET_ELEM_LIST_ELEMENTS);
    }

    private const int HeaderLength = 4, Nested = 0x8000; // NLA_HDRLEN, NLA_F_NESTED

    private static int Align(int length) => (length + 3) & ~3;

    private static int ValueLength(scoped ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? 0 : 2 * HeaderLength + Align(bytes.Length);

    private static void Value(scoped ref Span<byte> to, int attribute, scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        Attribute(ref to, attribute | Nested, HeaderLength + Align(bytes.Length));
        Attribute(ref to, NFTA_DATA_VALUE, bytes.Length);
        Put(ref to, bytes);
    }

    private static void Attribute(scoped ref Span<byte> to, int type, int length)
    {
        MemoryMarshal.Write(to, (ushort)(HeaderLength + length));
        MemoryMarshal.Write(to[sizeof(ushort)..], (ushort)type);
        to = to[HeaderLength..];
    }

    private static void Put(scoped ref Span<byte> to, scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to);
        to[bytes.Length..Align(bytes.Length)].Clear();
        to = to[Align(bytes.Length)..];
    }
}
