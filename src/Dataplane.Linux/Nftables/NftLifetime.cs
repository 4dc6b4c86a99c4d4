namespace Dataplane.Linux.Nftables;

/// <summary>A set whose elements are added by rules or expire.</summary>
/// <param name="Size">Maximum number of elements; more are not added.</param>
/// <param name="Timeout">An element expires this long after its last renewal; null: never.</param>
/// <param name="ByRules">Whether rules add elements.</param>
public sealed record NftLifetime(uint Size, TimeSpan? Timeout, bool ByRules);
