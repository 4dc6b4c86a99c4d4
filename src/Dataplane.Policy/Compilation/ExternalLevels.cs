using System.Net.Sockets;

namespace Dataplane.Policy.Compilation;

/// <summary>Classes, groups and the realm of addresses outside the pod network, of one family and direction.</summary>
internal sealed class ExternalLevels
{
    private readonly AddressFamily _family;
    private readonly AddressLine _line;

    public ExternalLevels(IEnumerable<ExternalSet> rules, AddressFamily family, uint first, int narrowLimit)
    {
        _family = family;
        var sets = rules.ToList();
        _line = new AddressLine(sets.SelectMany(s => s.Members.Of(family).Concat(s.Hull.Of(family))), family);
        Levels = new ClassLevels([.. sets.Select(Pieces).Distinct()], _line.Count, first,
            [new RealmItems(_line.Pieces(ExternalPeers.Everyone.Of(family)), Realm.Outside(family))], narrowLimit);
    }

    public ClassLevels Levels { get; }

    public PeerSet Pieces(ExternalSet rule) => new(_line.Pieces(rule.Members.Of(_family)), _line.Pieces(rule.Hull.Of(_family)));

    /// <summary>Ranges and their exact classes; addresses in none are left out.</summary>
    public IEnumerable<CidrClass> Ranges() => _line.Classes(Levels.ExactOrNone);

    /// <summary>Ranges and their groups.</summary>
    public IEnumerable<CidrClass> Groups() => _line.Classes(Levels.Group);
}
