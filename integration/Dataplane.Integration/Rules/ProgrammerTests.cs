using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Nftables;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Programming;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Rules.Nftables.Render;
using Dataplane.Testing.Clusters;
using Dataplane.Testing.Generating;

namespace Dataplane.Integration.Rules;

/// <summary>
/// However the programmer came to a state, the kernel has what the compiler says, and where it has not, that is found.
/// </summary>
public sealed class ProgrammerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_kernel_has_what_is_compiled_after_every_change(int seed)
    {
        var cluster = RandomCluster.Generate(seed, 12);
        using var session = NodeSession.Open(cluster, NodeOptions.Default, []);
        var programmer = session.Programmer;
        AssertChecked(programmer);
        var random = new Random(seed);
        for (var step = 0; step < 6; step++)
        {
            programmer.Program(cluster with
            {
                Pods = [.. cluster.Pods.Where(_ => random.Next(4) > 0)],
                NetworkPolicies = [.. cluster.NetworkPolicies.Where(_ => random.Next(2) > 0)],
                TierPolicies = [.. cluster.TierPolicies.Where(_ => random.Next(2) > 0)],
            }, tightens: random.Next(2) > 0);
            AssertChecked(programmer);
        }
        Assert.Equal(programmer.Programmed()!.Tables.Sum(t => t.Sets.Sum(s => s.Elements.Count)), programmer.Elements);
        ThreadHome.AssertAllHome();
    }

    [Theory]
    [InlineData("delete element inet dataplane ingress_isolated { 0:{0:x} }",
        "set ingress_isolated of table inet dataplane: 0 elements instead of 1")]
    [InlineData("add element inet dataplane self4 { 10.1.1.1 . 10.1.1.1 }",
        "set self4 of table inet dataplane: 3 elements instead of 2")]
    [InlineData("delete element inet dataplane self4 { 10.244.0.2 . 10.244.0.2 }; "
        + "add element inet dataplane self4 { 10.244.0.9 . 10.244.0.9 }",
        "set self4 of table inet dataplane: other elements")]
    public void What_somebody_has_changed_is_found_and_mended(string change, string found)
    {
        using var session = NodeSession.Open(TwoPods(1), NodeOptions.Default, [], owned: false);
        var programmer = session.Programmer;
        AssertChecked(programmer);
        var isolated = programmer.Programmed()!.Inet.Sets.Single(s => s.Name == "ingress_isolated").Elements.Single();
        InNetns.Exec(session.Node.Netns.Name!, "nft",
            change.Replace("{0:x}", $"{BitConverter.ToUInt32(isolated.Key):x}", StringComparison.Ordinal));
        Assert.Equal([found], Round(programmer));
        // What others do without an owner is noticed as well; what was found stays to be told.
        Assert.NotNull(programmer.Repair());
        AssertChecked(programmer);
        ThreadHome.AssertAllHome();
    }

    /// <summary>The same with owned tables: there is no notice, and the repair reports what was found.</summary>
    [Fact]
    public void What_nobody_tells_is_found_and_mended()
    {
        using var session = NodeSession.Open(TwoPods(1), NodeOptions.Default, []);
        var programmer = session.Programmer;
        var set = programmer.Programmed()!.Inet.Sets.Single(s => s.Name == "ingress_port");
        var batch = new NftBatch(programmer.Socket);
        NftNetlinkRenderer.Elements(batch, programmer.Programmed()!.Inet, set, set.Elements, delete: true);
        batch.Commit("break the ruleset");
        batch.Dispose();
        Assert.Null(programmer.Repair());
        const string Found = "set ingress_port of table inet dataplane: 0 elements instead of 1";
        Assert.Equal([Found], Round(programmer));
        Assert.Equal(Found, programmer.Repair());
        Assert.Null(programmer.Repair());
        AssertChecked(programmer);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void After_a_refusal_everything_is_loaded_anew()
    {
        using var session = NodeSession.Open(TwoPods(1), NodeOptions.Default, [], owned: false);
        var programmer = session.Programmer;
        InNetns.Exec(session.Node.Netns.Name!, "nft", "delete table inet dataplane");
        Assert.Throws<LinuxException>(() => programmer.Program(TwoPods(2, session)));
        programmer.Program(TwoPods(3, session));
        AssertChecked(programmer);
        Assert.Equal(3, programmer.Programmed()!.Inet.Sets.Single(s => s.Name == "ingress_port").Elements.Count);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void Sets_that_are_full_are_made_anew()
    {
        using var session = NodeSession.Open(TwoPods(1), NodeOptions.Default, []);
        var programmer = session.Programmer;
        foreach (var ports in new[] { 400, 600, 5000, 3 })
        {
            programmer.Program(TwoPods(ports, session), tightens: false);
            AssertChecked(programmer);
            var set = programmer.Programmed()!.Inet.Sets.Single(s => s.Name == "ingress_port");
            Assert.Equal(ports, set.Elements.Count);
            Assert.True(set.Size >= ports);
        }
        ThreadHome.AssertAllHome();
    }

    /// <summary>Its classes are the same before and after: only its port comes and goes.</summary>
    [Fact]
    public void A_pod_has_elements_while_it_is_attached()
    {
        var cluster = TwoPods(1);
        using var node = PrivateNode.Create(NodeOptions.Default);
        using var programmer = new RulesetProgrammer(node);
        var first = node.AttachPods([cluster.Pods[0]])[0];
        programmer.Program(cluster);
        Assert.Equal(["x/a"], Identities());
        node.AttachPods([cluster.Pods[1]]);
        programmer.Program(cluster, tightens: false);
        Assert.Equal(["x/a", "x/b"], Identities());
        AssertChecked(programmer);
        PodDetacher.Detach(node, [first]);
        programmer.Program(cluster, tightens: false);
        Assert.Equal(["x/b"], Identities());
        AssertChecked(programmer);
        ThreadHome.AssertAllHome();

        IEnumerable<string?> Identities() => programmer
            .Programmed()!.Bridge.Sets.Single(s => s.Name == "identity4").Elements.Select(e => e.Comment).Order();
    }

    /// <summary>x/b takes some ports from x/a, no two of them side by side.</summary>
    private static Cluster TwoPods(int ports, NodeSession? session = null)
    {
        var cluster = new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b")
            .Policy("x/b", "app=b", ingress: [Rule.Of([Rule.Pods("app=a")],
                [.. Enumerable.Range(0, ports).Select(i => $"TCP {2 * i + 1}")])]).Cluster;
        return session is null ? cluster : cluster with
        {
            Pods = [.. session.Node.Attachments.Select(a => a.Endpoint).OfType<PodEndpoint>()],
        };
    }

    private static void AssertChecked(RulesetProgrammer programmer) => Assert.Empty(Round(programmer));

    /// <summary>Every set once.</summary>
    private static List<string> Round(RulesetProgrammer programmer)
    {
        var sets = programmer.Programmed()!.Tables.Sum(t => t.Sets.Count);
        return [.. Enumerable.Range(0, sets).Select(_ => programmer.Check()).OfType<string>().Distinct()];
    }
}
