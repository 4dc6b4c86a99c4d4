using Dataplane.Policy.Compilation.Classes;
using Dataplane.Policy.Compilation.Sets;
using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Policy.Compilation.NetworkPolicies;

/// <summary>
/// The ports that pairs of classes may exchange. A pair is judged again only when one of its classes, or a grant that
/// concerns both, has changed.
/// </summary>
internal sealed class AllowedPairs(Levels subjects, PeerUniverses peers)
{
    private sealed record Pair(IReadOnlyList<PortRange> Ports, bool IsExcepted);

    private static readonly List<Grant> NoGrants = [];
    private static readonly HashSet<ClassNode> NoClasses = [];
    private readonly Dictionary<SetId, List<Grant>> _bySubjects = [];
    private readonly Dictionary<(int Universe, SetId Set), List<Grant>> _byPeers = [];
    private readonly Dictionary<(ClassNode Subject, ClassNode Peer), Pair> _pairs = [];
    private readonly Dictionary<ClassNode, HashSet<ClassNode>> _peersOf = [], _subjectsOf = [];
    private readonly HashSet<(ClassNode Subject, ClassNode Peer)> _suspects = [];
    private readonly HashSet<Grant> _fresh = [];

    public void Add(Grant grant)
    {
        Index(_bySubjects, grant.Subjects, grant);
        for (var universe = 0; universe < Universe.Count; universe++)
            if (grant.Peers[universe] is { } set) Index(_byPeers, (universe, set), grant);
        _fresh.Add(grant);
    }

    public void Remove(Grant grant)
    {
        Unindex(_bySubjects, grant.Subjects, grant);
        for (var universe = 0; universe < Universe.Count; universe++)
            if (grant.Peers[universe] is { } set) Unindex(_byPeers, (universe, set), grant);
        // A grant that was never committed has no pairs.
        if (!_fresh.Remove(grant)) Suspect(grant, known: true);
    }

    public void Commit(List<AllowEntry> removed, List<AllowEntry> added, List<ExceptEntry> unexcepted,
        List<ExceptEntry> excepted)
    {
        foreach (var node in Drain(subjects.ChangedExact).Concat(Drain(subjects.ChangedGroups)))
        {
            foreach (var peer in _peersOf.GetValueOrDefault(node, NoClasses)) _suspects.Add((node, peer));
            if (node.Cells == 0) continue;
            foreach (var grant in GrantsOf(node))
            {
                foreach (var peer in peers.Cover(grant.Peers).Concat(peers.Excepted(grant.Peers)))
                    _suspects.Add((node, peer));
            }
        }
        for (var universe = 0; universe < Universe.Count; universe++)
        {
            var levels = peers.Levels[universe];
            var groups = Drain(levels.ChangedGroups);
            foreach (var node in Drain(levels.ChangedExact).Concat(groups))
            {
                foreach (var subject in _subjectsOf.GetValueOrDefault(node, NoClasses)) _suspects.Add((subject, node));
                if (node.Cells == 0) continue;
                foreach (var grant in GrantsTo(node))
                    foreach (var subject in subjects.Cover(grant.Subjects)) _suspects.Add((subject, node));
            }
            // The excepted classes of a group change with it.
            foreach (var node in groups)
            {
                foreach (var peer in levels.ExceptedIn(node))
                {
                    foreach (var subject in _subjectsOf.GetValueOrDefault(peer, NoClasses))
                        _suspects.Add((subject, peer));
                }
            }
            foreach (var set in levels.OtherRealms)
            {
                foreach (var grant in _byPeers.GetValueOrDefault((universe, set), NoGrants))
                    foreach (var subject in subjects.Cover(grant.Subjects)) SuspectRealms(subject, universe, set);
            }
            levels.OtherRealms.Empty();
        }
        foreach (var grant in _fresh) Suspect(grant, known: false);
        _fresh.Empty();
        foreach (var pair in _suspects) Judge(pair, removed, added, unexcepted, excepted);
        _suspects.Empty();
    }

