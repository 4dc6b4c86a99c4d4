using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Policy.Compilation.Classes;

/// <summary>The kind of items that a <see cref="Levels"/> classifies, and the options for them.</summary>
/// <param name="Universe">The index among the universes of the direction: see <see cref="Sets.Universe"/>.</param>
/// <param name="NarrowLimit">
/// Maximum number of classes of a narrow set. A set of more classes is written with groups.
/// </param>
/// <param name="Empty">The number of the exact class of items that no set contains.</param>
/// <param name="Isolation">
/// Whether isolated and other items have different exact classes. Null: only those that are in some set.
/// </param>
/// <param name="SplitsFamilies">Whether every exact class has items of one family only.</param>
/// <param name="HasRealms">Whether a set that contains all items of a family is written as the realm.</param>
internal sealed record LevelRole(int Universe, int NarrowLimit, ClassNumber Empty, bool? Isolation, bool SplitsFamilies,
    bool HasRealms)
{
    /// <summary>The default of <see cref="NarrowLimit"/>.</summary>
    public const int DefaultLimit = 8;

    public static LevelRole Subjects(int narrowLimit) => new(0, narrowLimit, Realm.FirstClass, true, false, false);
    public static LevelRole Peers(int universe, int narrowLimit) =>
        new(universe, narrowLimit, ClassNumber.None, false, false, true);
    public static readonly LevelRole TierSubjects = new(0, int.MaxValue, ClassNumber.None, null, false, false);
    public static LevelRole TierPeers(int universe) => new(universe, int.MaxValue, ClassNumber.None, false, true, true);
}
