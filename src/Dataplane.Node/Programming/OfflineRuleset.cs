using Dataplane.Node.Layout;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Model;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Programming;

/// <summary>
/// The ruleset of a cluster without a node, with the interface indexes and MAC addresses that a new node would use.
/// </summary>
public static class OfflineRuleset
{
    public static RulesSnapshot Of(Cluster cluster)
    {
        var classes = Compiler.Compile(cluster);
        var numbers = cluster.Pods.Where(p => !p.IsHostNetwork).Index()
            .ToDictionary(p => p.Item, p => new PortNumber(p.Index));
        PortAddress[] ports =
        [
            .. classes.Addresses.Select(a =>
                new PortAddress(numbers[a.Pod].Index, numbers[a.Pod].FarMac, a)),
        ];
        return new RulesSnapshot(NodeRuleset.Build(NodeShape.Default, classes, ports, epoch: 1));
    }
}
