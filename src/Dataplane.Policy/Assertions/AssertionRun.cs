using Dataplane.Kubernetes.Assertions;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;
using Dataplane.Policy.Services;

namespace Dataplane.Policy.Assertions;

/// <summary>What policies or packets say of one flow.</summary>
/// <param name="Allowed">Null: undecided.</param>
public readonly record struct FlowAnswer(bool? Allowed, string Because);

/// <summary>What packets say of one way to a Service.</summary>
/// <param name="Got">Null: undecided.</param>
public readonly record struct ReachAnswer(Outcome? Got, string Because);

/// <summary>One line of a test's result.</summary>
/// <param name="Name"><c>x/a -> x/b TCP 80</c>, with the family behind it where the families differ; of pods, where the
/// pods of a name differ.</param>
/// <param name="Got">Null: undecided.</param>
public sealed record AssertionResult(
    string Name, Wanted Want, Outcome? Got, string Because, SourcePosition Position)
{
    public bool Ok => Got == Expected;

    /// <summary>As an assertion file spells it.</summary>
    public string WantText => Want switch
    {
        Wanted.Allow => "allow",
        Wanted.Deny => "deny",
        Wanted.Refused => "refused",
        _ => "partial",
    };

    public Outcome Expected => Want switch
    {
        Wanted.Allow => Outcome.Allowed,
        Wanted.Deny => Outcome.Denied,
        Wanted.Refused => Outcome.Refused,
        _ => Outcome.Partial,
    };
}

public static class AssertionRun
{
    /// <summary>
    /// A result per check, in order. Where the pods of a name differ, one per pair of pods; where the families of a
    /// pair differ, one per family.
    /// </summary>
    /// <param name="answer">Called once per flow, in order.</param>
    /// <param name="reached">What a way to a Service comes to; null: what the flows to its backends do.</param>
    public static IReadOnlyList<AssertionResult> Of(AssertionPlan plan, Func<Flow, FlowAnswer> answer,
        Func<ServiceReach, ReachAnswer>? reached = null) =>
        [.. plan.Checks.SelectMany(check => Of(check, answer, reached))];

    private static IEnumerable<AssertionResult> Of(
        PlannedCheck check, Func<Flow, FlowAnswer> answer, Func<ServiceReach, ReachAnswer>? reached)
    {
        if (check.Reaches.Count > 0)
        {
            return OfService(check, answer, reached);
        }
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
        new(name, check.Want, answer.Allowed switch
        {
            null => null,
            true => Outcome.Allowed,
            false => Outcome.Denied,
        }, answer.Because, check.Position);

    /// <summary>One result where all ways end alike; else one for each pod and family.</summary>
    private static List<AssertionResult> OfService(
        PlannedCheck check, Func<Flow, FlowAnswer> answer, Func<ServiceReach, ReachAnswer>? reached)
    {
        var results = check.Reaches.Select(reach => reached is null ? OfReach(check, reach, answer)
            : Result(check, reach, reached(reach))).ToList();
        return results.TrueForAll(result => result.Got == results[0].Got)
            ? [results[0] with { Name = check.Name }] : results;
    }

    private static AssertionResult OfReach(PlannedCheck check, ServiceReach reach, Func<Flow, FlowAnswer> answer)
    {
        var answers = reach.Targets.Where(target => target.Flow is not null)
            .Select(target => (Target: target, Answer: answer(target.Flow!.Value))).ToList();
        var allowed = answers.Where(a => a.Answer.Allowed is true).Select(a => a.Target.Flow!.Value).ToHashSet();
        var result = Result(check, reach,
            new(answers.Exists(a => a.Answer.Allowed is null) ? null : reach.Judge(allowed.Contains), ""));
        return result.Ok ? result : result with
        {
            Because = reach.Others.Any(other => other.Answer.Fate != reach.Answer.Fate)
                ? string.Join("; ", reach.Ways.Select(way => way.WayText(allowed.Contains)))
                : reach.Answer.Fate == ServiceFate.Dropped
                ? "the Service drops it: no endpoint on this node, or a source that may not"
                : answers.Count == 0 ? Refusal(reach)
                : string.Join("; ", answers.Where(a => a.Answer.Because.Length > 0)
                    .Select(a => a.Answer.Because.StartsWith($"{a.Target.Name}: ", StringComparison.Ordinal)
                        ? a.Answer.Because : $"{a.Target.Name}: {a.Answer.Because}")),
        };
    }

    private static string Refusal(ServiceReach reach) => reach.Gap is { } gap ? $"{gap.Because} ({gap.At})"
        : reach.Targets.Count > 0 ? "between two machines outside no policy applies"
        : $"{reach.Service.Name} has no port {reach.Probe}";

    private static AssertionResult Result(PlannedCheck check, ServiceReach reach, ReachAnswer answer)
    {
        var name = AssertionPlan.NameOf(reach.From.Name, ServiceReach.NameOf(reach.Service), reach.Probe);
        return new AssertionResult($"{name} {reach.Family.Text()}", check.Want, answer.Got, answer.Because,
            check.Position);
    }
}
