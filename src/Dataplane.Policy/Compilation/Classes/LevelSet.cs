namespace Dataplane.Policy.Compilation.Classes;

/// <summary>
/// A set of items, and the classes with which its rules are written at present: see <see cref="Levels"/>.
/// </summary>
/// <param name="hull">
/// A set that contains it and that similar wide rules share, such as the namespace of a selector; null: none.
/// </param>
internal sealed class LevelSet(SetId id, LevelSet? hull)
{
    private readonly int[] _members = new int[Levels.Families];

    public SetId Id => id;
    public LevelSet? Hull => hull;

    /// <summary>The cells that hold its items.</summary>
    public HashSet<Cell> Cells { get; } = [];

    /// <summary>Whether rules name the set. If not, it is only the hull of others.</summary>
    public bool IsNamed { get; set; }

    /// <summary>Sets of which it is the hull.</summary>
    public HashSet<LevelSet> HullOf { get; } = [];

    /// <summary>Wide sets whose <see cref="Base"/> this set is.</summary>
    public HashSet<LevelSet> BaseOf { get; } = [];

    /// <summary>
    /// The set, itself or its hull, whose groups it is written with, less exceptions. Null: the set is narrow and
    /// written with exact classes.
    /// </summary>
    public LevelSet? Base { get; set; }

    /// <summary>The families, as bits, whose items are all in the set.</summary>
    public int MemberRealms { get; private set; }

    /// <summary>The families, as bits, with whose realms it was last written.</summary>
    public int Realms { get; set; }

    public int WrittenRealms => (Base ?? this).MemberRealms;

    public void Count(int family, int by) => _members[family] += by;

    /// <returns>Whether its realms have changed.</returns>
    public bool Measure(ReadOnlySpan<int> totals)
    {
        var realms = 0;
        // The node's own addresses belong to no realm.
        for (var family = 0; family < Levels.Node; family++)
            if (totals[family] > 0 && _members[family] == totals[family]) realms |= 1 << family;
        var differs = realms != MemberRealms;
        MemberRealms = realms;
        return differs;
    }
}
