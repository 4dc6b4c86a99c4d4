using System.Net;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Model;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Guard;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Render;
using Dataplane.Rules.Shape;
using Dataplane.Testing.Shapes;

namespace Dataplane.Rules.Tests;

/// <summary>The whole fixed ruleset as text, kept where a review sees every change of a rule.</summary>
public sealed class FixedRules
{
    private static readonly Cluster Nobody =
        new(new Dictionary<string, Kubernetes.Objects.NamespaceObject>(), [], [], new NodeEndpoint(null, null));

    [Theory]
    [InlineData("node.nft", null, null, false, true, false)]
    [InlineData("node-limited.nft", 100u, 16_384u, false, true, false)]
    [InlineData("node-shared.nft", null, null, true, true, false)]
    [InlineData("node-unguarded.nft", 100u, null, false, false, false)]
    [InlineData("node-services.nft", null, null, false, true, true)]
    public void The_rules_are_the_reviewed_ones(
        string golden, uint? loggedDrops, uint? connections, bool shared, bool guarded, bool services)
    {
        var shape = NodeShape.Default with
        {
            LoggedDropsPerSecond = loggedDrops,
            ConnectionsPerPod = connections,
            IsShared = shared,
            IsGuarded = guarded,
            Inside = [IPNetwork.Parse("10.244.0.0/16"), IPNetwork.Parse("fd00:10:96::/112")],
            Masqueraded = [IPNetwork.Parse("10.244.0.0/16"), IPNetwork.Parse("10.16.0.0/12"),
                IPNetwork.Parse("fd00:10:244::/64"), IPNetwork.Parse("fd00::/58")],
        };
        var tables = new NodeTables(shape, services ? new ServiceShape(true, [10_800]) : null);
        var actual = NftTextRenderer.Render(
            tables.Ruleset(RulesetChange.Whole(Compiler.Compile(Nobody), [], epoch: 1)).Tables);
        GoldenFile.AssertEqual($"tests/Dataplane.Rules.Tests/Golden/{golden}", actual);
    }

    /// <summary>The same for every kernel: what differs has a name.</summary>
    [Theory]
    [InlineData("guard.bpf.txt", false)]
    [InlineData("guard-on-a-shared-node.bpf.txt", true)]
    public void The_guard_is_the_reviewed_one(string golden, bool shared) => GoldenFile.AssertEqual(
        $"tests/Dataplane.Rules.Tests/Golden/{golden}", GuardProgram.Write(shared).Listing());

    [Fact]
    public void Pods_and_policies_change_elements_only()
    {
        var empty = NodeRuleset.Build(NodeShape.Default, Compiler.Compile(Nobody), [], epoch: 1);
        var cluster = WorstShape.All[^1].Of(20);
        var classes = Compiler.Compile(cluster);
        var full = NodeRuleset.Build(NodeShape.Default, classes, ElementCount.Ports(classes), epoch: 7);
        Assert.Equal(WithoutElements(empty), WithoutElements(full));
    }

    private static string WithoutElements(NodeRuleset ruleset) =>
        NftTextRenderer.Render(
            ruleset.Tables.Select(t => t with { Sets = [.. t.Sets.Select(s => s with { Elements = [] })] }));
}
