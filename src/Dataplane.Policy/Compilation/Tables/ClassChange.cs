namespace Dataplane.Policy.Compilation.Tables;

/// <summary>
/// The entries that one update of the compiler removes and adds: two tables of the differences alone. What is replaced
/// - an address with other classes, a pair with other ports - is in both. Neither is sorted.
/// </summary>
public sealed record ClassChange(ClassTable Removed, ClassTable Added);
