using System.Numerics;
using Dataplane.Rules.Nftables.Model;

namespace Dataplane.Rules.Nftables;

/// <summary>
/// How full a set is. A set whose size the kernel knows beforehand is a hash table of that size and takes elements half
/// again as fast as one that grows (docs/sets.md), but it never takes more. So a set has room for twice its elements;
/// when it is full, all sets are made anew.
/// </summary>
public struct SetFill
{
    /// <summary>The smallest size, in elements. Its hash table takes 8 kB of the kernel's memory.</summary>
    private const int LeastSize = 512;

    /// <summary>The number of elements; a range is one.</summary>
    public int Count { get; internal set; }

    /// <summary>The largest number of elements; null: not limited.</summary>
    public uint? Size { get; internal set; }

    public readonly bool IsOverfull => Count > Size;

    /// <summary>The size that a set with so many elements is made with.</summary>
    internal static SetFill Of(NftSet set, int count) =>
        new() { Count = count, Size = set.Size is null ? null : SizeFor(count) };

    private static uint SizeFor(int count) => Math.Max(LeastSize, BitOperations.RoundUpToPowerOf2((uint)count * 2));
}
