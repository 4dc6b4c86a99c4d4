using System.Net.Sockets;
using Dataplane.Policy;

namespace Dataplane.Cli;

/// <summary>One answer of <c>why</c>: the explanation of a flow, and every family it holds for.</summary>
internal sealed record WhyAnswer(Explanation Explanation, IReadOnlyList<AddressFamily> Families)
{
    public bool Allowed => Explanation.Verdict.Allowed;

    public WhyDocument ToDocument()
    {
        var flow = Explanation.Flow;
        return new WhyDocument(flow.From.Name, flow.To.Name, flow.Probe.Protocol.Text(), flow.Probe.Port, Families[0].Text(),
            [.. Families.Select(f => f.Text())], Words.Value(Allowed), [Side(Explanation.Leaving), Side(Explanation.Entering)]);
    }

    private static SideDocument Side(ExplainedSide side) => new(
        side.Verdict.Side == Policy.Side.Leaving ? "leaving" : "entering", Words.Value(side.Verdict.Allowed), Basis(side.Verdict.Basis),
        [.. side.Verdict.IsolatedBy.Select(p => new PolicyDocument(p.Kind, p.Name, p.Position.File, p.Position.Line))],
        side.Verdict.DecidedBy is { } rule
            ? new RuleDocument(rule.Policy.Kind, rule.Policy.Name, rule.Position.File, rule.Position.Line, Direction(rule.Direction), rule.Index)
            : null,
        side.Verdict.Allowed ? null : [.. side.Nearest.Select(n => new NearDocument(n.Policy.Name, n.Position.File, n.Position.Line, n.Failed))]);

    public static string Direction(Side side) => side == Policy.Side.Leaving ? "egress" : "ingress";

    private static string Basis(SideBasis basis) => basis switch
    {
        SideBasis.NotSelectable => "notSelectable",
        SideBasis.Itself => "itself",
        SideBasis.NodeTraffic => "nodeTraffic",
        SideBasis.NotIsolated => "notIsolated",
        SideBasis.RuleAllows => "ruleAllows",
        _ => "noRuleAllows",
    };
}
