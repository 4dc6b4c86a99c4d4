using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation.Classes;
using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Policy.Compilation.Sets;

/// <summary>All peers of one direction: pods, and addresses outside of both families, with their realms.</summary>
internal sealed class PeerUniverses
{
    private static readonly ClassNode[] PodRealms = [RealmOf(Realm.PodsIPv4, Universe.Pods, 0),
        RealmOf(Realm.PodsIPv6, Universe.Pods, 1)];
    private static readonly ClassNode[][] Realms =
        [PodRealms, [RealmOf(Realm.OutsideIPv4, Universe.OutsideIPv4, 0)],
            [RealmOf(Realm.OutsideIPv6, Universe.OutsideIPv6, 0)]];

    /// <param name="role">The role of each universe.</param>
    public PeerUniverses(PodIndex pods, Func<int, LevelRole> role)
    {
        var numbers = Realm.Numbers();
        Pods = new PodSets(pods, new Levels(role(Universe.Pods), numbers));
        Outside4 = new OutsideSets(AddressFamily.InterNetwork, new Levels(role(Universe.OutsideIPv4), numbers));
        Outside6 = new OutsideSets(AddressFamily.InterNetworkV6, new Levels(role(Universe.OutsideIPv6), numbers));
        Levels = [Pods.Levels, Outside4.Levels, Outside6.Levels];
    }

    public PodSets Pods { get; }
    public OutsideSets Outside4 { get; }
    public OutsideSets Outside6 { get; }

    /// <summary>By universe.</summary>
    public IReadOnlyList<Levels> Levels { get; }

    /// <param name="inside">The pods among the peers of the rule.</param>
    /// <param name="hull">See <see cref="PodSets.Use"/>.</param>
    /// <param name="outside">Whether addresses outside can be peers; false: only pods.</param>
    public SetId?[] Use(Selection inside, bool hull, IReadOnlyList<IpBlock> blocks, bool everybody, bool outside) =>
        [Pods.Use(inside, hull), outside ? Outside4.Use(blocks, everybody) : null,
            outside ? Outside6.Use(blocks, everybody) : null];

    public void Release(SetId?[] sets)
    {
        Pods.Release(sets[Universe.Pods]!.Value);
        if (sets[Universe.OutsideIPv4] is { } four) Outside4.Release(four);
        if (sets[Universe.OutsideIPv6] is { } six) Outside6.Release(six);
    }

    public void Commit()
    {
        Pods.Sweep();
        Outside4.Sweep();
        Outside6.Sweep();
        foreach (var levels in Levels) levels.Commit();
    }

    /// <summary>The realms that a set is written with.</summary>
    public IEnumerable<ClassNode> RealmsOf(int universe, SetId set)
    {
        var realms = Levels[universe].Realms(set);
        return Realms[universe].Where((_, family) => (realms >> family & 1) != 0);
    }

    /// <summary>The classes, groups and realms that allow a rule's peers, of all universes.</summary>
    public IEnumerable<ClassNode> Cover(SetId?[] sets)
    {
        for (var universe = 0; universe < sets.Length; universe++)
        {
            if (sets[universe] is { } set)
                foreach (var node in Levels[universe].Cover(set).Concat(RealmsOf(universe, set))) yield return node;
        }
    }

    /// <summary>
    /// The excepted exact classes of a rule: they lie in the groups or realms that it is written with, and are not its
    /// peers.
    /// </summary>
    public IEnumerable<ClassNode> Excepted(SetId?[] sets)
    {
        for (var universe = 0; universe < sets.Length; universe++)
        {
            if (sets[universe] is { } set)
                foreach (var node in Levels[universe].Excepted(set)) yield return node;
        }
    }

    /// <summary>The family of a realm's class, as bit of <see cref="Classes.Levels.Realms"/>.</summary>
    public static int FamilyOf(ClassNode realm) => realm.Signature[0] & 3;

    private static ClassNode RealmOf(ClassNumber id, int universe, int family) =>
        new(id, ClassLevel.Realm, universe, [Tag.Family(family)]);
}
