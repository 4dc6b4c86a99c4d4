using Dataplane.Linux.Netlink;

namespace Dataplane.Linux.Nftables;

/// <summary>
/// Elements of one set at a time, in as many messages as they need: a nested attribute holds at most 65,535 bytes. Call
/// <see cref="BeginElements"/>, add, <see cref="EndElements"/>.
/// </summary>
public ref partial struct NftBatch : INftElementSink
{
    private const int SplitAt = 60_000;

    /// <summary>The elements that follow are added to, or deleted from, this set of the kernel's or of this batch.</summary>
    public void BeginElements(NftFamily family, string table, string set, bool delete = false)
    {
        (_elementFamily, _elementTable, _elementSet, _deletesElements) = (family, table, set, delete);
        _elementList = -1;
    }

    /// <inheritdoc/>
    /// <remarks>What is deleted needs no comment.</remarks>
    public void Element(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> keyEnd = default, scoped ReadOnlySpan<byte> data = default, scoped ReadOnlySpan<char> comment = default)
    {
        Elements++;
        Write(key, keyEnd, data, 0, comment);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A plain interval set holds where a range begins and, unless it reaches the highest value, where the next thing begins
    /// (NFT_SET_ELEM_INTERVAL_END).
    /// </remarks>
    public void Range(scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> last, scoped ReadOnlySpan<byte> data)
    {
        Elements++;
        Write(first, default, data, 0, default);
        Span<byte> behind = stackalloc byte[last.Length];
        if (NftIntervals.TryNext(last, behind)) Write(behind, default, default, NftIntervals.End, default);
    }

    /// <summary>Deletes every element of a set: a deletion that lists none (nft_set_flush).</summary>
    public void FlushSet(NftFamily family, string table, string set)
    {
        Begin(NftMessage.DeleteElements, family, NetlinkFlags.Request);
        Writer.String(1, table);              // NFTA_SET_ELEM_LIST_TABLE
        Writer.String(2, set);                // NFTA_SET_ELEM_LIST_SET
    }

    public void EndElements()
    {
        if (_elementList >= 0) Writer.Close(_elementList);
        _elementList = -1;
    }

    private void Write(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> keyEnd, scoped ReadOnlySpan<byte> data, uint flags, scoped ReadOnlySpan<char> comment)
    {
        if (_elementList >= 0 && Writer.SizeSince(_elementList) > SplitAt) EndElements();
        if (_elementList < 0)
        {
            Begin(_deletesElements ? NftMessage.DeleteElements : NftMessage.NewElements, _elementFamily,
                _deletesElements ? NetlinkFlags.Request : Create);
            Writer.String(1, _elementTable);      // NFTA_SET_ELEM_LIST_TABLE
            Writer.String(2, _elementSet);        // NFTA_SET_ELEM_LIST_SET
            _elementList = Writer.Open(3);        // NFTA_SET_ELEM_LIST_ELEMENTS
        }
        var element = Writer.Open(1);             // NFTA_LIST_ELEM
        if (flags != 0) Writer.U32Be(3, flags);   // NFTA_SET_ELEM_FLAGS
        Value(1, key);                            // NFTA_SET_ELEM_KEY
        if (!keyEnd.IsEmpty) Value(10, keyEnd);   // NFTA_SET_ELEM_KEY_END
        if (!data.IsEmpty) Value(2, data);        // NFTA_SET_ELEM_DATA
        if (!comment.IsEmpty && !_deletesElements) Comment(6, comment); // NFTA_SET_ELEM_USERDATA
        Writer.Close(element);
    }

    private void Value(int attribute, scoped ReadOnlySpan<byte> bytes)
    {
        var nest = Writer.Open(attribute);
        Writer.Bytes(1, bytes);                   // NFTA_DATA_VALUE
        Writer.Close(nest);
    }
}
