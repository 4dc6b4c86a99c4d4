using System.Buffers.Binary;
using System.Numerics;
using static Dataplane.Linux.Nftables.NftKernel;

namespace Dataplane.Linux.Nftables;

/// <summary>
/// The content of a set as two numbers that do not depend on its order: the number of elements in the kernel and the
/// sum of their hashes, without comments. Two different contents have the same numbers with a probability of 2^-64.
/// </summary>
public record struct NftElementSum : INftElementSink
{
    /// <summary>
    /// Number of elements. A range of a plain interval set counts as two, or as one if it ends at the highest value.
    /// </summary>
    public int Count { get; private set; }

    public ulong Sum { get; private set; }

    /// <summary>
    /// Removes <paramref name="gone"/>, which was included, and adds <paramref name="come"/>, which was not.
    /// </summary>
    public readonly NftElementSum GoOn(NftElementSum gone, NftElementSum come) =>
        new() { Count = Count - gone.Count + come.Count, Sum = unchecked(Sum - gone.Sum + come.Sum) };

    public void Element(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> keyEnd, scoped ReadOnlySpan<byte> data,
        scoped ReadOnlySpan<char> comment) =>
        Add(key, keyEnd, data, 0);

    public void Range(scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> last, scoped ReadOnlySpan<byte> data)
    {
        Add(first, default, data, 0);
        Span<byte> behind = stackalloc byte[last.Length];
        if (NftIntervals.TryNext(last, behind)) Add(behind, default, default, NFT_SET_ELEM_INTERVAL_END);
    }

    /// <summary>One element as the kernel keeps it.</summary>
    /// <param name="flags">NFT_SET_ELEM_*.</param>
    internal void Add(
        scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> keyEnd, scoped ReadOnlySpan<byte> data, uint flags)
    {
        Count++;
        unchecked
        {
            Sum += Mix(Mix(Mix(flags, key), keyEnd), data);
        }
    }

    private static ulong Mix(ulong hash, scoped ReadOnlySpan<byte> bytes)
    {
        // The finalizer of splitmix64, word by word.
        hash = Mix(hash, (ulong)bytes.Length);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var rest in bytes) hash = Mix(hash, rest);
        return hash;
    }

    private static ulong Mix(ulong hash, ulong word)
    {
        unchecked
        {
            hash = (BitOperations.RotateLeft(hash, 23) ^ word) + 0x9e37_79b9_7f4a_7c15;
            hash = (hash ^ (hash >> 30)) * 0xbf58_476d_1ce4_e5b9;
            hash = (hash ^ (hash >> 27)) * 0x94d0_49bb_1331_11eb;
            return hash ^ (hash >> 31);
        }
    }
}
