using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation.Classes;
using Dataplane.Policy.Compilation.NetworkPolicies;
using Dataplane.Policy.Compilation.Sets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.Tiers;

/// <summary>
/// Compiles the tiers of one direction. Tier policies are few and wide, so there is only one level of classes, and
/// realms. A rule for all peers becomes one entry per address family and subject. A peer that a narrower rule of the
/// same subject names gets entries of its own, which contain the result of all rules for that pair. When one rule of a
/// subject changes, all entries of the subject are computed again.
/// </summary>
internal sealed class TierCompiler
{
    private sealed record Held(List<TierGrant> Grants, IReadOnlyList<string> Names);

    private readonly PodIndex _pods;
    private readonly Direction _direction;
    private readonly Isolation _isolation;
    private readonly PodSets _subjects;
    private readonly PeerUniverses _peers;
    private readonly Dictionary<TierPolicyObject, Held> _policies = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ClassNode, List<TierEntry>> _entries = [];
    private readonly HashSet<ClassNode> _suspects = [];
    private List<TierGrant> _grants = [];
    private bool _reordered;
    private List<CidrClass> _outside = [];

    public TierCompiler(PodIndex pods, Direction direction, Isolation isolation)
    {
        (_pods, _direction, _isolation) = (pods, direction, isolation);
        _subjects = new PodSets(pods, new Levels(LevelRole.TierSubjects, Realm.Numbers()));
        _peers = new PeerUniverses(pods, LevelRole.TierPeers);
    }

    /// <summary>Adds or updates a pod's address. Its isolation must be known already.</summary>
    public void Put(int item)
    {
        _subjects.Put(item, _isolation.Includes(item));
        PutPeer(item);
    }

    /// <summary>Adds or updates one of the node's own addresses. It can only be a peer.</summary>
    public void PutPeer(int item) => _peers.Pods.Put(item, false);

    public void Forget(int item)
    {
        _subjects.Levels.Remove(item);
        ForgetPeer(item);
    }

    public void ForgetPeer(int item) => _peers.Pods.Levels.Remove(item);

    public void Relabel(PodIndex.NamespaceEntry ns)
    {
        _subjects.Relabel(ns);
        _peers.Pods.Relabel(ns);
    }

    public void Add(TierPolicyObject policy)
    {
        var (grants, names) = (new List<TierGrant>(), new HashSet<string>());
        var subjects = Selection.Pods(policy.Subject.NamespaceSelector, policy.Subject.PodSelector);
        foreach (var rule in policy.Rules(_direction)) Add(policy.Tier, subjects, rule, grants, names);
        _policies[policy] = new Held(grants, [.. names]);
        _reordered = true;
    }

    public void Remove(TierPolicyObject policy)
    {
        if (!_policies.Remove(policy, out var held)) return;
        foreach (var grant in held.Grants)
        {
            _suspects.UnionWith(_subjects.Levels.Cover(grant.Subjects));
            _subjects.Release(grant.Subjects);
            _peers.Release(grant.Peers);
        }
        _reordered = true;
    }

    /// <summary>Recompiles the policies with a port name. Called when its numbers have changed.</summary>
    public void Rename(string name)
    {
        foreach (var policy in _policies.Where(p => p.Value.Names.Contains(name)).Select(p => p.Key).ToList())
        {
            Remove(policy);
            Add(policy);
        }
    }

    /// <param name="isolationChanged">
    /// Items whose isolation by NetworkPolicies has changed: the Baseline tier does not apply to isolated pods.
    /// </param>
    public (TierTable Removed, TierTable Added) Commit(IReadOnlyCollection<int> isolationChanged)
    {
        foreach (var item in isolationChanged)
            if (_subjects.Levels.Contains(item)) _subjects.Levels.Isolate(item, _isolation.Includes(item));
        _subjects.Sweep();
        _subjects.Levels.Commit();
        _peers.Commit();
        if (_reordered)
        {
            _grants = [.. Cluster.InOrder(_policies.Keys).SelectMany(p => _policies[p].Grants)];
            // A new order of rules may change every verdict.
            foreach (var grant in _grants) _suspects.UnionWith(_subjects.Levels.Cover(grant.Subjects));
            _reordered = false;
        }
        SuspectChanged();
        var (removed, added) = (new List<TierEntry>(), new List<TierEntry>());
        foreach (var subject in _suspects)
        {
            var (old, now) = (_entries.GetValueOrDefault(subject) ?? [], subject.Cells == 0 ? [] : Resolve(subject));
            var (were, are) = (old.ToHashSet(), now.ToHashSet());
            removed.AddRange(old.Where(e => !are.Contains(e)));
            added.AddRange(now.Where(e => !were.Contains(e)));
            if (now.Count > 0) _entries[subject] = now;
            else _entries.Remove(subject);
        }
        _suspects.Empty();
        var outside = DirectionCompiler.Difference(ref _outside,
            [.. _peers.Outside4.Exact(), .. _peers.Outside6.Exact()]);
        return (new TierTable(removed, outside.Removed), new TierTable(added, outside.Added));
    }

