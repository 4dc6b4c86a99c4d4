using System.Net.Sockets;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Explanations;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Cli.Why;

/// <summary>
/// A question of <c>why</c>: one flow, or those of all pods of a workload, which are explained once where their
/// verdicts are the same.
/// </summary>
internal sealed class WhyQuestion
{
    private readonly Cluster _cluster;
    private readonly EndpointGroup _from, _to;
    private readonly IReadOnlyList<(Endpoint From, Endpoint To, IReadOnlyList<AddressFamily> Families)> _pairs;
    private readonly CompiledEvaluator? _judge;

    /// <exception cref="CommandFailure">No pair is a flow of the cluster.</exception>
    public WhyQuestion(Cluster cluster, EndpointGroup from, EndpointGroup to, AddressFamily? only)
    {
        (_cluster, _from, _to) = (cluster, from, to);
        if (from.Ends[0] is ExternalEndpoint && to.Ends[0] is ExternalEndpoint)
        {
            throw new CommandFailure(
                ExitCodes.Usage, $"{from.Name} to {to.Name}: neither is a pod, so no policy applies");
        }
        _pairs = [
            .. EndpointGroup.Pairs(from, to)
                .Select(p => (p.From, p.To, Families: Families(p.From, p.To, only)))
                .Where(p => p.Families.Count > 0)
        ];
        if (_pairs.Count == 0) throw NoFamily(only);
        if (_pairs.Count > 1) _judge = new CompiledEvaluator(cluster, Compiler.Compile(cluster));
    }

    /// <summary>The probes of a question that names none: the default ones of every pair, once.</summary>
    public IReadOnlyList<Probe> DefaultProbes => Policy.Matrix.DefaultProbes.Between(_cluster, _from, _to);

    /// <summary>
    /// The answers for a probe: one for every verdict of an address family, and of the pods that share it.
    /// </summary>
    public WhyAgreement Ask(Probe probe)
    {
        var classes = _pairs
            .GroupBy(p => string.Join(' ', p.Families.Select(f => $"{f}={IsAllowed(p.From, p.To, probe, f)}")))
            .Select(g => g.ToList())
            .ToList();
        return new WhyAgreement(
            $"{_from.Name} → {_to.Name}", probe, [.. classes.SelectMany(c => Answers(c, probe, classes.Count == 1))]);
    }

    private bool IsAllowed(Endpoint from, Endpoint to, Probe probe, AddressFamily family) =>
        // One pair is its own class, whatever the verdict.
        _judge?.IsAllowed(new Flow(from, to, probe, family)) ?? true;

    /// <summary>One answer for both address families if their verdicts are equal, otherwise one for each.</summary>
    private IEnumerable<WhyAnswer> Answers(
        List<(Endpoint From, Endpoint To, IReadOnlyList<AddressFamily> Families)> same, Probe probe, bool isAgreed)
    {
        var (from, to, families) = same[0];
        return families.Select(f => Explanation.Of(_cluster, new Flow(from, to, probe, f)))
            .GroupBy(e => e.Verdict.Allowed)
            .Select(g => new WhyAnswer(g.First(), [.. g.Select(e => e.Flow.Family)], _cluster.TierPolicies.Count > 0)
            {
                From = isAgreed ? _from.Name : from.Name,
                To = isAgreed ? _to.Name : to.Name,
                Pairs = [.. same.Select(p => (p.From.Name, p.To.Name))],
            });
    }

    private static List<AddressFamily> Families(Endpoint from, Endpoint to, AddressFamily? only) =>
    [
        .. AddressFamilies.All.Where(f => from.AddressIn(f) is not null && to.AddressIn(f) is not null)
            .Where(f => only is null || f == only),
    ];

    private CommandFailure NoFamily(AddressFamily? only)
    {
        var any = only is not null
            && EndpointGroup.Pairs(_from, _to).Any(p => Families(p.From, p.To, only: null).Count > 0);
        return new CommandFailure(
            ExitCodes.Usage,
            any
                ? $"{_from.Name} and {_to.Name} do not both have {only!.Value.Text()}"
                : $"{_from.Name} and {_to.Name} have no address family in common");
    }
}

/// <summary>The answers for one probe.</summary>
/// <param name="Title">Both ends as they were named.</param>
internal sealed record WhyAgreement(string Title, Probe Probe, IReadOnlyList<WhyAnswer> Answers)
{
    /// <summary>False if the pods of a name have different verdicts.</summary>
    public bool IsAgreed => Answers.All(a => a.Pairs.SequenceEqual(Answers[0].Pairs));
}
