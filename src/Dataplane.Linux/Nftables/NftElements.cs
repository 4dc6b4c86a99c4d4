using Dataplane.Linux.Netlink;

namespace Dataplane.Linux.Nftables;

/// <summary>
/// Elements of one set at a time, in as many messages as they need: a nested attribute holds at most 65,535 bytes. Call
/// <see cref="BeginElements"/>, add, <see cref="EndElements"/>.
/// </summary>
public ref partial struct NftBatch
{
    private const int SplitAt = 60_000;

    /// <summary>The elements that follow are added to, or deleted from, this set of the kernel's or of this batch.</summary>
    public void BeginElements(NftFamily family, string table, string set, bool delete = false)
    {
        (_elementFamily, _elementTable, _elementSet, _deletesElements) = (family, table, set, delete);
        _elementList = -1;
    }

    /// <summary>One element. A map's element has data; a range of a concatenated interval set has an end, included.</summary>
    public void Element(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> keyEnd = default, scoped ReadOnlySpan<byte> data = default, string? comment = null)
        => Element(key, keyEnd, data, 0, comment);

    /// <summary>The first value behind a range of a plain interval set (NFT_SET_ELEM_INTERVAL_END).</summary>
    public void RangeEnd(scoped ReadOnlySpan<byte> firstBehind) => Element(firstBehind, default, default, 1, null);

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

    private void Element(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> keyEnd, scoped ReadOnlySpan<byte> data, uint flags, string? comment)
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
        ElementValue(1, key);                     // NFTA_SET_ELEM_KEY
        if (!keyEnd.IsEmpty) ElementValue(10, keyEnd); // NFTA_SET_ELEM_KEY_END
        if (!data.IsEmpty) ElementValue(2, data); // NFTA_SET_ELEM_DATA
        if (comment is not null) Comment(6, comment); // NFTA_SET_ELEM_USERDATA
        Writer.Close(element);
    }

    private void ElementValue(int attribute, scoped ReadOnlySpan<byte> bytes)
    {
        var nest = Writer.Open(attribute);
        Writer.Bytes(1, bytes);                   // NFTA_DATA_VALUE
        Writer.Close(nest);
    }
}
