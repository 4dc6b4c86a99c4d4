using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Policy.Compilation.Classes;

/// <summary>The level of a class: see <see cref="Levels"/>.</summary>
internal enum ClassLevel { Exact, Group, Realm }

/// <summary>A class: all items of one signature. It keeps its number when its signature changes as a whole.</summary>
/// <param name="universe">The index of its <see cref="Levels"/> among those of its direction.</param>
internal sealed class ClassNode(ClassNumber id, ClassLevel level, int universe, int[] signature)
{
    public ClassNumber Id => id;
    public ClassLevel Level => level;
    public int Universe => universe;
    public int[] Signature { get; set; } = signature;

    /// <summary>
    /// For an exact class that a set excepts, the one group that contains it. Null for other classes.
    /// </summary>
    public ClassNode? Within { get; set; }

    /// <summary>The number of cells of this class; at 0 the class no longer exists.</summary>
    public int Cells { get; set; }

    public bool Has(SetId set, TagKind kind) => Array.BinarySearch(Signature, Tag.Of(set, kind)) >= 0;
}
