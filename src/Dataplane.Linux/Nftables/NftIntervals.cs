namespace Dataplane.Linux.Nftables;

/// <summary>How a plain interval set keeps a range: as two elements.</summary>
public static class NftIntervals
{
    /// <summary>The flag of the second one, NFT_SET_ELEM_INTERVAL_END.</summary>
    public const uint End = 1;

    /// <summary>The first value behind a range; false where the range reaches the highest one, and is one element.</summary>
    public static bool TryNext(scoped ReadOnlySpan<byte> last, scoped Span<byte> next)
    {
        last.CopyTo(next);
        for (var i = next.Length - 1; i >= 0; i--)
            if (++next[i] != 0) return true;
        return false;
    }
}
