using Dataplane.Node.Verification;
using Dataplane.Policy.Assertions;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Cli.Test;

/// <summary>What packets have to answer for one case: flows, and questions about Services.</summary>
internal sealed class ServiceTest
{
    private readonly Dictionary<ServiceReach, ServiceQuestion> _asked = new(ReferenceEqualityComparer.Instance);

    public ServiceTest(AssertionCase tested)
    {
        var checks = tested.Plan.Checks;
        foreach (var reach in checks.SelectMany(check => check.Reaches).SelectMany(reach => reach.Ways))
            if (ServiceQuestion.Of(tested.Cluster, reach) is { } question) _asked[reach] = question;
        Flows =
        [
            .. checks.Where(check => check.Reaches.Count == 0).SelectMany(check => check.Flows)
                .Concat(_asked.Where(asked => IsHidden(asked.Value))
                    .SelectMany(asked => asked.Key.Targets).Select(target => target.Flow).OfType<Flow>()).Distinct(),
        ];
    }

    public IReadOnlyList<Flow> Flows { get; }

    public IReadOnlyList<ServiceQuestion> Questions => [.. _asked.Values];

    /// <param name="isAllowed">What packets said of a flow of <see cref="Flows"/>.</param>
    public ReachAnswer Answer(ServiceReach reach, VerifyReport report, Func<Flow, bool> isAllowed)
    {
        var questions = reach.Ways.Select(way => _asked.GetValueOrDefault(way)).OfType<ServiceQuestion>().ToList();
        var results = report.Services.Where(result => questions.Exists(q => q.IsAnsweredBy(result))).ToList();
        if (results.Count == 0) return new ReachAnswer(null, "no packet can be sent");
        var because = string.Join("; ", results.Select(Reason));
        if (results.Exists(r => r.Measured == Measured.Undecided || r.Fault is not null))
            return new ReachAnswer(null, because);
        if (questions.Exists(IsHidden) && results.TrueForAll(r => r.Agrees))
            return new ReachAnswer(reach.Judge(isAllowed), because);
        return new ReachAnswer(
            results.TrueForAll(r => r.Measured == Measured.Refused) ? Outcome.Refused
            : results.TrueForAll(r => r.Measured == Measured.Allowed) ? Outcome.Allowed
            : results.Exists(r => r.Measured == Measured.Allowed) ? Outcome.Partial : Outcome.Denied, because);
    }

    /// <summary>A client that keeps its backend sees one of them: the others are asked directly.</summary>
    private static bool IsHidden(ServiceQuestion question) => question is { IsSticky: true, Backends.Count: > 1 };

    private static string Reason(ServiceResult result)
    {
        var witness = result.Fault ?? result.DropReason ?? result.Evidence.Text();
        return $"{(result.Backend is { } backend ? $"{backend}: " : "")}{result.Measured.Text()} ({witness})";
    }
}
