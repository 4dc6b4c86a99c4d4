using System.Numerics;
using Dataplane.Rules.Nftables.Model;

namespace Dataplane.Rules.Nftables;

/// <summary>
/// The fill of a set. The kernel makes a set of known size a hash table of that size, which takes elements 1.5 times as
/// fast as a growing one (docs/sets.md), but never more than its size. So a set is created with room for twice its
/// elements; when it is full, all sets are created again.
/// </summary>
public struct SetFill
{
    /// <summary>Minimum size in elements. Its hash table takes 8 kB of the kernel's memory.</summary>
    private const int LeastSize = 512;

    /// <summary>The number of elements; a range is one.</summary>
    public int Count { get; internal set; }

    /// <summary>Maximum number of elements; null: not limited.</summary>
    public uint? Size { get; internal set; }

    public readonly bool IsOverfull => Count > Size;

    /// <summary>The fill of a new set with <paramref name="count"/> elements.</summary>
    internal static SetFill Of(NftSet set, int count) =>
        new() { Count = count, Size = set.Size is null ? null : SizeFor(count) };

    private static uint SizeFor(int count) => Math.Max(LeastSize, BitOperations.RoundUpToPowerOf2((uint)count * 2));
}
