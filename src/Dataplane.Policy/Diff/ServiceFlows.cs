using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Policy.Diff;

/// <summary>
/// What changed Services open and close, for pods, the node and addresses outside, at each of their frontends. A
/// policy's change is told of the pods behind a Service alone.
/// </summary>
internal static class ServiceFlows
{
    /// <summary>One way to a Service, as it is called on both sides.</summary>
    /// <param name="From">Of addresses outside, one of those that nothing tells apart.</param>
    private readonly record struct Way(string From, string To, Probe Probe, AddressFamily Family);

    public static FlowChanges Between(Cluster before, Cluster after)
    {
        var names = Changed(before, after);
        if (names.Count == 0)
        {
            return new FlowChanges([], []);
        }
        var outside = new OutsideParts(before, after, names);
        var (old, now) = (Outcomes(before, names, outside), Outcomes(after, names, outside));
        var ways = old.Keys.Union(now.Keys).Select(way => (Way: way,
            Change: Rank(now.GetValueOrDefault(way, Outcome.Refused))
                .CompareTo(Rank(old.GetValueOrDefault(way, Outcome.Refused))))).ToList();
        return new FlowChanges(Grouped(ways.Where(w => w.Change > 0).Select(w => w.Way), outside),
            Grouped(ways.Where(w => w.Change < 0).Select(w => w.Way), outside));
    }

    private static HashSet<string> Changed(Cluster before, Cluster after)
    {
        var (old, now) = (Texts(before), Texts(after));
        return [.. old.Keys.Union(now.Keys)
            .Where(name => old.GetValueOrDefault(name) != now.GetValueOrDefault(name))];
    }

    private static Dictionary<string, string> Texts(Cluster cluster)
    {
        var finder = new EndpointFinder(cluster);
        return cluster.Services.ToDictionary(
            service => service.Name, service => Text(cluster, service, finder.Of(service)));
    }

    /// <summary>What decides where packets go. Pods by name: their addresses may be others on each side.</summary>
    private static string Text(Cluster cluster, PlacedService service, IReadOnlyList<ServiceEndpoint> all)
    {
        var frontends = ServiceFrontend.Of(cluster, service)
            .Select(f => $"{NameOf(f)} {f.Address.AddressFamily} {f.Port.Name} {f.Probe}");
        var endpoints = all.Select(e =>
            $"{e.Pod?.Name ?? e.Address.ToString()} {e.Address.AddressFamily} {string.Join('/', e.Ports)} {e.IsReady} "
            + $"{e.IsUsable} {e.IsLocal}");
        return $"{service.Object.InternalPolicy} {service.Object.ExternalPolicy} "
            + $"{string.Join('|', service.Object.SourceRanges)} {string.Join('|', frontends)} "
            + string.Join('|', endpoints);
    }

    /// <summary>An address that is assigned may be another on each side: the name is what is asked for.</summary>
    private static string NameOf(ServiceFrontend frontend) =>
        $"{EndNames.ServicePrefix}{frontend.Service.Name}" + (frontend.Kind == FrontendKind.ClusterIP ? ""
            : $"@{new IPEndPoint(frontend.Address, frontend.Number)}");

    private static Dictionary<Way, Outcome> Outcomes(Cluster cluster, HashSet<string> names, OutsideParts outside)
    {
        IReadOnlyList<Endpoint> inside = [.. cluster.Pods, cluster.Node];
        var judge = new CompiledEvaluator(Compiler.Compile(cluster));
        var (outcomes, finder) = (new Dictionary<Way, Outcome>(), new EndpointFinder(cluster));
        foreach (var service in cluster.Services.Where(service => names.Contains(service.Name)))
        {
            var endpoints = finder.Of(service);
            var ways = from frontend in ServiceFrontend.Of(cluster, service)
                       from sources in (IReadOnlyList<Endpoint>[])[inside, outside.Samples]
                       let able = Able(cluster, frontend, sources)
                       from source in able
                       select (Frontend: frontend, Reach: ServiceReach.By(cluster, source, frontend, endpoints));
            foreach (var (frontend, reach) in ways)
            {
                outcomes[new Way(reach.From.Name, NameOf(frontend), frontend.Probe, reach.Family)] =
                    reach.Judge(judge.IsAllowed);
            }
        }
        return outcomes;
    }

    /// <summary>Those that have the family, where the frontend is for them and no other Service has it.</summary>
    private static List<Endpoint> Able(Cluster cluster, ServiceFrontend frontend, IReadOnlyList<Endpoint> sources)
    {
        var family = frontend.Address.AddressFamily;
        List<Endpoint> able = [.. sources.Where(s => s.AddressIn(family) is not null && frontend.IsFor(s))];
        return able is [var first, ..]
            && ServiceFrontend.Find(cluster, first, frontend.Address, frontend.Probe) == frontend ? able : [];
    }

    /// <summary>How much gets through.</summary>
    private static int Rank(Outcome outcome) => outcome switch
    {
        Outcome.Allowed => 2,
        Outcome.Partial => 1,
        _ => 0,
    };

    /// <summary>Sources and families with the same change are one.</summary>
    private static List<FlowChange> Grouped(IEnumerable<Way> ways, OutsideParts outside) =>
    [
        .. from way in ways.GroupBy(w => w with { Family = default })
           let families = new PerFamily<bool>(Has(way, AddressFamily.InterNetwork),
               Has(way, AddressFamily.InterNetworkV6))
           group way.Key by (way.Key.To, way.Key.Probe, Families: families) into same
           orderby same.Key.To, same.Key.Probe.Protocol, same.Key.Probe.Port
           select Change([.. outside.Named(same.Select(w => w.From))], same.Key.To, same.Key.Probe,
               [.. AddressFamilies.All.Where(family => same.Key.Families[family])]),
    ];

    private static bool Has(IEnumerable<Way> ways, AddressFamily family) => ways.Any(way => way.Family == family);

    private static FlowChange Change(IReadOnlyList<string> from, string to, Probe probe,
        IReadOnlyList<AddressFamily> families) =>
        new(from, [to], [new PortRange(probe.Protocol, probe.Port, probe.Port)],
            families)
        {
            FromText = string.Join(", ", from),
            ToText = to,
        };
}
