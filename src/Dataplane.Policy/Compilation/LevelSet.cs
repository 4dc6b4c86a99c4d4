namespace Dataplane.Policy.Compilation;

/// <summary>A set of items that rules name, and how it is written at the moment: see <see cref="Levels"/>.</summary>
internal sealed class LevelSet(int id)
{
    /// <summary>Items by family: members, and those in the hull only.</summary>
    private readonly int[] _members = new int[Levels.Families], _hulls = new int[Levels.Families];

    public int Id => id;

    /// <summary>Where its items are.</summary>
    public HashSet<Cell> Cells { get; } = [];

    /// <summary>It is written with groups and exceptions.</summary>
    public bool IsWide { get; set; }

    /// <summary>Its groups are those of its hull; else of its members.</summary>
    public bool UsesHull { get; set; }

    /// <summary>Families, as bits, all of whose items are members; or members or in the hull.</summary>
    public int MemberRealms { get; private set; }
    public int HullRealms { get; private set; }

    /// <summary>The realms that it is written with.</summary>
    public int Realms { get; set; }

    /// <summary>What its realms are, the way it is written.</summary>
    public int WrittenRealms => IsWide && UsesHull ? HullRealms : MemberRealms;

    public void Count(int family, TagKind kind, int by) => (kind == TagKind.Member ? _members : _hulls)[family] += by;

    /// <returns>Whether its realms are others now.</returns>
    public bool Measure(ReadOnlySpan<int> totals)
    {
        var (members, hulls) = (0, 0);
        // The node's own addresses are of no realm.
        for (var family = 0; family < Levels.Node; family++)
        {
            if (totals[family] == 0) continue;
            if (_members[family] == totals[family]) members |= 1 << family;
            if (_members[family] + _hulls[family] == totals[family]) hulls |= 1 << family;
        }
        var differs = (members, hulls) != (MemberRealms, HullRealms);
        (MemberRealms, HullRealms) = (members, hulls);
        return differs;
    }
}
