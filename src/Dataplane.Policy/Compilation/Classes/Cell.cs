namespace Dataplane.Policy.Compilation.Classes;

/// <summary>The properties that tell items apart independently of sets.</summary>
/// <param name="Family">The address family, which decides the realm: 0, 1, or <see cref="Levels.Node"/>.</param>
/// <param name="IsIsolated">Whether at least one NetworkPolicy isolates the items.</param>
internal readonly record struct Standing(int Family, bool IsIsolated);

/// <summary>Items of one standing that belong to the same sets. Classes are made of whole cells.</summary>
internal sealed class Cell(Standing standing, int[] memberships, Cell? from)
{
    public Standing Standing => standing;

    /// <summary>Sorted tags of kind Member.</summary>
    public int[] Memberships { get; set; } = memberships;

    public List<int> Items { get; } = [];

    /// <summary>
    /// The signature under which <see cref="SignatureCounts"/> last counted the cell; null: not counted yet.
    /// </summary>
    public int[]? Counted { get; set; }

    /// <summary>
    /// The cell's exact class and its group. A new cell has those of the cell that its first items came from.
    /// </summary>
    public ClassNode?[] Classes { get; } = from is null ? new ClassNode?[2] : [.. from.Classes];

    /// <summary>By level: whether the cell is counted in <see cref="ClassNode.Cells"/> of its class.</summary>
    public bool[] IsCounted { get; } = new bool[2];

    public bool IsIn(SetId set) => Array.BinarySearch(Memberships, Tag.Of(set, TagKind.Member)) >= 0;

    public ClassNode Exact => Classes[(int)ClassLevel.Exact]!;
    public ClassNode Group => Classes[(int)ClassLevel.Group]!;
}

internal sealed class CellComparer : IEqualityComparer<(Standing Standing, int[] Memberships)>
{
    public static readonly CellComparer Instance = new();

    public bool Equals((Standing Standing, int[] Memberships) x, (Standing Standing, int[] Memberships) y) =>
        x.Standing == y.Standing && SignatureComparer.Instance.Equals(x.Memberships, y.Memberships);

    public int GetHashCode((Standing Standing, int[] Memberships) obj) =>
        HashCode.Combine(obj.Standing, SignatureComparer.Instance.GetHashCode(obj.Memberships));
}
