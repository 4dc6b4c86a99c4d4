using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Identity;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Shape;
using static Dataplane.Rules.Nftables.Parts.RuleWriting;

namespace Dataplane.Rules.Nftables.Limits;

/// <summary>
/// Keeps one pod from filling the drop log or the connection table, and has the chains that drop. Every reason has a
/// chain of its own. Where the log is limited, its first counter counts all packets and the second those that are
/// logged; <c>log_limit</c> counts the others, so no drop is uncounted.
/// </summary>
internal static class LimitsPart
{
    /// <summary>
    /// Maximum number of elements of a set of sources. A bridge has at most BR_MAX_PORTS ports (1024,
    /// net/bridge/br_private.h), and a pod has one port and one address of each family.
    /// </summary>
    private const uint Sources = 4096;

    /// <summary>Time after which a source without drops is removed from the sets.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    /// <summary>Maximum time without a log limit: a verification that was killed does not restore it.</summary>
    private static readonly TimeSpan ProbingAtMost = TimeSpan.FromMinutes(10);

    public static RulesetPart Of(NodeShape node) => new(
        new TablePart([.. BridgeSets(node).Select(Unfilled)], [.. BridgeChains(node)]),
        new TablePart([.. InetSets(node).Select(Unfilled)], [.. InetChains(node)]));

    /// <summary>
    /// The elements that lift the log limit for both families, as the table names them: ETH_P_IP and ETH_P_IPV6, or
    /// <see cref="NftPacketFamily"/>.
    /// </summary>
    public static IReadOnlyList<NftElement> ProbingElements(NftFamily family) => family == NftFamily.Bridge
        ? [new NftElement([0x08, 0x00]), new NftElement([0x86, 0xdd])]
        : [new NftElement([NftPacketFamily.IPv4]), new NftElement([NftPacketFamily.IPv6])];

    private static IEnumerable<NftSet> BridgeSets(NodeShape node) => node.LoggedDropsPerSecond is null ? [] :
        [ByRules(SetNames.LogLimit, NftType.InterfaceName, Memory), Probing(NftType.EtherType)];

    private static IEnumerable<NftSet> InetSets(NodeShape node) =>
    [
        .. node.LoggedDropsPerSecond is null ? Array.Empty<NftSet>() :
        [
            ByRules(SetNames.LogLimit, NftType.InterfaceName, Memory),
            ByRules(SetNames.LogLimit + "4", NftType.Ipv4, Memory),
            ByRules(SetNames.LogLimit + "6", NftType.Ipv6, Memory),
            Probing(NftType.NfProto),
        ],
        .. node.ConnectionsPerPod is null ? [] : ConnectionLimits.Sets(),
    ];

    /// <summary>Limited by port: the addresses of packets that the bridge drops may be forged.</summary>
    private static IEnumerable<NftChain> BridgeChains(NodeShape node) =>
    [
        .. LogLimit(node, perSecond =>
        [
            Rule("a verification needs every entry", new MatchIn(SetNames.Probing, false, NftField.EtherType), Return),
            Rule(new LimitOverEach(SetNames.LogLimit, NftField.Input, perSecond), Counter, Drop),
            Rule(new MatchIn(SetNames.LogLimit, false, NftField.Input), Return),
            Rule("the set is full", new LimitOver(perSecond), Counter, Drop),
        ]),
        .. Drops(node, [DropReason.Spoof, DropReason.NotToGateway, .. GuardRules.Reasons(node)]),
    ];

    private static IEnumerable<NftChain> InetChains(NodeShape node) =>
    [
        .. LogLimit(node, perSecond =>
        [
            Rule("a verification needs every entry", new MatchIn(SetNames.Probing, false, NftField.Family), Return),
            Rule("outside, and past the bridge, one can have many addresses", NotFrom(node.Bridge),
                new LimitOverEach(SetNames.LogLimit, NftField.Input, perSecond), Counter, Drop),
            Rule(NotFrom(node.Bridge), new MatchIn(SetNames.LogLimit, false, NftField.Input), Return),
            Rule(new LimitOverEach(SetNames.LogLimit + "4", NftField.Source4, perSecond), Counter, Drop),
            Rule(new LimitOverEach(SetNames.LogLimit + "6", NftField.Source6, perSecond), Counter, Drop),
            Rule(new MatchIn(SetNames.LogLimit + "4", false, NftField.Source4), Return),
            Rule(new MatchIn(SetNames.LogLimit + "6", false, NftField.Source6), Return),
            Rule("the sets are full", new LimitOver(perSecond), Counter, Drop),
        ]),
        .. Drops(node, DropReason.Egress, DropReason.Ingress, DropReason.EgressTier, DropReason.IngressTier,
            DropReason.PortDirect, DropReason.SpoofOutside, DropReason.NoPod, DropReason.Unidentified,
                DropReason.Invalid,
            DropReason.Untracked, DropReason.StaleRelated, DropReason.ForgedError, DropReason.NotUnicast,
            DropReason.NoRouteBack),
        .. Connections(node),
    ];

    /// <summary>
    /// The chain that drops contains the log limit itself: the kernel allows 16 chains in a row.
    /// </summary>
    private static NftChain[] Connections(NodeShape node) => node.ConnectionsPerPod is not { } most ? [] :
    [
        .. new ConnectionLimits(most, node.ConnectionTable).Chains(node),
        new NftChain(ChainNames.ForReason(DropReason.TooManyConnections), null,
        [
            .. node.LoggedDropsPerSecond is not { } perSecond ? Array.Empty<NftRule>() :
            [
                Rule(Counter),
                Rule(new LimitOverEach(SetNames.LogLimit + "4", NftField.Source4, perSecond), Counter, Drop),
                Rule(new LimitOverEach(SetNames.LogLimit + "6", NftField.Source6, perSecond), Counter, Drop),
            ],
            Rule(Counter, new LogTo(node.LogGroup, DropReason.TooManyConnections), Drop),
        ]),
    ];

    private static NftChain[] LogLimit(NodeShape node, Func<uint, NftRule[]> rules) =>
        node.LoggedDropsPerSecond is { } perSecond ? [new NftChain(ChainNames.LogLimit, null, rules(perSecond))] : [];

    /// <summary>The chains that drop for these reasons.</summary>
    public static IEnumerable<NftChain> Drops(NodeShape node, params IEnumerable<string> reasons) =>
        reasons.Select(reason => new NftChain(ChainNames.ForReason(reason), null,
        [
            .. node.LoggedDropsPerSecond is null ? Array.Empty<NftRule>() : [Rule(Counter, Jump(ChainNames.LogLimit))],
            Rule(Counter, new LogTo(node.LogGroup, reason), Drop),
        ]));

    private static PartSet Unfilled(NftSet set) => new(set, null);

    /// <summary>A set of sources that only rules fill.</summary>
    public static NftSet ByRules(string name, NftType key, TimeSpan? timeout) =>
        new(name, [key], null, false, []) { Lifetime = new NftLifetime(Sources, timeout, ByRules: true) };

    private static NftSet Probing(NftType key) =>
        new(SetNames.Probing, [key], null, false, []) { Lifetime = new NftLifetime(2, ProbingAtMost, ByRules: false) };
}
