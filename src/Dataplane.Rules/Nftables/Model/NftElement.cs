namespace Dataplane.Rules.Nftables.Model;

/// <summary>
/// One element in the kernel's own bytes. Equal by content, without the comment: nft prints it, but nothing depends on
/// it.
/// </summary>
/// <param name="Key">The key; in an interval set the first value.</param>
/// <param name="Last">The last value of a range, included; null outside interval sets.</param>
/// <param name="Data">The value of the key in a map; null in sets.</param>
public sealed record NftElement(byte[] Key, byte[]? Last = null, byte[]? Data = null, string? Comment = null)
{
    /// <summary>In a verdict map the chain that packets with the key go to; null in others.</summary>
    public string? Goto { get; init; }

    public bool Equals(NftElement? other) => other is not null && Key.AsSpan().SequenceEqual(other.Key)
        && Last.AsSpan().SequenceEqual(other.Last) && Data.AsSpan().SequenceEqual(other.Data)
        && Goto == other.Goto;

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Key);
        if (Data is not null) hash.AddBytes(Data);
        return hash.ToHashCode();
    }
}
