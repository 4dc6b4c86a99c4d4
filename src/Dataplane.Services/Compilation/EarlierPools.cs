using Dataplane.Policy.Model;
using Dataplane.Services.Pools;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Compilation;

/// <summary>Finds which pool of which Service or pod an earlier compiler's number stood for.</summary>
internal static class EarlierPools
{
    /// <summary>
    /// Where several claim a frontend, its number is that of the one which gets it, as in
    /// <see cref="FrontendClaims"/>.
    /// </summary>
    public static IReadOnlyDictionary<(string Owner, PoolKey Pool), PoolNumber> Of(
        Cluster cluster, IReadOnlyDictionary<Frontend, PoolNumber> earlier)
    {
        var found = new Dictionary<(string, PoolKey), PoolNumber>();
        if (earlier.Count == 0) return found;
        foreach (var of in FrontendPlan.Of(cluster).GroupBy(w => w.Want.Frontend))
        {
            if (!earlier.TryGetValue(of.Key, out var number)) continue;
            var (owner, want) = of.OrderBy(w => w.Want.Kind).ThenBy(w => w.Owner, StringComparer.Ordinal)
                .ThenBy(w => w.Want.PortIndex).First();
            found.TryAdd((owner, want.Pool), number);
        }
        return found;
    }
}
