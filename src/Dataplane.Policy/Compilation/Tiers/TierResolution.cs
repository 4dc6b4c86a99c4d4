using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.Tiers;

/// <summary>
/// Resolves the ordered rules that apply to one pair of classes to a verdict for every port, with as few entries as the
/// lookup order (port, range, protocol, everything) allows.
/// </summary>
internal static class TierResolution
{
    private static readonly FlowProtocol[] Protocols = [FlowProtocol.Tcp, FlowProtocol.Udp, FlowProtocol.Sctp];

    /// <param name="rules">The rules that apply to the pair, in order.</param>
    /// <param name="isolated">
    /// Whether a NetworkPolicy isolates the subject: then the Baseline tier does not apply.
    /// </param>
    public static IEnumerable<(PortRange Ports, TierVerdict Verdict)> Resolve(IReadOnlyList<TierGrant> rules,
        bool isolated)
    {
        // The verdict for traffic outside the three protocols, such as ICMP: only rules without ports can match it.
        var rest = Verdict(rules, isolated, new Probe(FlowProtocol.Icmp, 0));
        yield return (PortRange.Everything, rest);
        foreach (var protocol in Protocols)
        {
            var pieces = Pieces(rules, isolated, protocol);
            var usual = pieces.GroupBy(p => p.Verdict).OrderByDescending(g => g.Count()).ThenBy(g => g.Key != rest)
                .First().Key;
            if (usual != rest) yield return (new PortRange(protocol, 0, ushort.MaxValue), usual);
            foreach (var (ports, verdict) in pieces)
                if (verdict != usual) yield return (ports, verdict);
        }
    }

    private static List<(PortRange Ports, TierVerdict Verdict)> Pieces(IReadOnlyList<TierGrant> rules, bool isolated,
        FlowProtocol protocol)
    {
        var cuts = new SortedSet<int> { 0 };
        foreach (var range in rules.SelectMany(r => r.Ports).Where(p => p.Protocol == protocol))
        {
            cuts.Add(range.First);
            if (range.Last < ushort.MaxValue) cuts.Add(range.Last + 1);
        }
        var starts = cuts.ToArray();
        var pieces = new List<(PortRange Ports, TierVerdict Verdict)>();
        for (var i = 0; i < starts.Length; i++)
        {
            var last = i + 1 < starts.Length ? starts[i + 1] - 1 : ushort.MaxValue;
            var verdict = Verdict(rules, isolated, new Probe(protocol, (ushort)starts[i]));
            if (pieces.Count > 0 && pieces[^1].Verdict == verdict)
                pieces[^1] = (pieces[^1].Ports with { Last = (ushort)last }, verdict);
            else pieces.Add((new PortRange(protocol, (ushort)starts[i], (ushort)last), verdict));
        }
        return pieces;
    }

    private static TierVerdict Verdict(IReadOnlyList<TierGrant> rules, bool isolated, Probe probe)
    {
        var admin = First(rules, PolicyTier.Admin, probe);
        if (admin is TierAction.Accept) return TierVerdict.Accept;
        if (admin is TierAction.Deny) return TierVerdict.Deny;
        if (isolated) return TierVerdict.Continue;
        return First(rules, PolicyTier.Baseline, probe) is TierAction.Deny ? TierVerdict.Deny : TierVerdict.Continue;
    }

    private static TierAction? First(IReadOnlyList<TierGrant> rules, PolicyTier tier, Probe probe)
    {
        foreach (var rule in rules)
            if (rule.Tier == tier && rule.Ports.Any(p => p.Contains(probe))) return rule.Action;
        return null;
    }
}
