using System.Numerics;
using Dataplane.Services.Tables;

namespace Dataplane.Rules.Nftables.Services;

/// <summary>What the map of pools says of one, in 32 bits.</summary>
internal static class PoolData
{
    /// <summary>How a backend is chosen; see <see cref="Spreading"/>.</summary>
    public const uint SpreadMask = 0xff;

    /// <summary>Only sources of a set reach the pool.</summary>
    public const uint Restricted = 0x100;

    /// <summary>Seconds of session affinity; 0: none.</summary>
    public const uint AffinityMask = 0x1fff_f000;

    private const int AffinityShift = 12;

    public static uint Of(in PoolEntry pool) => Spreading.Of(pool.Size, pool.DropsWhenEmpty)
        | (pool.IsRestricted ? Restricted : 0) | Affinity(pool.AffinitySeconds ?? 0);

    public static uint Affinity(int seconds) => (uint)seconds << AffinityShift & AffinityMask;
}

/// <summary>How one of a pool's slots is chosen, as a number from 0 to 255.</summary>
internal static class Spreading
{
    public const uint Refuse = 0, Drop = 0xff;

    /// <summary>Pools up to this size have a rule for their own size.</summary>
    public const int MostExact = 32;

    /// <summary>
    /// Larger pools have the rules of the next power of two, up to this one: no cluster that Kubernetes supports has as
    /// many pods (150,000).
    /// </summary>
    public const int Most = 1 << 18;

    /// <summary>The powers of two, each with its number.</summary>
    public static IEnumerable<(uint Number, int Size)> Powers()
    {
        for (var size = MostExact * 2; size <= Most; size *= 2) yield return (NumberOf(size), size);
    }

    public static uint Of(int size, bool dropsWhenEmpty) => size switch
    {
        <= 0 => dropsWhenEmpty ? Drop : Refuse,
        <= MostExact => (uint)size,
        _ => NumberOf(Math.Min(size, Most)),
    };

    private static uint NumberOf(int size) =>
        MostExact + (uint)BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)size));
}