    /// <summary>All entries, sorted.</summary>
    public (List<AllowEntry> Allowed, List<ExceptEntry> Except) Entries()
    {
        var (allowed, except) = (new List<AllowEntry>(), new List<ExceptEntry>());
        foreach (var ((subject, peer), pair) in _pairs.OrderBy(p => p.Key.Subject.Id.Value)
            .ThenBy(p => p.Key.Peer.Id.Value))
        {
            foreach (var ports in pair.Ports) allowed.Add(new AllowEntry(subject.Id, peer.Id, ports));
            if (pair.IsExcepted) except.Add(new ExceptEntry(subject.Id, peer.Id));
        }
        return (allowed, except);
    }

    /// <param name="known">Whether the grant is being removed: then only existing pairs can change.</param>
    private void Suspect(Grant grant, bool known)
    {
        var covered = peers.Cover(grant.Peers).Concat(peers.Excepted(grant.Peers)).ToList();
        foreach (var subject in subjects.Cover(grant.Subjects))
        {
            foreach (var peer in covered)
                if (!known || _pairs.ContainsKey((subject, peer))) _suspects.Add((subject, peer));
            // A pair that another grant excepts may be allowed by this grant, so it must be judged again too.
            SuspectExcepted(subject);
        }
    }

    private void SuspectRealms(ClassNode subject, int universe, SetId set)
    {
        foreach (var realm in peers.RealmsOf(universe, set)) _suspects.Add((subject, realm));
        foreach (var peer in _peersOf.GetValueOrDefault(subject, NoClasses))
            if (peer.Level == ClassLevel.Realm && peer.Universe == universe) _suspects.Add((subject, peer));
        SuspectExcepted(subject);
    }

    private void SuspectExcepted(ClassNode subject)
    {
        foreach (var peer in _peersOf.GetValueOrDefault(subject, NoClasses))
            if (_pairs[(subject, peer)].IsExcepted) _suspects.Add((subject, peer));
    }

    private void Judge((ClassNode Subject, ClassNode Peer) pair, List<AllowEntry> removed, List<AllowEntry> added,
        List<ExceptEntry> unexcepted, List<ExceptEntry> excepted)
    {
        var (old, now) = (_pairs.GetValueOrDefault(pair), Judge(pair.Subject, pair.Peer));
        var (subject, peer) = (pair.Subject.Id, pair.Peer.Id);
        if (old?.IsExcepted == true && now?.IsExcepted != true) unexcepted.Add(new ExceptEntry(subject, peer));
        if (old?.IsExcepted != true && now?.IsExcepted == true) excepted.Add(new ExceptEntry(subject, peer));
        foreach (var ports in old?.Ports ?? [])
            if (now is null || !now.Ports.Contains(ports)) removed.Add(new AllowEntry(subject, peer, ports));
        foreach (var ports in now?.Ports ?? [])
            if (old is null || !old.Ports.Contains(ports)) added.Add(new AllowEntry(subject, peer, ports));
        if (now is not null)
        {
            _pairs[pair] = now;
            if (old is not null) return;
            Index(_peersOf, pair.Subject, pair.Peer);
            Index(_subjectsOf, pair.Peer, pair.Subject);
        }
        else if (_pairs.Remove(pair))
        {
            Unindex(_peersOf, pair.Subject, pair.Peer);
            Unindex(_subjectsOf, pair.Peer, pair.Subject);
        }
    }

    /// <summary>The ports that the grants allow to a pair, and whether one excepts it; null: neither.</summary>
    private Pair? Judge(ClassNode subject, ClassNode peer)
    {
        if (subject.Cells == 0 || (peer.Cells == 0 && peer.Level != ClassLevel.Realm)) return null;
        var (ports, isExcepted) = (new List<PortRange>(), false);
        foreach (var grant in GrantsOfBoth(subject, peer))
        {
            var set = grant.Peers[peer.Universe]!.Value;
            if (Means(peer, set)) ports.AddRange(grant.Ports);
            isExcepted |= peer is { Level: ClassLevel.Exact } && peer.Has(set, TagKind.Except);
        }
        // An excepted pair skips group and realm, so it needs entries for what the subject's other wide grants allow.
        if (isExcepted)
        {
            foreach (var grant in GrantsOf(subject))
            {
                if (grant.Peers[peer.Universe] is { } set && !peer.Has(set, TagKind.Except) && IsInWide(peer, set))
                    ports.AddRange(grant.Ports);
            }
        }
        return ports.Count == 0 && !isExcepted ? null : new Pair(PortRange.Merge(ports), isExcepted);
    }

