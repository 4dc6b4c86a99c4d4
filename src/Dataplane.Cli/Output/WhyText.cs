using Dataplane.Kubernetes;
using Dataplane.Policy;

namespace Dataplane.Cli;

/// <summary>An explanation for people: both sides, every policy that decided, with its file and line.</summary>
internal static class WhyText
{
    public static void Write(TextWriter output, Ansi colours, WhyAnswer answer)
    {
        var flow = answer.Explanation.Flow;
        output.WriteLine($"{Verdict(answer.Allowed, colours)}   {flow.From.Name} → {flow.To.Name}   {flow.Probe} · {Words.Families(answer.Families)}\n");
        Write(output, colours, 1, $"leaving {flow.From.Name}", answer.Explanation.Leaving, flow.From);
        Write(output, colours, 2, $"entering {flow.To.Name}", answer.Explanation.Entering, flow.To);
    }

    private static void Write(TextWriter output, Ansi colours, int number, string title, ExplainedSide side, Endpoint subject)
    {
        output.WriteLine($"{number}. {title}   {Verdict(side.Verdict.Allowed, colours)}   {Summary(side, subject)}");
        var columns = new Columns();
        foreach (var policy in side.Verdict.IsolatedBy)
        {
            columns.Add(policy.Name, At(policy.Position), $"selects {subject.Name}{Contribution(policy, side)}");
            if (side.Verdict.DecidedBy is { } rule && rule.Policy == policy)
                columns.Add("", At(rule.Position), $"{WhyAnswer.Direction(rule.Direction)} rule {rule.Index + 1} allows it");
            foreach (var miss in side.Nearest.Where(n => n.Rule is not null && n.Policy == policy))
                columns.Add("", At(miss.Position), $"{WhyAnswer.Direction(side.Verdict.Side)} rule {miss.Rule!.Value.Index + 1} wants {miss.Failed}");
        }
        foreach (var miss in side.Nearest.Where(n => n.Rule is null))
            columns.Add(miss.Policy.Name, At(miss.Position), $"would allow it, but does not select {subject.Name}: wants {miss.Failed}");
        columns.WriteTo(output, "   ");
    }

    /// <summary>What one side came to, without naming its policies.</summary>
    public static string Summary(ExplainedSide side, Endpoint subject) => side.Verdict.Basis switch
    {
        SideBasis.NotSelectable => subject is ExternalEndpoint ? "outside the pod network: no policy selects it" : "the node: no policy selects it",
        SideBasis.Itself => "a pod always reaches itself",
        SideBasis.NodeTraffic => "the node and its pods always reach each other",
        SideBasis.NotIsolated => $"no policy isolates it for {WhyAnswer.Direction(side.Verdict.Side)}",
        SideBasis.RuleAllows => $"isolated by {Words.Count(side.Verdict.IsolatedBy.Count, "policy")}, a rule allows it",
        _ => $"isolated by {Words.Count(side.Verdict.IsolatedBy.Count, "policy")}, no rule allows it",
    };

    /// <summary>The side that denies, in one line: which policy, where, and what it would have taken.</summary>
    public static string InOneLine(Explanation explanation)
    {
        var (side, subject) = !explanation.Leaving.Verdict.Allowed ? (explanation.Leaving, explanation.Flow.From) : (explanation.Entering, explanation.Flow.To);
        if (side.Verdict.Allowed) return $"{subject.Name}: {Summary(side, subject)}{(side.Verdict.DecidedBy is { } rule ? $": {rule.Policy.Name} ({At(rule.Position)})" : "")}";
        var policies = string.Join(", ", side.Verdict.IsolatedBy.Select(p => $"{p.Name} ({At(p.Position)})"));
        var wants = side.Nearest.Count > 0 ? $"; nearest: {side.Nearest[0].Policy.Name} wants {side.Nearest[0].Failed}" : "";
        return $"{policies} {(side.Verdict.IsolatedBy.Count == 1 ? "isolates" : "isolate")} {subject.Name} for {WhyAnswer.Direction(side.Verdict.Side)}{wants}";
    }

    private static string Contribution(PolicyReference policy, ExplainedSide side)
    {
        var rules = policy.Policy is not NetworkPolicyObject found ? [] : side.Verdict.Side == Side.Leaving ? found.Egress : found.Ingress;
        return rules.Count == 0 ? $", has no {WhyAnswer.Direction(side.Verdict.Side)} rule" : "";
    }

    private static string At(SourcePosition position) => $"{position.File}:{position.Line}";

    private static string Verdict(bool allowed, Ansi colours) => allowed ? colours.Green(Words.Verdict(true)) : colours.Red(Words.Verdict(false));
}
