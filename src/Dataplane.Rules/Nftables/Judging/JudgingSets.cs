using Dataplane.Linux.Nftables;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Nftables.Parts;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>
/// The sets of the judging part, empty, each with the source of its elements. docs/sets.md lists them.
/// </summary>
internal static class JudgingSets
{
    // Marks come before class ids in every key, so the order of subject and peer depends on the direction.
    private static readonly NftType[] Pair = [NftType.Mark, NftType.ClassId];
    private static readonly NftType[] PairAndProtocol = [.. Pair, NftType.Protocol];
    private static readonly NftType[] PairAndPort = [.. PairAndProtocol, NftType.Port];

    /// <summary>
    /// The sets that a new pod or an edit changes most often. They come first in the table: the kernel walks the list
    /// of a table's sets for every message that names one (nft_set_lookup).
    /// </summary>
    private static readonly List<string> First =
    [
        SetNames.EpochOk, SetNames.EpochNow, SetNames.Self + "4", SetNames.Self + "6",
        SetNames.Egress.Subject + "4", SetNames.Egress.Subject + "6", SetNames.Ingress.Subject + "4",
            SetNames.Ingress.Subject + "6",
        SetNames.Egress.Port, SetNames.Ingress.Port, SetNames.Egress.Any, SetNames.Ingress.Any,
        SetNames.Egress.Isolated, SetNames.Ingress.Isolated,
    ];

    public static IReadOnlyList<PartSet> All() => [.. ((IEnumerable<PartSet>)
    [
        .. Direction(SetNames.Egress, isEgress: true), .. Direction(SetNames.Ingress, isEgress: false),
        .. Tiers(SetNames.Egress, isEgress: true), .. Tiers(SetNames.Ingress, isEgress: false),
        .. FamilySets.Both(SetNames.Self, (name, address, family) =>
            FamilySets.Set(name, [address, address], null, new SelfSource(family))),
        FamilySets.Set(SetNames.TierNode, [NftType.NfProto], NftType.Mark, new NodeClassSource()),
        FamilySets.Set(SetNames.EpochOk, [NftType.Mark], null, new EpochOkSource()),
        FamilySets.Set(SetNames.EpochNow, [NftType.NfProto], NftType.Mark, new EpochNowSource()),
    ]).OrderBy(s => (uint)First.IndexOf(s.Set.Name))];

    private static IEnumerable<PartSet> Direction(DirectionSets names, bool isEgress)
    {
        var (subject, peer) = isEgress ? (NftType.Mark, NftType.ClassId) : (NftType.ClassId, NftType.Mark);
        return
        [
            .. Classes(names.Subject, ClassRole.Subject, isEgress, subject),
            .. Classes(names.SubjectGroup, ClassRole.SubjectGroup, isEgress, subject),
            .. Classes(names.Peer, ClassRole.Peer, isEgress, peer),
            .. Classes(names.PeerGroup, ClassRole.PeerGroup, isEgress, peer),
            .. Outside(names.Outside, table => table.Direction(isEgress).Outside, peer),
            .. Outside(names.OutsideGroup, table => table.Direction(isEgress).OutsideGroups, peer),
            FamilySets.Set(names.Isolated, [subject], null, new IsolatedSource(isEgress)),
            FamilySets.Set(names.Except, Pair, null, new ExceptSource(isEgress)),
            FamilySets.Set(names.Any, Pair, null, new AllowedSource(PortForm.Everything, isEgress)),
            FamilySets.Set(names.Protocol, PairAndProtocol, null, new AllowedSource(PortForm.Protocol, isEgress)),
            FamilySets.Set(names.Port, PairAndPort, null, new AllowedSource(PortForm.Port, isEgress)),
            FamilySets.Set(names.Range, PairAndPort, null, new AllowedSource(PortForm.Range, isEgress)).AsIntervals(),
        ];
    }

    /// <summary>In the tiers the registers are exchanged: egress has its subject in the priority.</summary>
    private static IEnumerable<PartSet> Tiers(DirectionSets names, bool isEgress)
    {
        var (subject, peer) = isEgress ? (NftType.ClassId, NftType.Mark) : (NftType.Mark, NftType.ClassId);
        return
        [
            .. Classes(names.TierSubject, ClassRole.TierSubject, isEgress, subject),
            .. Classes(names.TierPeer, ClassRole.TierPeer, isEgress, peer),
            .. Outside(names.TierOutside, table => table.Tiers(isEgress).Outside, peer),
            FamilySets.Set(names.TierAny, Pair, NftType.Mark, new TierSource(PortForm.Everything, isEgress)),
            FamilySets.Set(names.TierProtocol, PairAndProtocol, NftType.Mark,
                new TierSource(PortForm.Protocol, isEgress)),
            FamilySets.Set(names.TierPort, PairAndPort, NftType.Mark, new TierSource(PortForm.Port, isEgress)),
            FamilySets.Set(names.TierRange, PairAndPort, NftType.Mark, new TierSource(PortForm.Range, isEgress))
                .AsIntervals(),
        ];
    }

    private static IEnumerable<PartSet> Classes(string name, ClassRole role, bool isEgress, NftType data) =>
        FamilySets.Both(name, (of, address, family) =>
            FamilySets.Set(of, [address], data, new ClassSource(role, isEgress, family)));

    private static IEnumerable<PartSet> Outside(string name, Func<ClassTable, IReadOnlyList<CidrClass>> ranges,
        NftType data) =>
        FamilySets.Both(name, (of, address, family) =>
            FamilySets.Set(of, [address], data, new OutsideSource(ranges, family)).AsIntervals());
}
