using Dataplane.Linux.Frames;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Shape;

namespace Dataplane.Testing.Shapes;

/// <summary>How many elements a cluster takes, as the kernel counts: a range of a plain interval set is two.</summary>
public static class ElementCount
{
    public static int Of(Cluster cluster) =>
        Of(NodeRuleset.Build(NodeShape.Default, Compiler.Compile(cluster), Ports(cluster), epoch: 1));

    public static int Of(NodeRuleset ruleset) =>
        ruleset.Tables.SelectMany(t => t.Sets)
            .Sum(s => s.Elements.Count * (s is { IsInterval: true, IsConcatenation: false } ? 2 : 1));

    /// <summary>Every pod attached, at a port that carries its number.</summary>
    public static IReadOnlyList<PortAddress> Ports(Cluster cluster) => Ports(Compiler.Compile(cluster));

    public static IReadOnlyList<PortAddress> Ports(ClassTable classes)
    {
        var numbers = classes.Addresses.Select(a => a.Pod).Distinct().Index().ToDictionary(p => p.Item, p => p.Index);
        return [.. classes.Addresses.Select(
            a => new PortAddress(new(1001 + numbers[a.Pod]), new MacAddress(0x0200_0100_0000 + (ulong)numbers[a.Pod]), a))];
    }
}
