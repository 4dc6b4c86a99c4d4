using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Services;

/// <summary>A backend that a packet may be sent to.</summary>
/// <param name="Name">The pod's; of others the address, with the port where that alone tells two apart.</param>
/// <param name="Flow">What policies judge; null: none concerns it, and it is allowed.</param>
public sealed record ServiceTarget(ServiceBackend Backend, string Name, Flow? Flow)
{
    public bool IsAllowed(Func<Flow, bool> judge) => Flow is not { } flow || judge(flow);
}

/// <summary>What a source reaches by one port of a Service, before policies judge it.</summary>
/// <param name="Answer">Of other machines, by the first frontend that lets them in.</param>
/// <param name="Targets">In the order of the endpoints.</param>
public sealed record ServiceReach(Endpoint From, PlacedService Service, Probe Probe, AddressFamily Family,
    ServiceAnswer Answer, IReadOnlyList<ServiceTarget> Targets)
{
    private Cluster? Cluster { get; init; }

    /// <summary>Why nothing is behind the port; null where something is, or the Service has no such port.</summary>
    public EndpointGap? Gap => Answer is { Fate: ServiceFate.Refused, Frontend: { } frontend } && Cluster is { } cluster
        ? EndpointGap.Of(cluster, Service, frontend.PortIndex, Family) : null;

    /// <summary>The spelling of a Service in questions and answers.</summary>
    public static string NameOf(PlacedService service) => $"service:{service.Name}";

    /// <summary>
    /// For every family that both have, as the Service orders them; none of a Service without frontends.
    /// </summary>
    /// <param name="port">The place of the port in the Service; null: one that the Service lacks.</param>
    /// <param name="probe">The packet, where <paramref name="port"/> is null.</param>
    public static IReadOnlyList<ServiceReach> Of(Cluster cluster, Endpoint from, PlacedService service, int? port,
        Probe probe = default) => Of(cluster, from, service, port, probe, ServiceEndpoints.Of(cluster, service));

    /// <param name="endpoints">All of the Service.</param>
    internal static IReadOnlyList<ServiceReach> Of(Cluster cluster, Endpoint from, PlacedService service, int? port,
        Probe probe, IReadOnlyList<ServiceEndpoint> endpoints) =>
        [.. AddressFamilies.All.Where(f => service.Addresses[f] is not null && from.AddressIn(f) is not null)
            .Select(family => Of(cluster, from, service, port, probe, family, endpoints))];

    /// <summary>All of the Service's ports, for a source.</summary>
    /// <param name="endpoints">All of the Service.</param>
    internal static IEnumerable<ServiceReach> OfEachPort(Cluster cluster, Endpoint from, PlacedService service,
        IReadOnlyList<ServiceEndpoint> endpoints) => Enumerable.Range(0, service.Object.Ports.Count)
        .SelectMany(port => Of(cluster, from, service, port, default, endpoints));

    /// <param name="judge">What policies, or packets, say of a flow.</param>
    public Outcome Judge(Func<Flow, bool> judge)
    {
        if (Answer.Fate != ServiceFate.Translated)
        {
            return Answer.Fate == ServiceFate.Dropped ? Outcome.Denied : Outcome.Refused;
        }
        var allowed = Targets.Count(target => target.IsAllowed(judge));
        return allowed == Targets.Count ? Outcome.Allowed : allowed > 0 ? Outcome.Partial : Outcome.Denied;
    }

    private static ServiceReach Of(Cluster cluster, Endpoint from, PlacedService service, int? port, Probe probe,
        AddressFamily family, IReadOnlyList<ServiceEndpoint> endpoints)
    {
        var answers = ServiceFrontend.Of(cluster, service)
            .Where(f => f.PortIndex == port && f.Address.AddressFamily == family && f.IsFor(from)
                && (from is ExternalEndpoint || f.Kind == FrontendKind.ClusterIP))
            .Select(frontend => ServiceOracle.Through(from, frontend, endpoints)).ToList();
        var answer = answers.Find(a => a.Fate == ServiceFate.Translated) ?? answers.FirstOrDefault()
            ?? new ServiceAnswer(ServiceFate.Refused, null, []);
        if (port is { } index)
        {
            var spec = service.Object.Ports[index];
            probe = new Probe(spec.Protocol.ToFlowProtocol(), spec.Port);
        }
        var names = answer.Backends.CountBy(NameOf).ToDictionary();
        return new ServiceReach(from, service, probe, family, answer, [.. answer.Backends.Select(b => new ServiceTarget(
            b, names[NameOf(b)] > 1 ? $"{NameOf(b)}:{b.Port}" : NameOf(b),
            ServiceFlow.Judged(cluster, from, probe.Protocol, b)))]) { Cluster = cluster };
    }

    private static string NameOf(ServiceBackend backend) => backend.Endpoint.Pod?.Name ?? backend.Address.ToString();
}
