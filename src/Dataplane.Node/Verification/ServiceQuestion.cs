using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Node.Verification;

/// <summary>
/// What packets are to answer: which backends a source reaches at a frontend of a Service. The answer of the oracle is
/// in it.
/// </summary>
/// <param name="Backends">All that may be chosen; none unless the packet is translated.</param>
public sealed record ServiceQuestion(
    Endpoint From, ServiceFrontend Frontend, ServiceFate Fate, IReadOnlyList<ExpectedBackend> Backends)
{
    /// <summary>A client keeps its backend, so that packets of one source show one of them.</summary>
    public bool IsSticky => Frontend.Service.Object.AffinitySeconds is not null;

    public AddressFamily Family => Frontend.Address.AddressFamily;

    /// <summary>
    /// How many packets are sent. The pick is a hash of the packet, and each has a source port of its own: that one
    /// of n backends is not chosen has the probability n * e^-20.
    /// </summary>
    public int Packets => PacketsFor(Backends.Count, IsSticky);

    internal static int PacketsFor(int backends, bool isSticky) => backends switch
    {
        0 => 1,
        1 => 2,
        _ when isSticky => 8,
        var n => 20 * n + 20,
    };

    /// <summary>The question that a source has at one port of a Service.</summary>
    /// <returns>Null: the Service lacks the port, and has none of its protocol.</returns>
    public static ServiceQuestion? Of(Cluster cluster, ServiceReach reach)
    {
        if (reach.Answer.Frontend is { } frontend) return Of(cluster, reach.From, frontend);
        var ports = reach.Service.Object.Ports;
        for (var i = 0; i < ports.Count; i++)
        {
            if (ports[i].Protocol.ToFlowProtocol() != reach.Probe.Protocol) continue;
            var nothing = new ServiceFrontend(reach.Service, i, FrontendKind.ClusterIP,
                reach.Service.Addresses[reach.Family]!, reach.Probe.Port);
            return new ServiceQuestion(reach.From, nothing, ServiceFate.Refused, []);
        }
        return null;
    }

    /// <summary>Whether a result is one of this question's.</summary>
    public bool IsAnsweredBy(ServiceResult result) => result.From == From.Name && result.Family == Family
        && result.Probe.Protocol == Frontend.Probe.Protocol
        && result.Frontend == new IPEndPoint(Frontend.Address, Frontend.Number).ToString();

    /// <summary>The addresses outside that some question may lead to: they need to be there to be reached.</summary>
    public static IEnumerable<ExternalEndpoint> Outside(IEnumerable<ServiceQuestion> questions) =>
        questions.SelectMany(q => q.Backends).Select(b => b.To).OfType<ExternalEndpoint>().Distinct();

    private static ServiceQuestion Of(Cluster cluster, Endpoint source, ServiceFrontend frontend) => Judged(cluster,
        [(source, ServiceOracle.Ask(cluster, source, frontend.Address, frontend.Probe))], CancellationToken.None)[0];

    /// <summary>Asks the policies.</summary>
    /// <param name="asked">Answers with a frontend.</param>
    internal static List<ServiceQuestion> Judged(
        Cluster cluster, IReadOnlyList<(Endpoint Source, ServiceAnswer Answer)> asked, CancellationToken stop)
    {
        List<Flow?> flows = [.. asked.SelectMany(a => a.Answer.Backends.Select(
            b => ServiceFlow.Judged(cluster, a.Source, a.Answer.Frontend!.Probe.Protocol, b)))];
        var verdicts = Expectations.Begin(cluster, [.. flows.OfType<Flow>()], stop).Allowed();
        // To find whose an address is, every pod is looked at.
        var ends = asked.SelectMany(a => a.Answer.Backends).Where(b => PodOf(b) is null).Select(b => b.Address)
            .Distinct().ToDictionary(address => address, cluster.At);
        var (flow, verdict) = (0, 0);
        return [.. asked.Select(a => new ServiceQuestion(a.Source, a.Answer.Frontend!, a.Answer.Fate,
            [.. a.Answer.Backends.Select(b => new ExpectedBackend(
                b, PodOf(b) ?? ends[b.Address], flows[flow++] is null || verdicts[verdict++]))]))];

        static PodEndpoint? PodOf(ServiceBackend backend) => backend.Endpoint.Pod?.AsSelectablePod();
    }
}

/// <summary>A backend that may be chosen, and whether the policies let the source reach it.</summary>
/// <param name="To">Whose address it is.</param>
public sealed record ExpectedBackend(ServiceBackend Backend, Endpoint To, bool IsAllowed);
