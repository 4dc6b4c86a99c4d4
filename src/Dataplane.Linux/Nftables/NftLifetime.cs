namespace Dataplane.Linux.Nftables;

/// <summary>A set whose elements come and go by themselves.</summary>
/// <param name="Size">It never holds more: what is beyond is not added.</param>
/// <param name="Timeout">An element that nothing renews ends after this time; null: it stays.</param>
/// <param name="ByRules">Rules add elements, packet by packet.</param>
public sealed record NftLifetime(uint Size, TimeSpan? Timeout, bool ByRules);
