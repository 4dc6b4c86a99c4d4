namespace Dataplane.Policy.Compilation.Classes;

/// <summary>
/// One element of a signature, as a number: a set, and the relation of an item or class to it (<see cref="TagKind"/>).
/// The numbers below <see cref="FirstSet"/> are not sets: they tell items apart independently of sets. Negative numbers
/// are groups: see <see cref="ClassNode.Within"/>.
/// </summary>
internal static class Tag
{
    public const int FirstSet = 2;

    /// <summary>At least one NetworkPolicy isolates the item.</summary>
    public const int Isolated = 0;

    public static int Of(SetId set, TagKind kind) => set.Value << 2 | (int)kind;

    public static int Family(int family) => 1 << 2 | family;

    public static int Within(ClassNode group) => ~(int)group.Id.Value;

    /// <summary>The set of a tag. For tags that are not of a set, an id below <see cref="FirstSet"/>.</summary>
    public static SetId Set(int tag) => new(tag >> 2);

    public static bool IsOfSet(int tag) => tag >> 2 >= FirstSet;

    public static TagKind Kind(int tag) => (TagKind)(tag & 3);
}

/// <summary>
/// The relation of an item or class to a set. Member: it is in the set. Group (in signatures of groups): it is in a set
/// with which wide sets are written. Except (in signatures of exact classes): it is not in the wide set, but in the
/// hull with which the set is written.
/// </summary>
internal enum TagKind { Member, Group = 2, Except }

/// <summary>Compares signatures by content. They are sorted.</summary>
internal sealed class SignatureComparer : IEqualityComparer<int[]>
{
    public static readonly SignatureComparer Instance = new();

    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(int[] obj)
    {
        var hash = new HashCode();
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(obj.AsSpan()));
        return hash.ToHashCode();
    }
}
