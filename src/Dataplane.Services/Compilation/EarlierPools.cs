using Dataplane.Policy.Model;
using Dataplane.Services.Pools;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Compilation;

/// <summary>Finds which pool of which Service an earlier compiler's number stood for.</summary>
internal static class EarlierPools
{
    /// <summary>
    /// Where several Services claim a frontend, its number is that of the one which gets it, as in
    /// <see cref="FrontendClaims"/>.
    /// </summary>
    public static IReadOnlyDictionary<(string Service, PoolKey Pool), PoolNumber> Of(
        IReadOnlyList<PlacedService> services, IReadOnlyDictionary<Frontend, PoolNumber> earlier)
    {
        var found = new Dictionary<(string, PoolKey), PoolNumber>();
        if (earlier.Count == 0) return found;
        var wanted = services.SelectMany(FrontendPlan.Of, (service, want) => (service.Object.FullName, Want: want));
        foreach (var of in wanted.GroupBy(w => w.Want.Frontend))
        {
            if (!earlier.TryGetValue(of.Key, out var number)) continue;
            var (service, want) = of.OrderBy(w => w.Want.Kind).ThenBy(w => w.FullName, StringComparer.Ordinal)
                .ThenBy(w => w.Want.PortIndex).First();
            found.TryAdd((service, want.Pool), number);
        }
        return found;
    }
}