    /// <summary>Returns and clears the items that were added, removed or may have got other class numbers.</summary>
    public IEnumerable<int> Touched()
    {
        int[] touched = [.. _subjects.Levels.Touched, .. _peers.Pods.Levels.Touched];
        _subjects.Levels.Touched.Empty();
        _peers.Pods.Levels.Touched.Empty();
        return touched;
    }

    public TierRoles Roles(int item) => new(_subjects.Levels.Exact(item).Id, PeerOf(item));

    public ClassNumber PeerOf(int item) => _peers.Pods.Levels.Exact(item).Id;

    public TierTable Table() => new([.. _entries.Values.SelectMany(e => e)
        .OrderBy(e => e.Subject.Value).ThenBy(e => e.Peer.Value).ThenBy(e => e.Ports.Protocol)
        .ThenBy(e => e.Ports.First).ThenBy(e => e.Ports.Last)], _outside);

    private void Add(PolicyTier tier, Selection subjects, TierRule rule, List<TierGrant> grants, HashSet<string> names)
    {
        var peers = Selection.Peers(rule.Peers);
        IpBlock[] blocks =
            [.. rule.Peers.SelectMany(p => p.Networks, (p, network) => new IpBlock(network, [], p.Position))];
        if (rule.Ports.Count == 0) grants.Add(Of(subjects, peers, [PortRange.Everything]));
        var numbered = rule.Ports.Where(p => p.Name is null)
            .Select(p => new PortRange(p.Protocol!.Value.ToFlowProtocol(), p.First, p.Last)).ToList();
        if (numbered.Count > 0) grants.Add(Of(subjects, peers, PortRange.Merge(numbered)));
        // A port name means every port that the destination pod declares under it, in any protocol.
        foreach (var port in rule.Ports.Where(p => p.Name is not null))
        {
            names.Add(port.Name!);
            foreach (var protocol in Enum.GetValues<TransportProtocol>())
            {
                foreach (var number in _pods.Ports(protocol, port.Name!))
                {
                    PortRange[] ports = [new PortRange(protocol.ToFlowProtocol(), number, number)];
                    grants.Add(_direction == Direction.Ingress
                        ? Of(subjects.Declaring(protocol, port.Name!, number), peers, ports)
                        : Of(subjects, peers.Declaring(protocol, port.Name!, number), ports, outside: false));
                }
            }
        }

        TierGrant Of(Selection who, Selection whom, IReadOnlyList<PortRange> ports, bool outside = true) =>
            new(tier, _subjects.Use(who), _peers.Use(whom, hull: false, blocks, everybody: false, outside), ports,
                rule.Action);
    }

    private void SuspectChanged()
    {
        _suspects.UnionWith(_subjects.Levels.ChangedExact);
        _subjects.Levels.ChangedExact.Empty();
        var concerned = new HashSet<(int Universe, SetId Set)>();
        for (var universe = 0; universe < Universe.Count; universe++)
        {
            var levels = _peers.Levels[universe];
            foreach (var node in levels.ChangedExact)
            {
                foreach (var (subject, entries) in _entries)
                    if (entries.Exists(e => e.Peer == node.Id)) _suspects.Add(subject);
                if (node.Cells > 0)
                    foreach (var tag in node.Signature) concerned.Add((universe, Tag.Set(tag)));
            }
            foreach (var set in levels.OtherRealms) concerned.Add((universe, set));
            levels.ChangedExact.Empty();
            levels.OtherRealms.Empty();
        }
        if (concerned.Count == 0) return;
        foreach (var grant in _grants)
        {
            for (var universe = 0; universe < Universe.Count; universe++)
            {
                if (grant.Peers[universe] is { } set && concerned.Contains((universe, set)))
                    _suspects.UnionWith(_subjects.Levels.Cover(grant.Subjects));
            }
        }
    }

    private List<TierEntry> Resolve(ClassNode subject)
    {
        var rules = _grants.Where(g => subject.Has(g.Subjects, TagKind.Member)).ToList();
        var isIsolated = subject.Signature.Contains(Tag.Isolated);
        var entries = new List<TierEntry>();
        foreach (var peer in rules.SelectMany(g => _peers.Cover(g.Peers)).Distinct())
        {
            foreach (var (ports, verdict) in TierResolution.Resolve([.. rules.Where(g => Applies(g, peer))],
                isIsolated))
            {
                entries.Add(new TierEntry(subject.Id, peer.Id, ports, verdict));
            }
        }
        return entries;
    }

    /// <summary>
    /// Whether a rule applies to a class or realm of peers: the rule names it, or applies to the whole realm around it.
    /// </summary>
    private bool Applies(TierGrant grant, ClassNode peer)
    {
        if (grant.Peers[peer.Universe] is not { } set) return false;
        if (peer.Level != ClassLevel.Realm && peer.Has(set, TagKind.Member)) return true;
        var realms = _peers.Levels[peer.Universe].Realms(set);
        for (var family = 0; family < Levels.Families; family++)
            if ((realms >> family & 1) != 0 && Array.BinarySearch(peer.Signature, Tag.Family(family)) >= 0) return true;
        return false;
    }
}
