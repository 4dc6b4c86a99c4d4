using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Evaluation;

/// <summary>
/// The specification as code: what the API text says, one policy and one rule after another, with no preparation. Slow
/// and meant to be read; the fast evaluators are tested against it.
/// </summary>
/// <remarks>
/// Choices where the API text leaves one: a pod always reaches itself; the node always reaches its pods, and they reach
/// it unless an Admin or Baseline rule denies it (no ipBlock that contains or lacks the node's address changes that);
/// an address of the node that no manifest names is judged as the node and as one outside, and either may deny it; a
/// hostNetwork pod is the node, so no policy selects it and no podSelector or namespaceSelector matches it; ICMP passes
/// an isolated side only by a rule without <c>ports</c>. Equal priorities go by name.
/// </remarks>
public static class Oracle
{
    /// <param name="flow">Both ends as the cluster knows them: an external endpoint is never matched by a pod's labels,
    /// whatever its address.</param>
    /// <exception cref="ArgumentException">No flow of this cluster: both ends are external, or an end lacks an address
    /// of the family.</exception>
    public static Verdict Evaluate(Cluster cluster, Flow flow)
    {
        if (flow is { From: ExternalEndpoint, To: ExternalEndpoint })
        {
            throw new ArgumentException($"{flow.From.Name} to {flow.To.Name}: neither end is in the cluster",
                nameof(flow));
        }
        RequireAddress(flow.From, flow);
        RequireAddress(flow.To, flow);

        var leaving = Judge(new SideQuestion(cluster, flow, Direction.Egress));
        var entering = Judge(new SideQuestion(cluster, flow, Direction.Ingress));
        return new Verdict(leaving.Allowed && entering.Allowed, leaving, entering);
    }

    /// <summary>
    /// Admin, NetworkPolicy, Baseline: the first tier that has an answer gives the verdict; default allow.
    /// </summary>
    private static SideVerdict Judge(in SideQuestion question)
    {
        if (question.Cluster.IsNobody(question.Subject))
        {
            return new SideVerdict(question.Direction, Allowed: false, [], DecidedBy: null, SideBasis.Nobody);
        }
        if (question.Subject.AsSelectablePod() is null)
        {
            return Open(question.Direction, SideBasis.NotSelectable);
        }
        if (question.Subject == question.Peer)
        {
            return Open(question.Direction, SideBasis.Itself);
        }
        if (question.Direction == Direction.Ingress && question.Peer.IsNodeTraffic())
        {
            return Open(question.Direction, SideBasis.NodeTraffic);
        }
        if (question.Peer is NodeEndpoint { IsFurther: true } further)
        {
            var outside = new ExternalEndpoint(further.AddressIn(question.Flow.Family)!);
            var asNode = JudgeTiers(question.To(question.Cluster.Node), isNode: true);
            return asNode.Allowed && JudgeTiers(question.To(outside), isNode: true) is { Allowed: false } denied
                ? denied : asNode;
        }
        return JudgeTiers(question, question.Peer.IsNodeTraffic());
    }

    /// <param name="isNode">NetworkPolicies keep no pod from the peer.</param>
    private static SideVerdict JudgeTiers(in SideQuestion question, bool isNode)
    {
        var admin = ClusterTier.FirstMatch(PolicyTier.Admin, question);
        return Decision(admin, question.Direction)
            ?? Later(question, isNode) with { PassedBy = admin };
    }

    private static SideVerdict Later(in SideQuestion question, bool isNode) =>
        NetworkPolicyTier.Judge(question, isNode)
            ?? Decision(ClusterTier.FirstMatch(PolicyTier.Baseline, question), question.Direction)
            ?? Open(question.Direction, isNode ? SideBasis.NodeTraffic : SideBasis.NotIsolated);

    /// <summary>Null where no rule matched, and where it passes the flow on.</summary>
    private static SideVerdict? Decision(RuleReference? rule, Direction direction) => rule?.Action switch
    {
        TierAction.Accept => new SideVerdict(direction, Allowed: true, [], rule, SideBasis.RuleAllows),
        TierAction.Deny => new SideVerdict(direction, Allowed: false, [], rule, SideBasis.RuleDenies),
        _ => null,
    };

    private static SideVerdict Open(Direction direction, SideBasis basis) =>
        new(direction, Allowed: true, [], DecidedBy: null, basis);

    private static void RequireAddress(Endpoint endpoint, Flow flow)
    {
        if (endpoint.AddressIn(flow.Family) is null)
        {
            throw new ArgumentException($"{endpoint.Name} has no {flow.Family.Text()} address", nameof(flow));
        }
    }
}
