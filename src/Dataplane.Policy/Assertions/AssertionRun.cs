using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Assertions;

/// <summary>What policies or packets say of one flow.</summary>
/// <param name="Allowed">Null: undecided.</param>
public readonly record struct FlowAnswer(bool? Allowed, string Because);

/// <summary>One line of a test's result.</summary>
/// <param name="Name"><c>x/a -> x/b TCP 80</c>, with the family behind it where the families differ; of pods, where the
/// pods of a name differ.</param>
/// <param name="Got">Null: undecided.</param>
public sealed record AssertionResult(string Name, bool WantAllow, bool? Got, string Because, SourcePosition Position)
{
    public bool Ok => Got == WantAllow;
}

public static class AssertionRun
{
    /// <summary>
    /// A result per check, in order. Where the pods of a name differ, one per pair of pods; where the families of a
    /// pair differ, one per family.
    /// </summary>
    /// <param name="answer">Called once per flow, in order.</param>
    public static IReadOnlyList<AssertionResult> Of(AssertionPlan plan, Func<Flow, FlowAnswer> answer) =>
        [.. plan.Checks.SelectMany(check => Of(check, answer))];

    private static IEnumerable<AssertionResult> Of(PlannedCheck check, Func<Flow, FlowAnswer> answer)
    {
        var answers = check.Flows.Select(flow => (Flow: flow, Answer: answer(flow))).ToList();
        if (Agree(answers))
        {
            return [Result(check, check.Name, answers[0].Answer)];
        }
        var pairs = answers.GroupBy(found => (found.Flow.From, found.Flow.To)).Select(group => group.ToList()).ToList();
        return pairs.SelectMany(pair =>
        {
            var (from, to, probe, _) = pair[0].Flow;
            var name = pairs.Count == 1 ? check.Name : AssertionPlan.NameOf(from.Name, to.Name, probe);
            return Agree(pair)
                ? [Result(check, name, Differing(pair[0].Answer))]
                : pair.Select(found =>
                    Result(check, $"{name} {found.Flow.Family.Text()}", Differing(found.Answer)));
        });

        FlowAnswer Differing(FlowAnswer found) => pairs.Count == 1 || found.Because.Length == 0
            ? found : found with { Because = $"not all pods of {check.Name} agree; {found.Because}" };
    }

    private static bool Agree(List<(Flow Flow, FlowAnswer Answer)> answers) =>
        answers.TrueForAll(found => found.Answer.Allowed == answers[0].Answer.Allowed);

    private static AssertionResult Result(PlannedCheck check, string name, FlowAnswer answer) =>
        new(name, check.Allow, answer.Allowed, answer.Because, check.Position);
}
