using System.Globalization;
using System.Net.Sockets;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Node.Verification;

/// <summary>The questions of a verification about all Services.</summary>
/// <param name="Cut">What is not asked, for a warning; null: everything is.</param>
public sealed record ServiceQuestions(IReadOnlyList<ServiceQuestion> All, string? Cut)
{
    /// <summary>Packets that a verification sends to Services: as many as it sends to pods.</summary>
    public const long MostPackets = DefaultProbes.MostSent;

    /// <summary>
    /// Pods and the node ask at the ClusterIPs, addresses outside at what there is for them; all ask at an address that
    /// is named as one outside, and is a Service's. Where that would be too many packets, each frontend is asked by
    /// some of the sources, which take turns; one asks always.
    /// </summary>
    /// <param name="only">One family; null: both.</param>
    public static ServiceQuestions Of(Cluster cluster, IReadOnlyList<ExternalEndpoint> externals, AddressFamily? only,
        CancellationToken stop, long mostPackets = MostPackets)
    {
        var frontends = Frontends(cluster, only);
        IReadOnlyList<Endpoint> inside =
            [.. cluster.Pods.Where(pod => !pod.IsHostNetwork).Cast<Endpoint>().Append(cluster.Node)];
        var named = externals.Select(external => external.Address).ToHashSet();
        var sources = new Dictionary<(bool? IsInside, AddressFamily Family), List<Endpoint>>();
        foreach (var family in AddressFamilies.All)
        {
            sources[(true, family)] = [.. inside.Where(s => s.AddressIn(family) is not null)];
            sources[(false, family)] = [.. externals.Where(s => s.AddressIn(family) is not null)];
            sources[(null, family)] = [.. sources[(true, family)], .. sources[(false, family)]];
        }
        var share = Share(frontends, SourcesOf, mostPackets);
        var asked = new List<(Endpoint, ServiceAnswer)>();
        var (next, of) = (0, 0L);
        foreach (var (frontend, endpoints) in frontends)
        {
            stop.ThrowIfCancellationRequested();
            var all = SourcesOf(frontend);
            var count = Math.Min(all.Count, share);
            for (var i = 0; i < count; i++)
            {
                var source = all[(next + i) % all.Count];
                asked.Add((source, ServiceOracle.Through(source, frontend, endpoints)));
            }
            next += count < all.Count ? count : 0;
            of += all.Count;
        }
        return new ServiceQuestions(ServiceQuestion.Judged(cluster, asked, stop), asked.Count == of ? null
            : string.Create(CultureInfo.InvariantCulture, $"{asked.Count} of {of} ways to Services are probed: each "
                + $"port of a Service from {share} of its sources; name one with `test --packets`"));

        List<Endpoint> SourcesOf(ServiceFrontend frontend)
        {
            var family = frontend.Address.AddressFamily;
            if (frontend.Kind == FrontendKind.ClusterIP) return sources[(true, family)];
            return !named.Contains(frontend.Address) ? sources[(false, family)]
                : [.. sources[(null, family)].Where(s => !frontend.Address.Equals(s.AddressIn(family)))];
        }
    }

    /// <summary>
    /// Each that packets may have as their destination, once: where two Services claim the same, one of them counts.
    /// </summary>
    private static List<(ServiceFrontend Frontend, IReadOnlyList<ServiceEndpoint> Endpoints)> Frontends(
        Cluster cluster, AddressFamily? only)
    {
        var finder = new EndpointFinder(cluster);
        return [.. from service in cluster.Services
            let endpoints = finder.Of(service)
            from frontend in ServiceFrontend.Of(cluster, service)
            where only is null || frontend.Address.AddressFamily == only
            group (Frontend: frontend, Endpoints: endpoints)
                by (frontend.Kind == FrontendKind.ClusterIP, frontend.Address, frontend.Probe) into same
            select same.OrderBy(s => s.Frontend.Kind)
                .ThenBy(s => s.Frontend.Service.Name, StringComparer.Ordinal).First()];
    }

    /// <summary>From how many sources each frontend can be asked; at least 1.</summary>
    private static int Share(List<(ServiceFrontend Frontend, IReadOnlyList<ServiceEndpoint> Endpoints)> frontends,
        Func<ServiceFrontend, List<Endpoint>> sourcesOf, long mostPackets)
    {
        var (least, most) = (1, frontends.Select(f => sourcesOf(f.Frontend).Count).DefaultIfEmpty(1).Max());
        while (least < most)
        {
            var middle = least + (most - least + 1) / 2;
            if (frontends.Sum(f => Packets(f.Frontend, f.Endpoints) * Math.Min(middle, sourcesOf(f.Frontend).Count))
                <= mostPackets)
            {
                least = middle;
            }
            else
            {
                most = middle - 1;
            }
        }
        return least;
    }

    /// <summary>At most so many packets show one source what is behind a frontend.</summary>
    private static long Packets(ServiceFrontend frontend, IReadOnlyList<ServiceEndpoint> endpoints) =>
        ServiceQuestion.PacketsFor(endpoints.Count(e => e.IsUsable
            && e.Address.AddressFamily == frontend.Address.AddressFamily && e.Ports[frontend.PortIndex] is not null),
            frontend.Service.Object.AffinitySeconds is not null);
}
