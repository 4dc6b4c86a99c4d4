using System.Net;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Node.Verification;

/// <summary>The probes of questions about Services, and what their fates say together.</summary>
internal sealed class ServiceProbes
{
    private readonly IReadOnlyList<ServiceQuestion> _questions;

    /// <summary>Where the probes of each question begin.</summary>
    private readonly int[] _starts;

    private ServiceProbes(IReadOnlyList<ServiceQuestion> questions, ProbeState[] probes, int[] starts) =>
        (_questions, Probes, _starts) = (questions, probes, starts);

    public ProbeState[] Probes { get; }

    /// <param name="asked">One whose source, or one of whose backends, has no station is left out.</param>
    public static ServiceProbes Of(IReadOnlyList<ServiceQuestion> asked, Stations stations)
    {
        var (questions, probes, starts) = (new List<ServiceQuestion>(), new List<ProbeState>(), new List<int>());
        // Probes of one source are sent together.
        foreach (var question in asked.OrderBy(q => q.From.Name, StringComparer.Ordinal))
        {
            if (!stations.TryGet(question.From, out var from) || Pool(question, stations) is not { } pool) continue;
            questions.Add(question);
            starts.Add(probes.Count);
            var to = new ExternalEndpoint(question.Frontend.Address);
            var probe = new ProbeState(new Flow(question.From, to, question.Frontend.Probe, question.Family), from,
                Station.OfService(to)) { Pool = pool };
            for (var i = 0; i < question.Packets; i++) probes.Add(probe);
        }
        return new ServiceProbes(questions, [.. probes], [.. starts]);
    }

    /// <summary>What the probes, once settled, say of each question.</summary>
    public IReadOnlyList<ServiceResult> Results()
    {
        var results = new List<ServiceResult>();
        for (var i = 0; i < _questions.Count; i++)
            results.AddRange(Of(_questions[i], Probes[_starts[i]..(i + 1 < _starts.Length ? _starts[i + 1] : ^0)]));
        return results;
    }

    private static IEnumerable<ServiceResult> Of(ServiceQuestion question, ProbeState[] probes)
    {
        var stray = Array.Exists(probes, p => p.Strayed) ? "a packet arrived where no backend of the Service is" : null;
        if (question.Backends.Count == 0)
        {
            var (measured, evidence) = probes[0].Outcome;
            var expected = question.Fate == ServiceFate.Refused ? Measured.Refused : Measured.Denied;
            yield return Result(question, null, expected, measured, evidence, probes[0].DropReason, stray);
            yield break;
        }
        if (question.IsSticky && probes.Select(p => p.Backend).OfType<int>().Distinct().Skip(1).Any())
            stray ??= "one client was sent to several backends, and is to keep its first (sessionAffinity)";
        // A probe without a backend was refused, dropped too early, or lost: no backend can be said to be reached.
        if (Array.Find(probes, p => p.Backend is null) is { Pool: not null } lost)
            stray ??= $"a packet was {lost.Outcome.Measured.Text()} before a backend was chosen";
        if (question.IsSticky && Array.TrueForAll(probes, p => p.Backend is null))
            yield return Of(question, question.Backends[0], [], stray);
        for (var i = 0; i < question.Backends.Count; i++)
        {
            var own = Array.FindAll(probes, p => p.Backend == i);
            // Of a client that keeps its backend, the others say nothing.
            if (own.Length == 0 && question.IsSticky) continue;
            yield return Of(question, question.Backends[i], own, stray);
        }
    }

    private static ServiceResult Of(
        ServiceQuestion question, ExpectedBackend backend, ProbeState[] probes, string? fault)
    {
        var expected = backend.IsAllowed ? Measured.Allowed : Measured.Denied;
        var outcomes = probes.Select(p => p.Outcome).Distinct().ToList();
        return outcomes is [var (measured, evidence)]
            ? Result(question, backend, expected, measured, evidence, probes[0].DropReason, fault)
            : Result(question, backend, expected, Measured.Undecided, Evidence.None, null,
                fault ?? (outcomes.Count == 0 ? $"it was not chosen by any of {question.Packets} packets"
                    : "its packets had different fates"));
    }

    private static ServiceResult Result(ServiceQuestion question, ExpectedBackend? backend, Measured expected,
        Measured measured, Evidence evidence, string? dropReason, string? fault)
    {
        var frontend = question.Frontend;
        var port = new Probe(frontend.Probe.Protocol, frontend.Port.Port);
        return new ServiceResult(question.From.Name, frontend.Service.Name,
            new IPEndPoint(frontend.Address, frontend.Number).ToString(), port, question.Family, backend?.To.Name,
            expected, measured, evidence, dropReason, fault);
    }

    private static PoolStations? Pool(ServiceQuestion question, Stations stations)
    {
        var backends = new List<PoolStation>();
        foreach (var (backend, to, _) in question.Backends)
        {
            if (!stations.TryGet(to, out var station))
            {
                // What nobody has needs no station: the drop of a pod's packet is its witness.
                if (question.From.IsNodeTraffic() || !stations.IsNobody(to)) return null;
                station = Station.OfService((ExternalEndpoint)to);
            }
            backends.Add(PoolStation.Of(backend, station));
        }
        return new PoolStations(backends);
    }
}
