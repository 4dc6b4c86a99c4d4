using System.Net.Sockets;
using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Model;

namespace Dataplane.Rules.Nftables.Parts;

/// <summary>Makes sets that pods and policies fill.</summary>
internal static class FamilySets
{
    /// <summary>A set of each family: IPv4 has a name that ends in 4, IPv6 one that ends in 6.</summary>
    public static IEnumerable<PartSet> Both(string name, Func<string, NftType, AddressFamily, PartSet> set) =>
    [
        set(name + "4", NftType.Ipv4, AddressFamily.InterNetwork),
        set(name + "6", NftType.Ipv6, AddressFamily.InterNetworkV6),
    ];

    /// <summary>An empty set whose size follows the number of its elements.</summary>
    /// <param name="data">Null: not a map.</param>
    public static PartSet Set(string name, NftType[] key, NftType? data, ElementSource source) =>
        new(new NftSet(name, key, data, false, []) { Size = 0 }, source);

    /// <summary>The same as an interval set, which has no size in the kernel.</summary>
    public static PartSet AsIntervals(this PartSet set) =>
        set with { Set = set.Set with { IsInterval = true, Size = null } };
}
