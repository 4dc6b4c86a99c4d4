using System.Net;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Model;

/// <summary>The blocks of addresses that the policies of a cluster name.</summary>
public static class ClusterBlocks
{
    /// <summary>Blocks and their exceptions, with repeats.</summary>
    public static IEnumerable<IPNetwork> Of(Cluster cluster) =>
    [
        .. cluster.NetworkPolicies.SelectMany(policy => policy.Ingress.Concat(policy.Egress))
            .SelectMany(rule => rule.Peers)
            .Select(peer => peer.IpBlock).OfType<IpBlock>().SelectMany(block => block.Except.Append(block.Cidr)),
        .. cluster.TierPolicies.SelectMany(policy => policy.Ingress.Concat(policy.Egress))
            .SelectMany(rule => rule.Peers).SelectMany(peer => peer.Networks),
    ];
}
