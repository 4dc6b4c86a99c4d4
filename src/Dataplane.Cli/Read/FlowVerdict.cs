using Dataplane.Cli.Why;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Explanations;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Read;

/// <summary>The verdict of the policies on a flow, in the terms of <c>why</c>.</summary>
/// <param name="Policy">The policy that decided; null if none applied.</param>
/// <param name="At">Position of the deciding rule, otherwise of the policy.</param>
/// <param name="Reason">The reason in one line.</param>
internal sealed record FlowVerdict(bool Allowed, string? Policy, SourcePosition? At, string Reason)
{
    public static FlowVerdict Of(Cluster cluster, Flow flow)
    {
        var explanation = Explanation.Of(cluster, flow);
        var side = WhyText.Decisive(explanation).Side.Verdict;
        var policy = side.DecidedBy?.Policy ?? (side.Allowed || side.IsolatedBy.Count == 0 ? null : side.IsolatedBy[0]);
        var at = side.DecidedBy?.Position ?? policy?.Position;
        return new FlowVerdict(explanation.Verdict.Allowed, policy?.Name, at, WhyText.InOneLine(explanation));
    }
}
