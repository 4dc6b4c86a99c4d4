using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Evaluation;

/// <summary>One side of a flow, as a policy sees it: the pod it may select, and the peer at the other end.</summary>
internal readonly record struct SideQuestion(Cluster Cluster, Flow Flow, Direction Direction)
{
    /// <summary>The end this side belongs to: the source when leaving, the destination when entering.</summary>
    public Endpoint Subject => Direction == Direction.Egress ? Flow.From : Flow.To;

    public Endpoint Peer => Direction == Direction.Egress ? Flow.To : Flow.From;

    /// <summary>The same for a flow to another destination.</summary>
    public SideQuestion To(Endpoint destination) => this with { Flow = Flow with { To = destination } };

    /// <summary>
    /// The policies that isolate the subject on this side: they select it, in its own namespace, and list the
    /// direction.
    /// </summary>
    public IEnumerable<NetworkPolicyObject> IsolatingPolicies()
    {
        if (Subject.AsSelectablePod() is not { Pod: var pod })
        {
            yield break;
        }
        foreach (var policy in Cluster.NetworkPolicies)
        {
            if (policy.Namespace == pod.Namespace && Isolates(policy) && policy.PodSelector.Matches(pod.Labels))
            {
                yield return policy;
            }
        }
    }

    public bool Isolates(NetworkPolicyObject policy) =>
        Direction == Direction.Egress ? policy.IsolatesEgress : policy.IsolatesIngress;

    public IReadOnlyList<NetworkPolicyRule> Rules(NetworkPolicyObject policy) =>
        Direction == Direction.Egress ? policy.Egress : policy.Ingress;

    public IReadOnlyList<TierRule> Rules(TierPolicyObject policy) =>
        Direction == Direction.Egress ? policy.Egress : policy.Ingress;

    public RuleReference Reference(NetworkPolicyObject policy, int index) =>
        new(new PolicyReference(policy), Direction, index, Rules(policy)[index].Position);

    public RuleReference Reference(TierPolicyObject policy, int index) =>
        new(new PolicyReference(policy), Direction, index, Rules(policy)[index].Position);
}
