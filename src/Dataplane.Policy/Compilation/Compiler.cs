using System.Net.Sockets;

namespace Dataplane.Policy.Compilation;

/// <summary>From a cluster to its <see cref="ClassTable"/>. Pure, and the same answer whatever the order of the manifests.</summary>
public static class Compiler
{
    public static ClassTable Compile(Cluster cluster)
    {
        var space = new AddressSpace(cluster);
        var egress = new DirectionCompiler(space, cluster, Direction.Egress);
        var ingress = new DirectionCompiler(space, cluster, Direction.Ingress);
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
    private readonly AddressSpace _space;
    private readonly IReadOnlyList<Grant> _grants;
    private readonly AddressSet _isolated;
    private readonly ClassLevels _subjects, _peers;
    private readonly ExternalClasses _outside4, _outside6;

    public DirectionCompiler(AddressSpace space, Cluster cluster, Direction direction)
    {
        _space = space;
        var builder = new GrantBuilder(space, direction);
        foreach (var policy in cluster.NetworkPolicies) builder.Add(policy);
        _grants = builder.Grants;
        _isolated = space.Nothing;
        foreach (var isolation in builder.Isolations) _isolated.UnionWith(isolation.Subjects);

        _subjects = new ClassLevels([.. _grants.Select(g => g.Subjects).Distinct()], space.Count, _isolated);
        _peers = new ClassLevels([.. _grants.Select(g => space.BelowRealm(g.Peers)).Distinct()], space.Count);
        _outside4 = new ExternalClasses(Blocks(g => g.External.IPv4, AddressFamily.InterNetwork), AddressFamily.InterNetwork, _peers.Next);
        _outside6 = new ExternalClasses(Blocks(g => g.External.IPv6, AddressFamily.InterNetworkV6), AddressFamily.InterNetworkV6, _outside4.Next);
    }

    /// <summary>Whom at least one NetworkPolicy isolates in this direction.</summary>
    public AddressSet Isolated => _isolated;

    public RoleClasses Roles(int address) => new(
        _subjects.Exact(address), _subjects.Group(address), _peers.ExactOrNone(address), _peers.Group(address));

    public DirectionTable Table()
    {
        var isolated = new SortedSet<uint>();
        foreach (var address in _isolated) isolated.Add(_subjects.Exact(address));
        return new DirectionTable([.. isolated], Entries(), [.. _outside4.Ranges(), .. _outside6.Ranges()]);
    }

    private List<AllowEntry> Entries()
    {
        var pairs = new Dictionary<(uint Subject, uint Peer), (RuleSource First, List<PortRange> Ports)>();
        foreach (var grant in _grants)
        {
            var peers = Cover(grant).ToList();
            foreach (var subject in _subjects.Cover(grant.Subjects))
                foreach (var peer in peers)
                {
                    if (!pairs.TryGetValue((subject, peer), out var pair)) pairs[(subject, peer)] = pair = (grant.Source, []);
                    pair.Ports.AddRange(grant.Ports);
                }
        }
        var entries = new List<AllowEntry>(pairs.Count);
        foreach (var ((subject, peer), (source, ports)) in pairs.OrderBy(p => p.Key))
            foreach (var range in PortRange.Merge(ports)) entries.Add(new AllowEntry(subject, peer, range, source));
        return entries;
    }

    private IEnumerable<uint> Cover(Grant grant)
    {
        foreach (var family in (AddressFamily[])[AddressFamily.InterNetwork, AddressFamily.InterNetworkV6])
        {
            if (_space.CoversAllPods(grant.Peers, family)) yield return Realm.Pods(family);
            if (ExternalPeers.CoversAll(grant.External.Of(family), family)) yield return Realm.Outside(family);
        }
        foreach (var id in _peers.Cover(_space.BelowRealm(grant.Peers))) yield return id;
        if (!ExternalPeers.CoversAll(grant.External.IPv4, AddressFamily.InterNetwork))
            foreach (var id in _outside4.Cover(grant.External.IPv4)) yield return id;
        if (!ExternalPeers.CoversAll(grant.External.IPv6, AddressFamily.InterNetworkV6))
            foreach (var id in _outside6.Cover(grant.External.IPv6)) yield return id;
    }

    private List<IReadOnlyList<AddressRange>> Blocks(Func<Grant, IReadOnlyList<AddressRange>> of, AddressFamily family) =>
        [.. _grants.Select(of).Where(r => r.Count > 0 && !ExternalPeers.CoversAll(r, family))];
}
