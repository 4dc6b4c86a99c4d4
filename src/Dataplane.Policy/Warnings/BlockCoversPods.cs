using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// S013: an ipBlock that pods have addresses in. <c>0.0.0.0/0</c> and <c>::/0</c> mean every address and are not
/// reported.
/// </summary>
internal static class BlockCoversPods
{
    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        foreach (var policy in scene.Cluster.NetworkPolicies)
        {
            foreach (var block in policy.Ingress.Concat(policy.Egress).SelectMany(r => r.Peers).Select(p => p.IpBlock)
                .OfType<IpBlock>())
            {
                if (block.Cidr.PrefixLength == 0 || scene.Space.Inside(block) is not { IsEmpty: false } inside)
                {
                    continue;
                }
                yield return Scene.Warning(SemanticCodes.BlockCoversPods,
                    $"ipBlock {block.Cidr} contains {scene.Names(inside)}", block.Position, "cidr".Length,
                    "pods have addresses here",
                    "it matches these pods whatever their labels, and others as addresses change; some clusters "
                    + "never match pods by ipBlock",
                    "select pods with podSelector and namespaceSelector; for addresses outside, take the pod network "
                        + "away with `except`");
            }
        }
    }
}
