using Dataplane.Policy.Model;

namespace Dataplane.Policy.Services;

/// <summary>How many endpoints Services have, by what they are sent. An address that serves two Services is
/// two.</summary>
/// <param name="Ready">They get connections.</param>
/// <param name="Leaving">They terminate, and get connections where none is ready.</param>
/// <param name="Waiting">They get none.</param>
public readonly record struct EndpointCounts(long Ready, long Leaving, long Waiting)
{
    /// <summary>Of a cluster. The cost is that of its pods, Services and endpoints.</summary>
    public static EndpointCounts Of(Cluster cluster)
    {
        if (cluster.Services.Count == 0) return default;
        var (finder, counts) = (new EndpointFinder(cluster), default(EndpointCounts));
        foreach (var endpoint in cluster.Services.SelectMany(finder.Of))
        {
            counts = endpoint.IsReady ? counts with { Ready = counts.Ready + 1 }
                : endpoint.IsUsable ? counts with { Leaving = counts.Leaving + 1 }
                : counts with { Waiting = counts.Waiting + 1 };
        }
        return counts;
    }
}
