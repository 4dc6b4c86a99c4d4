using System.Net.Sockets;

namespace Dataplane.Policy.Compilation;

/// <summary>
/// From clusters to class tables. A compiler goes from one cluster to the next, and what does not change keeps its numbers. Pure:
/// what a class means does not depend on the way there or on the order of the manifests; only its number does. Not thread-safe.
/// </summary>
public sealed class Compiler
{
    private static readonly ClassTable Nothing = new([], DirectionTable.Empty, DirectionTable.Empty, TierTable.Empty, TierTable.Empty, []);

    /// <summary>All that is compiled, sorted: as large as the cluster.</summary>
    public ClassTable Table { get; private set; } = Nothing;

    /// <summary>A cluster's table, from scratch.</summary>
    public static ClassTable Compile(Cluster cluster) => Compile(cluster, ClassLevels.NarrowLimit);

    /// <summary>
    /// Goes on to this cluster. Objects that stay must be the same objects as before: see <see cref="ClusterDelta"/>. If what it gives
    /// cannot be put in force, begin with a new compiler.
    /// </summary>
    public ClassChange Update(Cluster next)
    {
        var (before, after) = (Table, Compile(next));
        Table = after;
        return new ClassChange(Without(before, after), Without(after, before));
    }

    private static ClassTable Without(ClassTable one, ClassTable other) => new(
        Without(one.Addresses, other.Addresses), Without(one.Egress, other.Egress), Without(one.Ingress, other.Ingress),
        Without(one.EgressTiers, other.EgressTiers), Without(one.IngressTiers, other.IngressTiers), Without(one.Node, other.Node));

    private static DirectionTable Without(DirectionTable one, DirectionTable other) => new(Without(one.Isolated, other.Isolated),
        Without(one.Allowed, other.Allowed), Without(one.Except, other.Except), Without(one.Outside, other.Outside), Without(one.OutsideGroups, other.OutsideGroups));

    private static TierTable Without(TierTable one, TierTable other) => new(Without(one.Entries, other.Entries), Without(one.Outside, other.Outside));

    private static List<T> Without<T>(IReadOnlyList<T> one, IReadOnlyList<T> other)
    {
        var there = other.ToHashSet();
        return [.. one.Where(o => !there.Contains(o))];
    }

    /// <param name="narrowLimit">See <see cref="ClassLevels.NarrowLimit"/>: any number is correct, it decides the size only.</param>
    internal static ClassTable Compile(Cluster cluster, int narrowLimit)
    {
        var space = new AddressSpace(cluster);
        var egress = new DirectionCompiler(space, cluster, Direction.Egress, narrowLimit);
        var ingress = new DirectionCompiler(space, cluster, Direction.Ingress, narrowLimit);
        var egressTiers = new TierCompiler(space, cluster, Direction.Egress, egress.Isolated);
        var ingressTiers = new TierCompiler(space, cluster, Direction.Ingress, ingress.Isolated);
        var addresses = new List<AddressClasses>(space.Addresses.Count);
        for (var i = 0; i < space.Addresses.Count; i++)
            addresses.Add(new AddressClasses(space.Addresses[i].Pod, space.Addresses[i].Address,
                egress.Roles(i), ingress.Roles(i), egressTiers.Roles(i), ingressTiers.Roles(i)));
        var node = space.NodeAddresses.Select((a, i) => new NodeAddressClass(a, egressTiers.Roles(space.Addresses.Count + i).Peer));
        return new ClassTable(addresses, egress.Table(), ingress.Table(), egressTiers.Table(), ingressTiers.Table(), [.. node.Where(n => n.Class != 0)]);
    }
}

/// <summary>One direction: from policies to grants, from grants to classes, from classes to entries.</summary>
internal sealed class DirectionCompiler
{
    private readonly List<Grant> _grants;
    private readonly AddressSet _isolated;
    private readonly ClassLevels _subjects, _peers;
    private readonly ExternalLevels _outside4, _outside6;
    private readonly Dictionary<(uint Subject, uint Peer), List<PortRange>> _allowed = [];
    private readonly SortedSet<(uint Subject, uint Peer)> _excepted = [];

