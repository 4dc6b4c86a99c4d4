using Dataplane.Node.Network;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Model;
using Dataplane.Rules.Nftables.Ruleset;

namespace Dataplane.Node.Programming;

/// <summary>The ruleset that a cluster becomes, without a node: with the interface names and MAC addresses a fresh one would give out.</summary>
public static class OfflineRuleset
{
    public static NodeRuleset Of(Cluster cluster)
    {
        var classes = Compiler.Compile(cluster);
        var numbers = cluster.Pods.Where(p => !p.IsHostNetwork).Index().ToDictionary(p => p.Item, p => p.Index);
        PortAddress[] ports = [.. classes.Addresses.Select(a => new PortAddress(NodeLayout.PortName(numbers[a.Pod]), NodeLayout.FarMac(numbers[a.Pod]), a))];
        return NodeRuleset.Build(NodeShape.Default, classes, ports, epoch: 1);
    }
}
