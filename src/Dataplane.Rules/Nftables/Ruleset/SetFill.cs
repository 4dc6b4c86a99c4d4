using System.Numerics;
using Dataplane.Rules.Nftables.Model;

namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>
/// How full a set is. A set whose size the kernel knows beforehand is a hash table of that size and takes elements half again as fast
/// as one that grows (docs/sets.md), but it never takes more: there is room for twice as many, and then the sets are made anew.
/// </summary>
public struct SetFill
{
    /// <summary>Room that every set has. Its hash table takes 8 kB of the kernel's memory.</summary>
    private const int LeastSize = 512;

    /// <summary>A range is one.</summary>
    public int Count { get; internal set; }

    /// <summary>Null: no bound.</summary>
    public uint? Size { get; internal set; }

    public readonly bool IsOverfull => Count > Size;

    /// <summary>What a set is made with.</summary>
    internal static SetFill Of(NftSet set, int count) => new() { Count = count, Size = set.Size is null ? null : SizeFor(count) };

    private static uint SizeFor(int count) => Math.Max(LeastSize, BitOperations.RoundUpToPowerOf2((uint)count * 2));
}
