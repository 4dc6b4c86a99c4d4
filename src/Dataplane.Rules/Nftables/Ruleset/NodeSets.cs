using System.Net.Sockets;
using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Model;
namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>The sets of both tables, empty, each with what fills it.</summary>
internal static class NodeSets
{
    private static readonly NftType[] Pair = [NftType.Mark, NftType.ClassId];
    private static readonly NftType[] PairAndProtocol = [.. Pair, NftType.Protocol];
    private static readonly NftType[] PairAndPort = [.. PairAndProtocol, NftType.Port];

    // The kernel walks a table's sets to find one by its name (nft_set_lookup), each time: what a pod or an edit changes comes first.
    private static readonly List<SetRole> Often = [SetRole.EpochOk, SetRole.EpochNow, SetRole.Self, SetRole.Subject, SetRole.Port, SetRole.Any, SetRole.Isolated];

    public static IEnumerable<NftSet> Bridge() => Families(SetNames.Identity,
        (name, address, family) => Set(name, [NftType.InterfaceName, NftType.Ether, address], NftType.Mark, new SetFilling(SetRole.Identity, true, family)));

    public static IEnumerable<NftSet> Inet() => ((IEnumerable<NftSet>)[
        .. Direction(SetNames.Egress, NftType.Mark, NftType.ClassId),
        .. Direction(SetNames.Ingress, NftType.ClassId, NftType.Mark),
        .. Tiers(SetNames.Egress, NftType.ClassId, NftType.Mark),
        .. Tiers(SetNames.Ingress, NftType.Mark, NftType.ClassId),
        .. Families(SetNames.Self, (name, address, family) => Set(name, [address, address], null, new SetFilling(SetRole.Self, false, family))),
        Set(SetNames.EpochOk, [NftType.Mark], null, new SetFilling(SetRole.EpochOk)),
        Set(SetNames.EpochNow, [NftType.NfProto], NftType.Mark, new SetFilling(SetRole.EpochNow)),
    ]).OrderBy(s => (uint)Often.IndexOf(s.Filling!.Value.Role));

    private static IEnumerable<NftSet> Direction(DirectionSets names, NftType subject, NftType peer) =>
    [
        .. Classes(names, names.Subject, SetRole.Subject, subject), .. Classes(names, names.SubjectGroup, SetRole.SubjectGroup, subject),
        .. Classes(names, names.Peer, SetRole.Peer, peer), .. Classes(names, names.PeerGroup, SetRole.PeerGroup, peer),
        .. Outside(names, names.Outside, SetRole.Outside, peer), .. Outside(names, names.OutsideGroup, SetRole.OutsideGroup, peer),
        Pairs(names, names.Isolated, SetRole.Isolated, [subject]),
        // Marks come before class ids in every key, so the pair's order depends on the direction.
        Pairs(names, names.Except, SetRole.Except, Pair),
        Pairs(names, names.Any, SetRole.Any, Pair),
        Pairs(names, names.Protocol, SetRole.Protocol, PairAndProtocol),
        Pairs(names, names.Port, SetRole.Port, PairAndPort),
        Pairs(names, names.Range, SetRole.Range, PairAndPort) with { IsInterval = true, Size = null },
    ];

    private static IEnumerable<NftSet> Tiers(DirectionSets names, NftType subject, NftType peer) =>
    [
        .. Classes(names, names.TierSubject, SetRole.TierSubject, subject), .. Classes(names, names.TierPeer, SetRole.TierPeer, peer),
        .. Outside(names, names.TierOutside, SetRole.TierOutside, peer),
        Pairs(names, names.TierAny, SetRole.TierAny, Pair, NftType.Mark),
        Pairs(names, names.TierProtocol, SetRole.TierProtocol, PairAndProtocol, NftType.Mark),
        Pairs(names, names.TierPort, SetRole.TierPort, PairAndPort, NftType.Mark),
        Pairs(names, names.TierRange, SetRole.TierRange, PairAndPort, NftType.Mark) with { IsInterval = true, Size = null },
    ];

    private static IEnumerable<NftSet> Classes(DirectionSets names, string name, SetRole role, NftType data) =>
        Families(name, (of, address, family) => Set(of, [address], data, new SetFilling(role, names == SetNames.Egress, family)));

    private static IEnumerable<NftSet> Outside(DirectionSets names, string name, SetRole role, NftType data) =>
        Classes(names, name, role, data).Select(s => s with { IsInterval = true, Size = null });

    private static NftSet Pairs(DirectionSets names, string name, SetRole role, NftType[] key, NftType? data = null) =>
        Set(name, key, data, new SetFilling(role, names == SetNames.Egress));

    private static NftSet Set(string name, NftType[] key, NftType? data, SetFilling filling) => new(name, key, data, false, []) { Filling = filling, Size = 0 };

    private static IEnumerable<NftSet> Families(string name, Func<string, NftType, AddressFamily, NftSet> set) =>
        [set(name + "4", NftType.Ipv4, AddressFamily.InterNetwork), set(name + "6", NftType.Ipv6, AddressFamily.InterNetworkV6)];
}
