using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Services.Tables;

namespace Dataplane.Rules.Nftables.Services;

/// <summary>The sets of Services, empty, each with the source of its elements. docs/sets.md lists them.</summary>
internal static class ServiceSets
{
    /// <summary>
    /// Maximum number of clients and pools of one family that are remembered; others are chosen a backend anew.
    /// </summary>
    private const uint Clients = 65_536;

    /// <summary>Every rule that adds a client has a timeout of its own; this one only makes the map one with timeouts.
    /// </summary>
    private static readonly TimeSpan UsualAffinity = TimeSpan.FromHours(3);

    public static IEnumerable<PartSet> All() =>
    [
        .. Frontends(SetNames.Frontend, SetNames.NodePort, FrontendSide.Inside),
        .. Frontends(SetNames.FrontendOutside, SetNames.NodePortOutside, FrontendSide.Outside),
        .. FamilySets.Both(SetNames.NodeAddress, (name, address, family) =>
            FamilySets.Set(name, [address], null, new PlainAddressSource(areNodes: true, family))),
        .. FamilySets.Both(SetNames.ServiceAddress, (name, address, family) =>
            FamilySets.Set(name, [address], null, new PlainAddressSource(areNodes: false, family))),
        FamilySets.Set(SetNames.Pool, [NftType.Mark], NftType.ClassId, new PoolSource()),
        FamilySets.Set(SetNames.Slot, [NftType.Mark, NftType.ClassId], NftType.ClassId,
            new SlotSource(isMember: false)),
        FamilySets.Set(SetNames.Member, [NftType.Mark, NftType.ClassId], null, new SlotSource(isMember: true)),
        .. FamilySets.Both(SetNames.Backend, (name, address, family) => FamilySets.Set(name, [NftType.ClassId],
            address == NftType.Ipv4 ? NftType.Ipv4AndPort : NftType.Ipv6AndPort, new BackendSource(family))),
        .. FamilySets.Both(SetNames.ServiceSource, (name, address, family) =>
            FamilySets.Set(name, [NftType.Mark, address], null, new ReachSource(family)).AsIntervals()),
        .. FamilySets.Both(SetNames.Affinity, (name, address, _) => new PartSet(
            new NftSet(name, [NftType.Mark, address], NftType.ClassId, false, [])
            {
                Lifetime = new NftLifetime(Clients, UsualAffinity, ByRules: true),
            }, null)),
        new PartSet(new NftSet(SetNames.Spread, [NftType.ClassId], NftType.Verdict, false, [.. SpreadChains.Map()]),
            null),
    ];

    private static IEnumerable<PartSet> Frontends(string addresses, string nodePorts, FrontendSide side) =>
    [
        .. FamilySets.Both(addresses, (name, address, family) => FamilySets.Set(name,
            [address, NftType.Protocol, NftType.Port], NftType.Mark,
            new FrontendSource(side, isNodePort: false, family))),
        .. FamilySets.Both(nodePorts, (name, _, family) => FamilySets.Set(name,
            [NftType.Protocol, NftType.Port], NftType.Mark, new FrontendSource(side, isNodePort: true, family))),
    ];
}
