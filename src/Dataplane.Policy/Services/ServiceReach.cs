using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
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
/// <param name="Answer">Of other machines, by the first frontend that lets them in; see <see cref="Others"/>.</param>
/// <param name="Targets">In the order of the endpoints.</param>
public sealed record ServiceReach(Endpoint From, PlacedService Service, Probe Probe, AddressFamily Family,
    ServiceAnswer Answer, IReadOnlyList<ServiceTarget> Targets)
{
    private Cluster? Cluster { get; init; }

    /// <summary>Why nothing is behind the port; null where something is, or the Service has no such port.</summary>
    public EndpointGap? Gap => Answer is { Fate: ServiceFate.Refused, Frontend: { } frontend } && Cluster is { } cluster
        ? EndpointGap.Of(cluster, Service, frontend.PortIndex, Family) : null;

    /// <summary>
    /// What the other frontends give that another machine may use: it has no ClusterIP, and may use any of them.
    /// </summary>
    public IReadOnlyList<ServiceReach> Others { get; init; } = [];

    /// <summary>Addresses and ports that the Service claims, and the frontends of others that have them.</summary>
    public IReadOnlyList<ServiceFrontend> Holders { get; init; } = [];

    /// <summary>This and the others.</summary>
    public IEnumerable<ServiceReach> Ways => Others.Prepend(this);

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

    /// <summary>By one frontend, which the source can use.</summary>
    /// <param name="endpoints">All of the Service.</param>
    internal static ServiceReach By(Cluster cluster, Endpoint from, ServiceFrontend frontend,
        IReadOnlyList<ServiceEndpoint> endpoints) => Through(cluster, from, frontend.Service, Asked(frontend.Port),
        ServiceOracle.Through(from, frontend, endpoints), frontend.Address.AddressFamily);

    /// <summary>What a source reaches at an address and port; null: they are no Service's.</summary>
    public static ServiceReach? At(Cluster cluster, Endpoint from, IPAddress address, Probe probe) =>
        ServiceOracle.Ask(cluster, from, address, probe) is { Frontend: { } frontend } answer
            ? Through(cluster, from, frontend.Service, Asked(frontend.Port), answer, address.AddressFamily) : null;

    /// <summary>By all ways together: where they differ, the Service is reached in part.</summary>
    /// <param name="judge">What policies, or packets, say of a flow.</param>
    public Outcome Judge(Func<Flow, bool> judge)
    {
        var outcomes = Ways.Select(way => way.JudgeWay(judge)).Distinct().ToList();
        return outcomes is [var only] ? only
            : outcomes.Exists(o => o is Outcome.Allowed or Outcome.Partial) ? Outcome.Partial : Outcome.Denied;
    }

    /// <summary>By this way alone.</summary>
    /// <inheritdoc cref="Judge"/>
    public Outcome JudgeWay(Func<Flow, bool> judge)
    {
        if (Answer.Fate != ServiceFate.Translated)
        {
            return Answer.Fate == ServiceFate.Dropped ? Outcome.Denied : Outcome.Refused;
        }
        var allowed = Targets.Count(target => target.IsAllowed(judge));
        return allowed == Targets.Count ? Outcome.Allowed : allowed > 0 ? Outcome.Partial : Outcome.Denied;
    }

    /// <summary>The frontend and what it gives, where the Service has several: <c>NodePort 10.0.0.1:30080
    /// allowed</c>.</summary>
    public string WayText(Func<Flow, bool> judge) =>
        $"{WayName} {JudgeWay(judge).ToString().ToLowerInvariant()}";

    /// <summary>The frontend, where there is one.</summary>
    public string WayName => Answer.Frontend is { } frontend
        ? $"{frontend.Kind} {new IPEndPoint(frontend.Address, frontend.Number)}" : NameOf(Service);

    private static ServiceReach Of(Cluster cluster, Endpoint from, PlacedService service, int? port, Probe probe,
        AddressFamily family, IReadOnlyList<ServiceEndpoint> endpoints)
    {
        if (port is { } index) probe = Asked(service.Object.Ports[index]);
        var own = ServiceFrontend.Of(cluster, service).Where(f => f.PortIndex == port
            && f.Address.AddressFamily == family && f.IsFor(from)
            && (from is ExternalEndpoint || f.Kind == FrontendKind.ClusterIP)).ToList();
        // Nobody else can have a ClusterIP.
        var holders = from is not ExternalEndpoint ? [] : own
            .Select(f => ServiceFrontend.Find(cluster, from, f.Address, f.Probe)!).Distinct().ToList();
        var ways = (from is not ExternalEndpoint ? own : own.Where(holders.Contains))
            .Select(frontend => ServiceOracle.Through(from, frontend, endpoints))
            .OrderBy(answer => answer.Fate != ServiceFate.Translated)
            .DefaultIfEmpty(new ServiceAnswer(ServiceFate.Refused, null, []))
            .Select(answer => Through(cluster, from, service, probe, answer, family)).ToList();
        return ways[0] with
        {
            Others = ways[1..],
            Holders = [.. holders.Where(holder => holder.Service != service)],
        };
    }

    private static ServiceReach Through(Cluster cluster, Endpoint from, PlacedService service, Probe probe,
        ServiceAnswer answer, AddressFamily family)
    {
        var names = answer.Backends.CountBy(NameOf).ToDictionary();
        return new ServiceReach(from, service, probe, family, answer, [.. answer.Backends.Select(b => new ServiceTarget(
            b, names[NameOf(b)] > 1 ? $"{NameOf(b)}:{b.Port}" : NameOf(b),
            ServiceFlow.Judged(cluster, from, probe.Protocol, b)))]) { Cluster = cluster };
    }

    private static Probe Asked(ServicePort port) => new(port.Protocol.ToFlowProtocol(), port.Port);

    private static string NameOf(ServiceBackend backend) => backend.Endpoint.Pod?.Name ?? backend.Address.ToString();
}
