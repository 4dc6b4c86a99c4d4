using System.Net.Sockets;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Explanations;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;
using Dataplane.Policy.Suggestions;

namespace Dataplane.Cli.Why;

/// <summary>One answer of <c>why</c>: the explanation of a flow, and every family it holds for.</summary>
/// <param name="HasTiers">There are Admin or Baseline policies, so what they say is told too.</param>
internal sealed record WhyAnswer(Explanation Explanation, IReadOnlyList<AddressFamily> Families, bool HasTiers)
{
    /// <summary>How to turn the verdict round; null where nobody asked.</summary>
    public IReadOnlyList<WhySuggestion>? Suggestions { get; init; }

    public bool Allowed => Explanation.Verdict.Allowed;

    public WhyDocument ToDocument()
    {
        var flow = Explanation.Flow;
        return new WhyDocument(flow.From.Name, flow.To.Name, flow.Probe.Protocol.Text(), flow.Probe.Port, Families[0].Text(),
            [.. Families.Select(f => f.Text())], Words.Value(Allowed), [Side(Explanation.Leaving), Side(Explanation.Entering)],
            Suggestions is null ? null : [.. Suggestions.Where(s => s.Suggestion is not null).Select(Document)]);
    }

    private static SideDocument Side(ExplainedSide side) => new(
        side.Verdict.Side == Dataplane.Policy.Evaluation.Side.Leaving ? "leaving" : "entering", Words.Value(side.Verdict.Allowed), Basis(side.Verdict.Basis),
        [.. side.Verdict.IsolatedBy.Select(p => new PolicyDocument(p.Kind, p.Name, p.Position.File, p.Position.Line))],
        Rule(side.Verdict.DecidedBy), Rule(side.Verdict.PassedBy),
        side.Verdict.Allowed ? null : [.. side.Nearest.Select(n => new NearDocument(n.Policy.Name, n.Position.File, n.Position.Line, n.Failed))]);

    private static RuleDocument? Rule(RuleReference? reference) => reference is not { } rule ? null : new RuleDocument(
        rule.Policy.Kind, rule.Policy.Name, rule.Position.File, rule.Position.Line, Direction(rule.Direction), rule.Index,
        rule.Tier?.ToString(), rule.Action?.ToString(), (rule.Policy.Policy as TierPolicyObject)?.Priority, rule.RuleName);

    private SuggestionDocument Document(WhySuggestion found) => new(Words.Value(!Allowed), [.. found.Families.Select(f => f.Text())],
        [.. found.Suggestion!.Edits.Select(e => new EditDocument(e.Object, e.Position?.File, e.Position?.Line, e.Text))]);

    public static string Direction(Side side) => side == Dataplane.Policy.Evaluation.Side.Leaving ? "egress" : "ingress";

    private static string Basis(SideBasis basis) => basis switch
    {
        SideBasis.NotSelectable => "notSelectable",
        SideBasis.Itself => "itself",
        SideBasis.NodeTraffic => "nodeTraffic",
        SideBasis.NotIsolated => "notIsolated",
        SideBasis.RuleAllows => "ruleAllows",
        SideBasis.RuleDenies => "ruleDenies",
        _ => "noRuleAllows",
    };
}

/// <summary>The smallest edits that turn a verdict round, and the families for which the oracle has said so.</summary>
/// <param name="Suggestion">Null: nothing would.</param>
internal sealed record WhySuggestion(Suggestion? Suggestion, IReadOnlyList<AddressFamily> Families)
{
    /// <summary>For every family of the answer; one where they are the same.</summary>
    public static IReadOnlyList<WhySuggestion> Find(Cluster cluster, WhyAnswer answer) =>
    [
        .. answer.Families.Select(family => (Family: family, Found: Suggestion.Find(cluster, answer.Explanation.Flow with { Family = family }, !answer.Allowed)))
            .GroupBy(f => f.Found is null ? null : string.Join('\n', f.Found.Edits))
            .Select(g => new WhySuggestion(g.First().Found, [.. g.Select(f => f.Family)])),
    ];
}
