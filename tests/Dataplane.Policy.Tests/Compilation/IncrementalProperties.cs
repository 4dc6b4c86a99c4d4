using System.Net;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Classes;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Tests.Compilation;

/// <summary>
/// A table reached in steps equals the one compiled at once, up to the numbers; and a change lists exactly the entries
/// that differ.
/// </summary>
public sealed class IncrementalProperties
{
    [Theory]
    [InlineData(LevelRole.DefaultLimit)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Step_by_step_is_as_from_scratch(int narrowLimit) => RandomCase.ForAll(given =>
    {
        Walk(given.Cluster, given.Seed, narrowLimit);
        return true;
    }, tests: 150, tiers: true);

    /// <summary>
    /// A block with exceptions comes to be written as the block less its exceptions, and another rule ceases to name
    /// the block: the group of the block keeps its signature, and what it means is another.
    /// </summary>
    [Fact]
    public void A_group_that_stays_may_be_what_another_set_is_written_with()
    {
        const int Seed = 1_044_868_825;
        Walk(RandomCluster.Generate(Seed, 5, tiers: true), Seed, narrowLimit: 0);
    }

    [Fact]
    public void Larger_clusters_too() => Walk(RandomCluster.Generate(7, 50, tiers: true), steps: 25);

    [Fact]
    public void And_when_everything_goes_nothing_is_left() => RandomCase.ForAll(given =>
    {
        var compiler = new Compiler();
        compiler.Update(given.Cluster);
        compiler.Update(given.Cluster with { Pods = [], NetworkPolicies = [], TierPolicies = [] });
        var table = compiler.Table;
        return table.Addresses.Count + table.Node.Count + new[] { table.Egress, table.Ingress }
            .Sum(d => d.Allowed.Count + d.Except.Count + d.Isolated.Count + d.Outside.Count + d.OutsideGroups.Count)
            + new[] { table.EgressTiers, table.IngressTiers }.Sum(t => t.Entries.Count + t.Outside.Count) == 0;
    }, tiers: true);

    [Fact]
    public void Objects_that_are_read_again_and_say_the_same_change_no_number()
    {
        var cluster = RandomCluster.Generate(3, 40, tiers: true);
        var compiler = new Compiler();
        compiler.Update(cluster);
        var change = compiler.Update(cluster with
        {
            Pods = [.. cluster.Pods.Select(p => new PodEndpoint(p.Pod with { }, p.IPv4, p.IPv6))],
            NetworkPolicies = [.. cluster.NetworkPolicies.Select(p => p with { })],
            TierPolicies = [.. cluster.TierPolicies.Select(p => p with { })],
        });
        Assert.Equal(change.Removed.Addresses.Select(Numbers), change.Added.Addresses.Select(Numbers));
        foreach (var (removed, added) in new[]
        {
            (change.Removed.Egress, change.Added.Egress), (change.Removed.Ingress, change.Added.Ingress),
        })
        {
            Assert.Equal(0,
                removed.Allowed.Count + added.Allowed.Count + removed.Isolated.Count + added.Isolated.Count
                    + removed.Outside.Count + added.Outside.Count);
        }

        static (IPAddress, RoleClasses, RoleClasses, TierRoles, TierRoles) Numbers(AddressClasses a) =>
            (a.Address, a.Egress, a.Ingress, a.EgressTiers, a.IngressTiers);
    }

    private static void Walk(Cluster start, int steps)
    {
        var compiler = new Compiler();
        var told = new Told();
        foreach (var cluster in RandomWalk.From(start, 1, steps, tiers: true))
        {
            told.Apply(compiler.Update(cluster));
            told.MustBe(compiler.Table);
            Same.Require(Compiler.Compile(cluster), compiler.Table);
        }
    }

    private static void Walk(Cluster from, int seed, int narrowLimit)
    {
        var compiler = new Compiler(narrowLimit);
        var told = new Told();
        foreach (var cluster in RandomWalk.From(from, seed, steps: 8, tiers: true))
        {
            told.Apply(compiler.Update(cluster));
            var table = compiler.Table;
            told.MustBe(table);
            Same.Require(Compiler.Compile(cluster, narrowLimit), table);
        }
    }

    /// <summary>A table kept by what updates say.</summary>
    private sealed class Told
    {
        private readonly HashSet<object> _items = [];

        public void Apply(ClassChange change)
        {
            foreach (var item in Items(change.Removed)) Assert.True(_items.Remove(item), $"{item} was not there");
            foreach (var item in Items(change.Added)) Assert.True(_items.Add(item), $"{item} was there already");
        }

        public void MustBe(ClassTable table) =>
            Assert.Equal(Items(table).Select(i => $"{i}").Order(), _items.Select(i => $"{i}").Order());

        private static IEnumerable<object> Items(ClassTable table) =>
        [
            .. table.Addresses, .. Items("egress", table.Egress), .. Items("ingress", table.Ingress),
            .. Items("egress tiers", table.EgressTiers), .. Items("ingress tiers", table.IngressTiers), .. table.Node,
        ];

        private static IEnumerable<object> Items(string side, DirectionTable table) =>
        [
            .. table.Isolated.Select(i => (object)(side, "isolated", i)),
            .. table.Allowed.Select(a => (object)(side, a)), .. table.Except.Select(e => (object)(side, e)),
            .. table.Outside.Select(o => (object)(side, "exact", o)),
            .. table.OutsideGroups.Select(o => (object)(side, "group", o)),
        ];

        private static IEnumerable<object> Items(string side, TierTable table) =>
            [.. table.Entries.Select(e => (object)(side, e)), .. table.Outside.Select(o => (object)(side, o))];
    }

    /// <summary>Two tables that differ in nothing but the numbers.</summary>
    private sealed class Same
    {
        private readonly Dictionary<ClassNumber, ClassNumber> _there = [], _back = [];

        public static void Require(ClassTable one, ClassTable other)
        {
            Assert.Equal(one.Addresses.Select(a => (a.Pod.Name, a.Address)),
                other.Addresses.Select(a => (a.Pod.Name, a.Address)));
            var addresses = one.Addresses.Zip(other.Addresses).ToList();
            Direction(one.Egress, other.Egress, addresses.Select(p => (p.First.Egress, p.Second.Egress)));
            Direction(one.Ingress, other.Ingress, addresses.Select(p => (p.First.Ingress, p.Second.Ingress)));
            Tiers(one.EgressTiers, other.EgressTiers,
                addresses.Select(p => (p.First.EgressTiers, p.Second.EgressTiers)), one.Node, other.Node);
            Tiers(one.IngressTiers, other.IngressTiers,
                addresses.Select(p => (p.First.IngressTiers, p.Second.IngressTiers)), [], []);
        }

        private static void Direction(DirectionTable one, DirectionTable other,
            IEnumerable<(RoleClasses One, RoleClasses Other)> roles)
        {
            var (subjects, peers) = (new Same(), new Same());
            foreach (var (a, b) in roles)
            {
                subjects.Bind(a.Subject, b.Subject);
                subjects.Bind(a.SubjectGroup, b.SubjectGroup);
                peers.Bind(a.Peer, b.Peer);
                peers.Bind(a.PeerGroup, b.PeerGroup);
            }
            peers.Outside(one.Outside, other.Outside);
            peers.Outside(one.OutsideGroups, other.OutsideGroups);
            Assert.Equal(one.Isolated.Select(c => subjects.Map(c).Value).Order(),
                other.Isolated.Select(c => c.Value).Order());
            Assert.Equal(one.Allowed.Select(a => $"{subjects.Map(a.Subject)} {peers.Map(a.Peer)} {a.Ports}").Order(),
                other.Allowed.Select(a => $"{a.Subject} {a.Peer} {a.Ports}").Order());
            Assert.Equal(one.Except.Select(e => $"{subjects.Map(e.Subject)} {peers.Map(e.Peer)}").Order(),
                other.Except.Select(e => $"{e.Subject} {e.Peer}").Order());
        }

        private static void Tiers(TierTable one, TierTable other, IEnumerable<(TierRoles One, TierRoles Other)> roles,
            IReadOnlyList<NodeAddressClass> node, IReadOnlyList<NodeAddressClass> otherNode)
        {
            var (subjects, peers) = (new Same(), new Same());
            foreach (var (a, b) in roles)
            {
                subjects.Bind(a.Subject, b.Subject);
                peers.Bind(a.Peer, b.Peer);
            }
            Assert.Equal(node.Select(n => n.Address), otherNode.Select(n => n.Address));
            foreach (var (a, b) in node.Zip(otherNode)) peers.Bind(a.Class, b.Class);
            peers.Outside(one.Outside, other.Outside);
            Assert.Equal(one.Entries.Select(e => $"{subjects.Map(e.Subject)} {peers.Map(e.Peer)} {e.Ports} {e.Verdict}")
                .Order(),
                other.Entries.Select(e => $"{e.Subject} {e.Peer} {e.Ports} {e.Verdict}").Order());
        }

        private void Outside(IReadOnlyList<CidrClass> one, IReadOnlyList<CidrClass> other)
        {
            Assert.Equal(one.Select(o => (o.Family, o.Range)), other.Select(o => (o.Family, o.Range)));
            foreach (var (a, b) in one.Zip(other)) Bind(a.Class, b.Class);
        }

        /// <summary>Realms have the same numbers in every table.</summary>
        private ClassNumber Map(ClassNumber number) =>
            number.Value < Realm.FirstClass.Value ? number : _there[number];

        private void Bind(ClassNumber one, ClassNumber other)
        {
            Assert.Equal(other, _there.TryAdd(one, other) ? other : _there[one]);
            Assert.Equal(one, _back.TryAdd(other, one) ? one : _back[other]);
        }
    }
}
