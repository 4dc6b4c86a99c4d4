using System.Net.Sockets;

namespace Dataplane.Policy.Compilation;

/// <summary>
/// The tiers of one direction. Tier policies are few and wide, so there is one level of classes, and the peers' realms: a rule for
/// everybody is an entry per family and subject, and only peers that a narrower rule of the same subject names have entries
/// of their own - complete ones, with all rules that apply to the pair resolved.
/// </summary>
internal sealed class TierCompiler
{
    private readonly AddressSpace _space;
    private readonly IReadOnlyList<TierGrant> _grants;
    private readonly AddressSet _isolated, _tiered, _named;
    private readonly Partition _subjects, _peers;
    private readonly uint _firstPeer;
    private readonly ExternalClasses _outside4, _outside6;

    public TierCompiler(AddressSpace space, Cluster cluster, Direction direction, AddressSet isolated)
    {
        _space = space;
        _isolated = isolated;
        _grants = TierGrants.Build(space, cluster, direction);
        _tiered = space.Nothing;
        _subjects = new Partition(space.Count);
        foreach (var set in _grants.Select(g => g.Subjects).Distinct())
        {
            _tiered.UnionWith(set);
            _subjects.Refine(set);
        }
        // Whether Baseline is asked depends on it.
        _subjects.Refine(isolated);
        _peers = new Partition(space.Count);
        _named = space.Nothing;
        foreach (var set in _grants.Select(g => space.BelowRealm(g.Peers)).Distinct())
        {
            _named.UnionWith(set);
            _peers.Refine(set);
        }
        // A rule for a whole realm applies to one family's pods, and never to the node: a class must not straddle them.
        foreach (var family in AddressFamilies.All) _peers.Refine(space.OfFamily(family));
        _firstPeer = Realm.FirstClass;
        _outside4 = Outside(AddressFamily.InterNetwork, _firstPeer + (uint)_peers.Count);
        _outside6 = Outside(AddressFamily.InterNetworkV6, _outside4.Next);
    }

    public TierRoles Roles(int address) => new(
        _tiered.Contains(address) ? Subject(address) : 0, _named.Contains(address) ? Peer(address) : 0);

    public TierTable Table()
    {
        var entries = new List<TierEntry>();
        foreach (var subject in _tiered.Members().DistinctBy(Subject).OrderBy(Subject))
        {
            var rules = _grants.Where(g => g.Subjects.Contains(subject)).ToList();
            foreach (var (peer, applicable) in Peers(rules).OrderBy(p => p.Peer))
                foreach (var (ports, verdict) in TierResolution.Resolve(applicable, _isolated.Contains(subject)))
                    entries.Add(new TierEntry(Subject(subject), peer, ports, verdict));
        }
        return new TierTable(entries, [.. _outside4.Ranges(), .. _outside6.Ranges()]);
    }

    private uint Subject(int address) => Realm.FirstClass + (uint)_subjects[address];

    private uint Peer(int address) => _firstPeer + (uint)_peers[address];

    /// <summary>The peer classes and realms that these rules name, each with all the rules that apply to it.</summary>
    private IEnumerable<(uint Peer, List<TierGrant> Rules)> Peers(List<TierGrant> rules)
    {
        foreach (var family in AddressFamilies.All)
        {
            if (rules.Where(g => _space.CoversAllPods(g.Peers, family)).ToList() is { Count: > 0 } forPods) yield return (Realm.Pods(family), forPods);
            if (rules.Where(g => ExternalPeers.CoversAll(g.External.Of(family), family)).ToList() is { Count: > 0 } forOutside) yield return (Realm.Outside(family), forOutside);
            var outside = family == AddressFamily.InterNetwork ? _outside4 : _outside6;
            foreach (var (id, sample) in rules.Select(g => g.External.Of(family)).Where(r => !ExternalPeers.CoversAll(r, family)).SelectMany(outside.Samples).DistinctBy(s => s.Class))
                yield return (id, [.. rules.Where(g => g.External.Of(family).Any(r => r.First <= sample && sample <= r.Last))]);
        }
        foreach (var address in rules.SelectMany(g => _space.BelowRealm(g.Peers).Members()).DistinctBy(a => _peers[a]))
            yield return (Peer(address), [.. rules.Where(g => g.Peers.Contains(address))]);
    }

    private ExternalClasses Outside(AddressFamily family, uint first) => new(
        [.. _grants.Select(g => g.External.Of(family)).Where(r => r.Count > 0 && !ExternalPeers.CoversAll(r, family))], family, first);
}
