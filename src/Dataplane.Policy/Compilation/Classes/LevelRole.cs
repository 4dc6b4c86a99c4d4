using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Policy.Compilation.Classes;

/// <summary>The kind of items that a <see cref="Levels"/> classifies, and how.</summary>
/// <param name="Universe">Its place among those of its direction.</param>
/// <param name="NarrowLimit">A set of more classes than this is written with groups.</param>
/// <param name="Empty">The exact class of items that no set contains.</param>
/// <param name="Isolation">Isolated items are of other exact classes: always, or (null) where some set names them, or
/// never.</param>
/// <param name="SplitsFamilies">No exact class has items of two families.</param>
/// <param name="HasRealms">A set that contains all items of a family is written as its realm.</param>
internal sealed record LevelRole(int Universe, int NarrowLimit, uint Empty, bool? Isolation, bool SplitsFamilies,
    bool HasRealms)
{
    /// <summary>The default of <see cref="NarrowLimit"/>.</summary>
    public const int DefaultLimit = 8;

    public static LevelRole Subjects(int narrowLimit) => new(0, narrowLimit, Realm.FirstClass, true, false, false);
    public static LevelRole Peers(int universe, int narrowLimit) => new(universe, narrowLimit, 0, false, false, true);
    public static readonly LevelRole TierSubjects = new(0, int.MaxValue, 0, null, false, false);
    public static LevelRole TierPeers(int universe) => new(universe, int.MaxValue, 0, false, true, true);
}
