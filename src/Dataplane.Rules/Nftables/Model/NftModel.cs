using Dataplane.Linux.Nftables;

namespace Dataplane.Rules.Nftables.Model;

/// <summary>The planned content of a table. The same model is written as netlink messages and as nft text.</summary>
public sealed record NftTable(
    NftFamily Family, string Name, string Comment, IReadOnlyList<NftSet> Sets, IReadOnlyList<NftChain> Chains);

/// <summary>A base chain if <paramref name="Hook"/> is given, otherwise a chain that only jumps reach.</summary>
public sealed record NftChain(string Name, NftHookPoint? Hook, IReadOnlyList<NftRule> Rules);

/// <summary>The hook at which the kernel enters a base chain.</summary>
/// <param name="Type">filter, route or nat.</param>
/// <param name="Priority">Lower runs earlier; conntrack is -200, defragmentation -400.</param>
/// <param name="Policy">Accept or drop.</param>
public sealed record NftHookPoint(string Type, NftHook Hook, int Priority, NftVerdict Policy);

/// <summary>Statements in order; the rule ends at the first match that fails or at a verdict.</summary>
public sealed record NftRule(string? Comment, IReadOnlyList<NftStatement> Statements);

/// <summary>
/// A set, or a map if <paramref name="Data"/> is given. Elements hold data; verdicts only where nothing changes them.
/// </summary>
public sealed record NftSet(
    string Name, IReadOnlyList<NftType> Key, NftType? Data, bool IsInterval, IReadOnlyCollection<NftElement> Elements)
{
    public bool IsConcatenation => Key.Count > 1;

    /// <summary>Maximum number of elements; null: not limited.</summary>
    public uint? Size { get; init; }

    /// <summary>Set if the kernel adds or removes elements by itself; those are not part of the model.</summary>
    public NftLifetime? Lifetime { get; init; }
}
