using System.Net;
using Dataplane.Node.Layout;
using Dataplane.Planning;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Model;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Shape;
using Dataplane.Services.Compilation;
using Dataplane.Services.Tables;

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
        var addresses = NodeOptions.Default.Gateways;
        return new RulesSnapshot(NodeRuleset.Build(NodeShape.Default, RulesetChange.Whole(classes, ports, epoch: 1) with
        {
            Services = new ServiceChange(ServiceTable.Empty, ServiceCompiler.Compile(cluster)),
            NodeAddresses = new NodeAddressChange([], [.. new[]
            {
                addresses.IPv4, addresses.IPv6, cluster.Node.IPv4, cluster.Node.IPv6,
            }.OfType<IPAddress>().Distinct()]),
        }));
    }
}
