namespace Dataplane.Policy.Compilation.Tables;

/// <summary>
/// The entries that one update of the compiler removes and adds. Both tables have only differences and are not sorted.
/// A replaced entry, such as an address with other classes, is in both.
/// </summary>
public sealed record ClassChange(ClassTable Removed, ClassTable Added);
