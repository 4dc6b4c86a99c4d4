using System.Net.Sockets;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Explanations;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;
using Dataplane.Policy.Suggestions;

namespace Dataplane.Cli.Why;

/// <summary>One answer of <c>why</c>: the explanation of a flow, and every address family for which it holds.</summary>
/// <param name="HasTiers">True if the cluster has Admin or Baseline policies; their tiers are then shown.</param>
internal sealed record WhyAnswer(Explanation Explanation, IReadOnlyList<AddressFamily> Families, bool HasTiers)
{
    /// <summary>Edits that reverse the verdict; null without <c>--suggest</c>.</summary>
    public IReadOnlyList<FamilySuggestion>? Suggestions { get; init; }

    /// <summary>The source as it was named; of pods that do not agree, the pod.</summary>
    public required string From { get; init; }

    /// <summary>As <see cref="From"/>.</summary>
    public required string To { get; init; }

    /// <summary>Every pair for which the answer holds, by name; the first is explained.</summary>
    public required IReadOnlyList<(string From, string To)> Pairs { get; init; }

    /// <summary>True if a name stands for pods: the answer is about more than the flow it explains.</summary>
    public bool IsOfGroup => Pairs.Count > 1 || Pairs[0] != (From, To);

    public bool Allowed => Explanation.Verdict.Allowed;

    public WhyDocument ToDocument()
    {
        var flow = Explanation.Flow;
        return new WhyDocument(
            From,
            To,
            flow.Probe.Protocol.Text(),
            flow.Probe.Port,
            Families[0].Text(),
            [.. Families.Select(f => f.Text())],
            Words.Value(Allowed),
            [Side(Explanation.Leaving), Side(Explanation.Entering)],
            Suggestions is null ? null : [.. Suggestions.Where(s => s.Suggestion is not null).Select(Document)],
            IsOfGroup ? [.. Pairs.Select(p => new PairDocument(p.From, p.To))] : null);
    }

    public static SideDocument Side(ExplainedSide side) => new(
        side.Verdict.Direction == Direction.Egress ? "leaving" : "entering",
        Words.Value(side.Verdict.Allowed),
        Basis(side.Verdict.Basis),
        [.. side.Verdict.IsolatedBy.Select(p => new PolicyDocument(p.Kind, p.Name, p.Position.File, p.Position.Line))],
        Rule(side.Verdict.DecidedBy), Rule(side.Verdict.PassedBy),
        side.Verdict.Allowed
            ? null
            : [
                .. side.Nearest.Select(n => new NearDocument(n.Policy.Name, n.Position.File, n.Position.Line, n.Failed))
            ]);

    private static RuleDocument? Rule(RuleReference? reference) => reference is not { } rule ? null : new RuleDocument(
        rule.Policy.Kind, rule.Policy.Name, rule.Position.File, rule.Position.Line, rule.Direction.Text(), rule.Index,
        rule.Tier?.ToString(),
        rule.Action?.ToString(),
        (rule.Policy.Policy as TierPolicyObject)?.Priority,
        rule.RuleName);

    private SuggestionDocument Document(FamilySuggestion found) => new(
        Words.Value(!Allowed),
        [.. found.Families.Select(f => f.Text())],
        [
            .. found.Suggestion!.Edits.Select(e =>
                new EditDocument(e.Object, e.Position?.File, e.Position?.Line, e.Text))
        ]);

    private static string Basis(SideBasis basis) => basis switch
    {
        SideBasis.NotSelectable => "notSelectable",
        SideBasis.Nobody => "nobody",
        SideBasis.Itself => "itself",
        SideBasis.NodeTraffic => "nodeTraffic",
        SideBasis.NotIsolated => "notIsolated",
        SideBasis.RuleAllows => "ruleAllows",
        SideBasis.RuleDenies => "ruleDenies",
        _ => "noRuleAllows",
    };
}
