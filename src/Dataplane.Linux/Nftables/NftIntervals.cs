namespace Dataplane.Linux.Nftables;

/// <summary>
/// Ranges of plain interval sets: two elements, of which the second has the flag NFT_SET_ELEM_INTERVAL_END.
/// </summary>
public static class NftIntervals
{
    /// <summary>
    /// The first value after a range. False if the range ends at the highest value: then it is a single element.
    /// </summary>
    public static bool TryNext(scoped ReadOnlySpan<byte> last, scoped Span<byte> next)
    {
        last.CopyTo(next);
        for (var i = next.Length - 1; i >= 0; i--)
            if (++next[i] != 0) return true;
        return false;
    }
}