    public DirectionCompiler(AddressSpace space, Cluster cluster, Direction direction, int narrowLimit)
    {
        var builder = new GrantBuilder(space, direction);
        foreach (var policy in cluster.NetworkPolicies) builder.Add(policy);
        _grants = builder.Grants;
        _isolated = space.Nothing;
        foreach (var isolation in builder.Isolations) _isolated.UnionWith(isolation.Subjects);

        _subjects = new ClassLevels([.. _grants.Select(g => new PeerSet(g.Subjects)).Distinct()], space.Count, Realm.FirstClass, [], narrowLimit, _isolated);
        _peers = new ClassLevels([.. _grants.Select(g => g.Peers).Distinct()], space.Count, Realm.FirstClass,
            [new RealmItems(space.IPv4, Realm.PodsIPv4), new RealmItems(space.IPv6, Realm.PodsIPv6)], narrowLimit);
        _outside4 = new ExternalLevels(_grants.Select(g => g.External), AddressFamily.InterNetwork, _peers.Next, narrowLimit);
        _outside6 = new ExternalLevels(_grants.Select(g => g.External), AddressFamily.InterNetworkV6, _outside4.Levels.Next, narrowLimit);
    }

    /// <summary>Whom at least one NetworkPolicy isolates in this direction.</summary>
    public AddressSet Isolated => _isolated;

    public RoleClasses Roles(int address) => new(
        _subjects.Exact(address), _subjects.Group(address), _peers.ExactOrNone(address), _peers.Group(address));

    public DirectionTable Table()
    {
        var isolated = new SortedSet<uint>();
        foreach (var address in _isolated) isolated.Add(_subjects.Exact(address));
        var subjects = _grants.Select(g => _subjects.Cover(new PeerSet(g.Subjects)).Allowed).ToList();
        Judge(subjects, _peers, g => g.Peers);
        Judge(subjects, _outside4.Levels, g => _outside4.Pieces(g.External));
        Judge(subjects, _outside6.Levels, g => _outside6.Pieces(g.External));
        return new DirectionTable([.. isolated], Entries(), [.. _excepted.Select(e => new ExceptEntry(e.Subject, e.Peer))],
            [.. _outside4.Ranges(), .. _outside6.Ranges()], [.. _outside4.Groups(), .. _outside6.Groups()]);
    }

    private void Judge(List<IReadOnlyList<uint>> subjects, ClassLevels peers, Func<Grant, PeerSet> of)
    {
        var covers = _grants.Select(g => peers.Cover(of(g))).ToList();
        for (var i = 0; i < _grants.Count; i++)
            foreach (var subject in subjects[i])
            {
                foreach (var peer in covers[i].Allowed) Allow(subject, peer, _grants[i]);
                foreach (var peer in covers[i].Except) _excepted.Add((subject, peer));
            }
        // What one rule excepts, the subject's other wide rules give back.
        for (var i = 0; i < _grants.Count; i++)
            foreach (var peer in peers.ExceptionsIn(covers[i].Wide).Except(covers[i].Except))
                foreach (var subject in subjects[i])
                    if (_excepted.Contains((subject, peer))) Allow(subject, peer, _grants[i]);
    }

    private void Allow(uint subject, uint peer, Grant grant)
    {
        if (!_allowed.TryGetValue((subject, peer), out var pair)) _allowed[(subject, peer)] = pair = [];
        pair.AddRange(grant.Ports);
    }

    private List<AllowEntry> Entries()
    {
        var entries = new List<AllowEntry>(_allowed.Count);
        foreach (var ((subject, peer), ports) in _allowed.OrderBy(p => p.Key))
            foreach (var range in PortRange.Merge(ports)) entries.Add(new AllowEntry(subject, peer, range));
        return entries;
    }
}
