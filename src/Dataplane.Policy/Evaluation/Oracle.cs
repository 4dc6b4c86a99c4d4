namespace Dataplane.Policy;

/// <summary>
/// The specification as code: what the API text says, one policy and one rule after another, with no preparation. Slow and
/// meant to be read; whatever is fast is held against it.
/// </summary>
/// <remarks>
/// Choices where the API text leaves one: a pod always reaches itself; the node and its pods always reach each other (no
/// ipBlock that contains or lacks the node's address changes that); a hostNetwork pod is the node, so no policy selects it
/// and no podSelector or namespaceSelector matches it; ICMP passes an isolated side only by a rule without <c>ports</c>.
/// </remarks>
public static class Oracle
{
    /// <param name="flow">Both ends as the cluster knows them: an external endpoint is never matched by a pod's labels, whatever its address.</param>
    /// <exception cref="ArgumentException">No flow of this cluster: both ends are external, or an end lacks an address of the family.</exception>
    public static Verdict Evaluate(Cluster cluster, Flow flow)
    {
        if (flow is { From: ExternalEndpoint, To: ExternalEndpoint })
        {
            throw new ArgumentException($"{flow.From.Name} to {flow.To.Name}: neither end is in the cluster", nameof(flow));
        }
        RequireAddress(flow.From, flow);
        RequireAddress(flow.To, flow);

        var leaving = Judge(new SideQuestion(cluster, flow, Side.Leaving));
        var entering = Judge(new SideQuestion(cluster, flow, Side.Entering));
        return new Verdict(leaving.Allowed && entering.Allowed, leaving, entering);
    }

    /// <summary>The first step that has an answer gives the verdict; default allow.</summary>
    private static SideVerdict Judge(in SideQuestion question)
    {
        if (question.Subject.AsSelectablePod() is null)
        {
            return Open(question.Side, SideBasis.NotSelectable);
        }
        if (question.Subject == question.Peer)
        {
            return Open(question.Side, SideBasis.Itself);
        }
        if (question.Peer.IsNodeTraffic())
        {
            return Open(question.Side, SideBasis.NodeTraffic);
        }
        return NetworkPolicyTier.Judge(question) ?? Open(question.Side, SideBasis.NotIsolated);
    }

    private static SideVerdict Open(Side side, SideBasis basis) => new(side, Allowed: true, [], DecidedBy: null, basis);

    private static void RequireAddress(Endpoint endpoint, Flow flow)
    {
        if (endpoint.AddressIn(flow.Family) is null)
        {
            throw new ArgumentException($"{endpoint.Name} has no {flow.Family.Text()} address", nameof(flow));
        }
    }
}
