namespace Dataplane.Policy.Compilation.Classes;

/// <summary>
/// A set of items, and how rules that name it are written at present: see <see cref="Levels"/>.
/// </summary>
/// <param name="hull">At least its members, and what wide rules like it have in common; null: nothing but the set
/// itself.</param>
internal sealed class LevelSet(int id, LevelSet? hull)
{
    private readonly int[] _members = new int[Levels.Families];

    public int Id => id;
    public LevelSet? Hull => hull;

    /// <summary>The cells that hold its items.</summary>
    public HashSet<Cell> Cells { get; } = [];

    /// <summary>Rules name the set; otherwise it is only the hull of others.</summary>
    public bool IsNamed { get; set; }

    /// <summary>Sets of which it is the hull.</summary>
    public HashSet<LevelSet> HullOf { get; } = [];

    /// <summary>Wide sets that are written with this one as their base, less what they except.</summary>
    public HashSet<LevelSet> BaseOf { get; } = [];

    /// <summary>The set whose groups it is written with, less exceptions. Null: it is narrow.</summary>
    public LevelSet? Base { get; set; }

    /// <summary>Families, as bits, all of whose items are in it.</summary>
    public int MemberRealms { get; private set; }

    /// <summary>The realms that it is written with, as last updated.</summary>
    public int Realms { get; set; }

    public int WrittenRealms => (Base ?? this).MemberRealms;

    public void Count(int family, int by) => _members[family] += by;

    /// <returns>Whether its realms have changed.</returns>
    public bool Measure(ReadOnlySpan<int> totals)
    {
        var realms = 0;
        // The node's own addresses are of no realm.
        for (var family = 0; family < Levels.Node; family++)
            if (totals[family] > 0 && _members[family] == totals[family]) realms |= 1 << family;
        var differs = realms != MemberRealms;
        MemberRealms = realms;
        return differs;
    }
}
