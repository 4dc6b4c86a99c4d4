using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Policy.Diff;

/// <summary>
/// Numbers for what the compiled rules of one direction let a peer and a subject exchange: pairs of one number get one
/// answer for every port. Far fewer than pairs, since most pairs are only covered by wide rules.
/// </summary>
internal sealed class DirectionKeys
{
    /// <summary>The key of a subject that no policy restricts.</summary>
    public const int Open = 0;

    /// <summary>Numbers of the entries found, in the order the pair's classes are looked up; 0 for none.</summary>
    private readonly record struct Found(bool Isolated, int Exact, int Group, int Realm, int GroupExact, int GroupGroup,
        int GroupRealm, int Tier, int TierRealm);

    private readonly HashSet<ClassNumber> _isolated;
    private readonly HashSet<ulong> _except;
    private readonly Dictionary<ulong, int> _ports, _tiers;
    private readonly Dictionary<Found, int> _keys = new() { [default] = Open };

    public DirectionKeys(DirectionTable table, TierTable tiers)
    {
        _isolated = [.. table.Isolated];
        _except = [.. table.Except.Select(entry => Pair(entry.Subject, entry.Peer))];
        _ports = Numbered(table.Allowed.Select(entry => (Pair(entry.Subject, entry.Peer), $"{entry.Ports}")));
        _tiers = Numbered(tiers.Entries.Select(entry =>
            (Pair(entry.Subject, entry.Peer), $"{entry.Verdict} {entry.Ports}")));
    }

    /// <param name="realm">Of the peer; none for the node.</param>
    public int Of(RoleClasses subject, ClassNumber tierSubject, RoleClasses peer, ClassNumber tierPeer,
        ClassNumber realm)
    {
        // NetworkPolicies do not apply to a pod's own node.
        var isolated = !realm.IsNone && _isolated.Contains(subject.Subject);
        if (!isolated && tierSubject.IsNone)
        {
            return Open;
        }
        var found = new Found(isolated, 0, 0, 0, 0, 0, 0, Number(_tiers, tierSubject, tierPeer),
            Number(_tiers, tierSubject, realm));
        if (isolated)
        {
            var (exact, group, all) = Allowed(subject.Subject, peer, realm);
            found = found with { Exact = exact, Group = group, Realm = all };
            (exact, group, all) = Allowed(subject.SubjectGroup, peer, realm);
            found = found with { GroupExact = exact, GroupGroup = group, GroupRealm = all };
        }
        if (!_keys.TryGetValue(found, out var key))
        {
            _keys[found] = key = _keys.Count;
        }
        return key;
    }

    private (int Exact, int Group, int Realm) Allowed(ClassNumber subject, RoleClasses peer, ClassNumber realm)
    {
        if (subject.IsNone)
        {
            return default;
        }
        var exact = Number(_ports, subject, peer.Peer);
        return _except.Count > 0 && _except.Contains(Pair(subject, peer.Peer)) ? (exact, 0, 0)
            : (exact, Number(_ports, subject, peer.PeerGroup), Number(_ports, subject, realm));
    }

    private static int Number(Dictionary<ulong, int> numbers, ClassNumber subject, ClassNumber peer) =>
        subject.IsNone || peer.IsNone ? 0 : numbers.GetValueOrDefault(Pair(subject, peer));

    private static ulong Pair(ClassNumber subject, ClassNumber peer) => ((ulong)subject.Value << 32) | peer.Value;

    /// <summary>Pairs with the same entries get the same number, from 1.</summary>
    private static Dictionary<ulong, int> Numbered(IEnumerable<(ulong Pair, string Text)> entries)
    {
        var numbers = new Dictionary<string, int>();
        return entries.GroupBy(entry => entry.Pair, entry => entry.Text).ToDictionary(group => group.Key, group =>
        {
            var text = string.Join("; ", group);
            return numbers.TryGetValue(text, out var number) ? number : numbers[text] = numbers.Count + 1;
        });
    }
}
