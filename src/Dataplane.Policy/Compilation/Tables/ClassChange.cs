namespace Dataplane.Policy.Compilation.Tables;

/// <summary>
/// What one update of the compiler takes away and what it gives: two tables with nothing but the differences. What is replaced - an
/// address with other classes, a pair with other ports - is in both. Whole tables in their order are <see cref="Compiler.Table"/>'s.
/// </summary>
public sealed record ClassChange(ClassTable Removed, ClassTable Added);
