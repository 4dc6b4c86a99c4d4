namespace Dataplane.Policy.Compilation.Classes;

/// <summary>
/// One word of a signature: a set and what an item or a class is to it, as one number. The first numbers are no sets:
/// they distinguish items independently of sets. Negative ones are groups: see <see cref="ClassNode.Within"/>.
/// </summary>
internal static class Tag
{
    public const int FirstSet = 2;

    /// <summary>At least one NetworkPolicy isolates the item.</summary>
    public const int Isolated = 0;

    public static int Of(int set, TagKind kind) => set << 2 | (int)kind;

    public static int Family(int family) => 1 << 2 | family;

    public static int Within(ClassNode group) => ~(int)group.Id;

    public static int Set(int tag) => tag >> 2;

    public static TagKind Kind(int tag) => (TagKind)(tag & 3);
}

/// <summary>
/// Member: the item is in the set. Group (in signatures of groups): it is in a set that wide sets are written with.
/// Except (in exact signatures): it is not in the wide set, but in the hull that the set is written with.
/// </summary>
internal enum TagKind { Member, Group = 2, Except }

/// <summary>Signatures are sorted and equal by content.</summary>
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
