using Dataplane.Policy.Model;

namespace Dataplane.Services.Indexes;

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
        var (pods, listings, counts) = (new PodIndex(), new ListingIndex(), default(EndpointCounts));
        foreach (var pod in cluster.Pods) pods.Add(pod);
        foreach (var listing in cluster.Endpoints) listings.Add(listing);
        foreach (var service in cluster.Services)
        {
            foreach (var endpoint in pods.SelectedBy(service.Object))
            {
                var isReady = service.Object.PublishesNotReady
                    || (endpoint.Pod.IsReady && !endpoint.Pod.IsTerminating);
                counts = counts.With(isReady, endpoint.Pod.IsReady,
                    service.Families.Count(family => endpoint.Address(family) is not null));
            }
            foreach (var address in listings.Of(service.Object).SelectMany(l => l.Subsets)
                .SelectMany(s => s.Addresses).Where(a => service.Families.Contains(a.Address.AddressFamily)))
            {
                counts = counts.With(address.IsReady, address is { IsServing: true, IsTerminating: true }, 1);
            }
        }
        return counts;
    }

    private EndpointCounts With(bool isReady, bool isServing, int count) =>
        isReady ? this with { Ready = Ready + count }
        : isServing ? this with { Leaving = Leaving + count } : this with { Waiting = Waiting + count };
}
