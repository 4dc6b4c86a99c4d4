using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Assertions;

/// <summary>What policies or packets say of one flow.</summary>
/// <param name="Allowed">Null: undecided.</param>
public readonly record struct FlowAnswer(bool? Allowed, string Because);

/// <summary>One line of a test's result.</summary>
/// <param name="Name"><c>x/a -> x/b TCP 80</c>, with the family behind it where the families differ.</param>
/// <param name="Got">Null: undecided.</param>
public sealed record AssertionResult(string Name, bool WantAllow, bool? Got, string Because, SourcePosition Position)
{
    public bool Ok => Got == WantAllow;
}

public static class AssertionRun
{
    /// <summary>A result per check, in order; one per family where their answers differ.</summary>
    /// <param name="answer">Called once per flow, in order.</param>
    public static IReadOnlyList<AssertionResult> Of(AssertionPlan plan, Func<Flow, FlowAnswer> answer) =>
        [.. plan.Checks.SelectMany(check => Of(check, answer))];

    private static IEnumerable<AssertionResult> Of(PlannedCheck check, Func<Flow, FlowAnswer> answer)
    {
        var answers = check.Flows.Select(flow => (flow.Family, Answer: answer(flow))).ToList();
        if (answers.TrueForAll(found => found.Answer.Allowed == answers[0].Answer.Allowed))
        {
            return [Result(check, check.Name, answers[0].Answer)];
        }
        return answers.Select(found => Result(check, $"{check.Name} {found.Family.Text()}", found.Answer));
    }

    private static AssertionResult Result(PlannedCheck check, string name, FlowAnswer answer) =>
        new(name, check.Allow, answer.Allowed, answer.Because, check.Position);
}
