using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Explanations;
using Dataplane.Policy.Model;
using Dataplane.Policy.Suggestions;

namespace Dataplane.Cli.Why;

/// <summary>Prints an explanation as text: both sides, and every policy that decided, with file and line.</summary>
internal static class WhyText
{
    /// <summary>Pairs of pods that are listed of one verdict.</summary>
    private const int MaxPairs = 10;

    public static void Write(Printer output, Ansi colours, WhyAnswer answer)
    {
        var flow = answer.Explanation.Flow;
        output.WriteLine($"{Verdict(answer.Allowed, colours)}   {answer.From} → {answer.To}   {flow.Probe} · "
            + $"{Words.Families(answer.Families)}");
        if (answer.IsOfGroup)
        {
            var many = answer.Pairs.Count == 1 ? "" : $"the same for {answer.Pairs.Count} pairs; ";
            output.WriteLine($"{many}here: {flow.From.Name} → {flow.To.Name}");
        }
        output.WriteLine();
        WriteSides(output, colours, answer.Explanation, answer.HasTiers);
        foreach (var suggestion in answer.Suggestions ?? []) Write(output, answer, suggestion);
    }

    /// <summary>Prints both sides of a flow.</summary>
    public static void WriteSides(Printer output, Ansi colours, Explanation explanation, bool hasTiers)
    {
        var flow = explanation.Flow;
        Write(output, colours, 1, $"leaving {flow.From.Name}", explanation.Leaving, flow.From, hasTiers);
        Write(output, colours, 2, $"entering {flow.To.Name}", explanation.Entering, flow.To, hasTiers);
    }

    /// <summary>Lists how the pods of a name differ.</summary>
    public static void WriteDifference(Printer output, Ansi colours, WhyAgreement agreement)
    {
        output.WriteLine($"{agreement.Title}   {agreement.Probe}: the pods do not agree");
        foreach (var answer in agreement.Answers)
        {
            foreach (var (from, to) in answer.Pairs.Take(MaxPairs))
            {
                output.WriteLine($"   {Verdict(answer.Allowed, colours)}  {from} → {to}   "
                    + $"{Words.Families(answer.Families)}");
            }
            if (answer.Pairs.Count > MaxPairs) output.WriteLine($"   and {answer.Pairs.Count - MaxPairs} more");
        }
        output.WriteLine();
    }

    private static void Write(Printer output, WhyAnswer answer, FamilySuggestion found)
    {
        var goal = $"to {(answer.Allowed ? "deny" : "allow")} it"
            + $"{(found.Families.Count == answer.Families.Count ? "" : $" over {Words.Families(found.Families)}")}";
        if (found.Suggestion is not { } suggestion)
        {
            output.WriteLine($"\n{goal}: no edit of policies or labels that is known here would do");
            return;
        }
        output.WriteLine($"\n{goal}, the smallest edit (checked: it does):");
        foreach (var edit in suggestion.Edits)
            output.WriteLine($"   {(edit.Position is { } at ? At(at) : "new object")}  {edit.Object}: {edit.Text}");
    }

    private static void Write(
        Printer output, Ansi colours, int number, string title, ExplainedSide side, Endpoint subject, bool hasTiers)
    {
        output.WriteLine($"{number}. {title}   {Verdict(side.Verdict.Allowed, colours)}   {Summary(side, subject)}");
        if (hasTiers
            && side.Verdict.Basis is not (SideBasis.NotSelectable or SideBasis.Nobody or SideBasis.Itself)
            && !(side.Verdict is { Direction: Direction.Ingress, Basis: SideBasis.NodeTraffic }))
        {
            WhyTiers.Write(output, side.Verdict, () => WritePolicies(output, side, subject, "     "));
            return;
        }
        WritePolicies(output, side, subject, "   ");
    }

    private static void WritePolicies(Printer output, ExplainedSide side, Endpoint subject, string indent)
    {
        var columns = new Columns();
        foreach (var policy in side.Verdict.IsolatedBy)
        {
            columns.Add(policy.Name, At(policy.Position), $"selects {subject.Name}{Contribution(policy, side)}");
            if (side.Verdict.DecidedBy is { } rule && rule.Policy == policy)
                columns.Add("", At(rule.Position), $"{rule.Direction.Text()} rule {rule.Index + 1} allows it");
            foreach (var miss in side.Nearest.Where(n => n.Rule is not null && n.Policy == policy))
            {
                columns.Add(
                    "",
                    At(miss.Position),
                    $"{side.Verdict.Direction.Text()} rule {miss.Rule!.Value.Index + 1} wants {miss.Failed}");
            }
        }
        foreach (var miss in side.Nearest.Where(n => n.Rule is null))
        {
            columns.Add(
                miss.Policy.Name,
                At(miss.Position),
                $"would allow it, but does not select {subject.Name}: wants {miss.Failed}");
        }
        columns.WriteTo(output, indent);
    }

