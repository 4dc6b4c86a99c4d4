using System.Net.Sockets;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Explanations;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Services;

namespace Dataplane.Cli.Why;

/// <summary>A question of <c>why</c> that has a Service as its destination.</summary>
internal static class ServiceWhyQuestion
{
    /// <param name="port">Null: each port of the Service.</param>
    /// <exception cref="CommandFailure">The Service has no address of a family that the source has.</exception>
    public static IReadOnlyList<ServiceAnswered> Ask(
        Cluster cluster, EndpointGroup from, PlacedService service, Probe? port, AddressFamily? only)
    {
        if (Addressless.Why(cluster, service) is { } why) throw new CommandFailure(ExitCodes.Usage, why);
        List<ServiceAnswered> answers = [.. Ports(service, port, from.Ends[0]).SelectMany(index => from.Ends
            .SelectMany(end => ServiceReach.Of(cluster, end, service, index, port ?? default)
                .Where(reach => only is null || reach.Family == only)
                .Select(reach => Judged(cluster, reach))
                .GroupBy(answer => answer.Key)
                .Select(same => same.First() with { Families = [.. same.SelectMany(answer => answer.Families)] })))];
        return answers.Count > 0 ? answers
            : throw new CommandFailure(ExitCodes.Usage, $"{from.Name} and {ServiceReach.NameOf(service)} have no "
                + (only is { } family ? $"{family.Text()} address both" : "address family in common"));
    }

    /// <summary>The same for an address that a Service has; none where it has no such port.</summary>
    /// <param name="port">Null: each port of Services at the address.</param>
    public static IReadOnlyList<ServiceAnswered> At(
        Cluster cluster, EndpointGroup from, EndpointGroup to, Probe? port, AddressFamily? only)
    {
        if (to.Ends is not [var end] || end.AsSelectablePod() is not null) return [];
        return [.. from family in AddressFamilies.All
            where (only is null || family == only) && end.AddressIn(family) is not null
            let address = end.AddressIn(family)!
            from probe in port is { } one ? [one] : ServiceFrontend.At(cluster, @from.Ends[0], address)
            from source in @from.Ends
            where source.AddressIn(family) is not null
            let reach = ServiceReach.At(cluster, source, address, probe)
            where reach is not null
            select Judged(cluster, reach)];
    }

    /// <summary>The places of the ports that are meant; null: one that the Service lacks.</summary>
    private static List<int?> Ports(PlacedService service, Probe? port, Endpoint from)
    {
        var all = Enumerable.Range(0, service.Object.Ports.Count).Select(index => (int?)index).ToList();
        if (port is not { } asked) return all;
        var found = all.Where(index => service.Object.Ports[index!.Value] is var p
            && p.Protocol.ToFlowProtocol() == asked.Protocol && (p.Port == asked.Port
                || (from is ExternalEndpoint && service.NodePorts[index.Value] == asked.Port))).ToList();
        return found.Count > 0 ? found : [null];
    }

    private static ServiceAnswered Judged(Cluster cluster, ServiceReach reach)
    {
        var backends = reach.Targets.Select(target => new BackendAnswer(target,
            target.Flow is { } flow ? Explanation.Of(cluster, flow) : null)).ToList();
        var verdicts = backends.Where(b => b.Explanation is not null)
            .ToDictionary(b => b.Target.Flow!.Value, b => b.Allowed);
        return new ServiceAnswered(
            reach, reach.Judge(flow => verdicts[flow]), backends, [reach.Family], cluster.TierPolicies.Count > 0);
    }
}

/// <summary>What a source reaches by one port of a Service, and why.</summary>
/// <param name="Families">Every family for which the answer is the same; the first is explained.</param>
internal sealed record ServiceAnswered(ServiceReach Reach, Outcome Outcome, IReadOnlyList<BackendAnswer> Backends,
    IReadOnlyList<AddressFamily> Families, bool HasTiers)
{
    /// <summary>What a way of <see cref="ServiceReach.Ways"/> comes to.</summary>
    public Outcome OutcomeOf(ServiceReach way)
    {
        var allowed = Backends.Where(b => b.Allowed).Select(b => b.Target.Flow).OfType<Flow>().ToHashSet();
        return way.JudgeWay(allowed.Contains);
    }

    /// <summary>Equal for answers that say the same of both families.</summary>
    public string Key => $"{Outcome} "
        + $"{string.Join(' ', Reach.Ways.Select(w => $"{w.Answer.Frontend?.Kind} {w.Answer.Fate}"))} "
        + $"{string.Join(' ', Reach.Holders.Select(h => h.Service.Name))} "
        + string.Join(' ', Backends.Select(b => $"{b.Target.Name}={b.Allowed}"));
}

/// <param name="Explanation">Null where no policy is asked: between two machines outside.</param>
internal sealed record BackendAnswer(ServiceTarget Target, Explanation? Explanation)
{
    public bool Allowed => Explanation?.Verdict.Allowed ?? true;
}