    private bool Means(ClassNode peer, SetId set) => peer.Level switch
    {
        ClassLevel.Exact => peer.Has(set, TagKind.Member),
        ClassLevel.Group => peers.Levels[peer.Universe].IsWrittenWith(set, peer),
        _ => (peers.Levels[peer.Universe].Realms(set) >> PeerUniverses.FamilyOf(peer) & 1) != 0,
    };

    /// <summary>
    /// Whether an excepted class lies in what a set is written with, exact classes aside. Such a class is of one
    /// family.
    /// </summary>
    private bool IsInWide(ClassNode peer, SetId set)
    {
        var levels = peers.Levels[peer.Universe];
        if (peer.Within is { } group && levels.IsWrittenWith(set, group)) return true;
        var realms = levels.Realms(set);
        for (var family = 0; family < Levels.Families; family++)
            if ((realms >> family & 1) != 0 && Array.BinarySearch(peer.Signature, Tag.Family(family)) >= 0) return true;
        return false;
    }

    private IEnumerable<Grant> GrantsOf(ClassNode subject) =>
        subjects.SetsOf(subject).SelectMany(set => _bySubjects.GetValueOrDefault(set, NoGrants));

    private IEnumerable<Grant> GrantsTo(ClassNode peer) =>
        peers.Levels[peer.Universe].SetsOf(peer)
        .SelectMany(set => _byPeers.GetValueOrDefault((peer.Universe, set), NoGrants));

    /// <summary>The grants that concern both ends, found from the end with fewer grants.</summary>
    private IEnumerable<Grant> GrantsOfBoth(ClassNode subject, ClassNode peer)
    {
        var fromSubject = 0;
        foreach (var set in subjects.SetsOf(subject)) fromSubject += _bySubjects.GetValueOrDefault(set, NoGrants).Count;
        var fromPeer = peer.Level == ClassLevel.Realm ? int.MaxValue : 0;
        if (fromPeer == 0)
        {
            foreach (var set in peers.Levels[peer.Universe].SetsOf(peer))
                fromPeer += _byPeers.GetValueOrDefault((peer.Universe, set), NoGrants).Count;
        }
        return fromSubject <= fromPeer
            ? GrantsOf(subject).Where(g => g.Peers[peer.Universe] is not null)
            : GrantsTo(peer).Where(g => subject.Level == ClassLevel.Group
                ? subjects.IsWrittenWith(g.Subjects, subject) : subject.Has(g.Subjects, TagKind.Member));
    }

    private static List<ClassNode> Drain(HashSet<ClassNode> changed)
    {
        List<ClassNode> drained = [.. changed];
        changed.Empty();
        return drained;
    }

    private static void Index<TKey, TValue>(Dictionary<TKey, List<TValue>> index, TKey key, TValue value) where TKey
        : notnull
    {
        if (!index.TryGetValue(key, out var list)) index[key] = list = [];
        list.Add(value);
    }

    private static void Unindex<TKey, TValue>(Dictionary<TKey, List<TValue>> index, TKey key, TValue value) where TKey
        : notnull
    {
        index[key].Remove(value);
        if (index[key].Count == 0) index.Remove(key);
    }

    private static void Index(Dictionary<ClassNode, HashSet<ClassNode>> index, ClassNode key, ClassNode value)
    {
        if (!index.TryGetValue(key, out var set)) index[key] = set = [];
        set.Add(value);
    }

    private static void Unindex(Dictionary<ClassNode, HashSet<ClassNode>> index, ClassNode key, ClassNode value)
    {
        index[key].Remove(value);
        if (index[key].Count == 0) index.Remove(key);
    }
}