    /// <summary>The result of one side, without the names of its policies.</summary>
    public static string Summary(ExplainedSide side, Endpoint subject) => side.Verdict.Basis switch
    {
        SideBasis.NotSelectable =>
            subject is ExternalEndpoint
                ? "outside the pod network: no policy selects it"
                : "the node: no policy selects it",
        SideBasis.Nobody => "nobody has this address of the networks of pods and Services: packets to it are dropped",
        SideBasis.Itself => "a pod always reaches itself",
        SideBasis.NodeTraffic => "the node and its pods always reach each other",
        SideBasis.NotIsolated => $"no policy isolates it for {side.Verdict.Direction.Text()}",
        SideBasis.RuleAllows or SideBasis.RuleDenies when side.Verdict.DecidedBy is { Tier: { } tier } =>
            $"{(tier == PolicyTier.Admin ? "an Admin" : "a Baseline")} rule "
                + $"{(side.Verdict.Allowed ? "accepts" : "denies")} it",
        SideBasis.RuleAllows => $"isolated by {Words.Count(side.Verdict.IsolatedBy.Count, "policy")}, a rule allows it",
        _ => $"isolated by {Words.Count(side.Verdict.IsolatedBy.Count, "policy")}, no rule allows it",
    };

    /// <summary>
    /// Describes the side that denies in one line: the policy, its position, and the nearest rule. For an allowed flow
    /// it describes the side that a policy could deny.
    /// </summary>
    public static string InOneLine(Explanation explanation)
    {
        var (side, subject) = Decisive(explanation);
        if (side.Verdict.Allowed)
        {
            return $"{subject.Name}: {Summary(side, subject)}"
                + $"{(side.Verdict.DecidedBy is { } rule ? $": {rule.Policy.Name} ({At(rule.Position)})" : "")}";
        }
        if (side.Verdict.DecidedBy is { Tier: not null } denying)
        {
            return $"{denying.Policy.Kind} {denying.Policy.Name} ({At(denying.Position)}) denies "
                + $"{side.Verdict.Direction.Text()} "
                + $"{(side.Verdict.Direction == Direction.Egress ? "of" : "to")} {subject.Name}";
        }
        var policies = string.Join(", ", side.Verdict.IsolatedBy.Select(p => $"{p.Name} ({At(p.Position)})"));
        var wants = side.Nearest.Count > 0
            ? $"; nearest: {side.Nearest[0].Policy.Name} wants {side.Nearest[0].Failed}"
            : "";
        return $"{policies} {(side.Verdict.IsolatedBy.Count == 1 ? "isolates" : "isolate")} {subject.Name} for "
            + $"{side.Verdict.Direction.Text()}{wants}";
    }

    /// <summary>The side that <see cref="InOneLine"/> describes, and its endpoint.</summary>
    /// <remarks>Of two sides that deny, it is the one that is nearer to allowing: the smaller edit opens it.</remarks>
    public static (ExplainedSide Side, Endpoint Subject) Decisive(Explanation explanation)
    {
        var (leaving, entering) = (explanation.Leaving, explanation.Entering);
        var isLeaving = leaving.Verdict.Allowed ? entering.Verdict.Basis == SideBasis.NotSelectable
            : entering.Verdict.Allowed || !IsNearer(entering, leaving);
        return isLeaving ? (leaving, explanation.Flow.From) : (entering, explanation.Flow.To);
    }

    private static bool IsNearer(ExplainedSide side, ExplainedSide other) => side.Nearest is [var near, ..]
        && (other.Nearest is not [var far, ..] || near.Distance.IsNearerThan(far.Distance));

    private static string Contribution(PolicyReference policy, ExplainedSide side)
    {
        var rules = policy.Policy is not NetworkPolicyObject found
            ? []
            : side.Verdict.Direction == Direction.Egress
                ? found.Egress
                : found.Ingress;
        return rules.Count == 0 ? $", has no {side.Verdict.Direction.Text()} rule" : "";
    }

    public static string At(SourcePosition position) => $"{position.File}:{position.Line}";

    public static Painted Verdict(Outcome outcome, Ansi colours) => outcome switch
    {
        Outcome.Allowed => colours.Green(Words.Verdict(outcome)),
        Outcome.Partial => colours.Yellow(Words.Verdict(outcome)),
        _ => colours.Red(Words.Verdict(outcome)),
    };

    public static Painted Verdict(bool allowed, Ansi colours) =>
        allowed ? colours.Green(Words.Verdict(true)) : colours.Red(Words.Verdict(false));
}
