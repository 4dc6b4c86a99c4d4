using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Model;
using static Dataplane.Rules.Nftables.Ruleset.RuleWriting;

namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>
/// What keeps one pod from drowning the drop log or the connection table. Every reason to drop has a chain of its own. Where the
/// log is limited its first counter counts all and the second what is logged; <c>log_limit</c> counts the rest: nothing is
/// dropped that is not counted.
/// </summary>
internal static class Limits
{
    /// <summary>No node has more pods than BR_MAX_PORTS (1024, net/bridge/br_private.h), and a pod has one port and one address of each family.</summary>
    private const uint Sources = 4096;

    /// <summary>A source that has been quiet so long is forgotten.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    /// <summary>How long a source that has too many connections opens none, until it is counted again.</summary>
    private static readonly TimeSpan Crowding = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The kernel walks through all counted connections of a source to count one more (nf_conncount.c). So only one connection in
    /// several is counted, such that this many stand for the limit; the limit is right within a tenth or so.
    /// </summary>
    private const uint Sample = 256;

    /// <summary>A verification that was killed does not lift the limit for ever.</summary>
    private static readonly TimeSpan ProbingAtMost = TimeSpan.FromMinutes(10);

    public static IReadOnlyList<NftSet> BridgeSets(NodeShape node) => node.LoggedDropsPerSecond is null ? [] :
        [ByRules(SetNames.LogLimit, NftType.InterfaceName, Memory), Probing(NftType.EtherType)];

    public static IReadOnlyList<NftSet> InetSets(NodeShape node)
    {
        var sets = new List<NftSet>();
        if (node.LoggedDropsPerSecond is not null)
            sets.AddRange([ByRules(SetNames.LogLimit, NftType.InterfaceName, Memory), ByRules(SetNames.LogLimit + "4", NftType.Ipv4, Memory), ByRules(SetNames.LogLimit + "6", NftType.Ipv6, Memory), Probing(NftType.NfProto)]);
        if (node.ConnectionsPerPod is not null)
            sets.AddRange([ByRules(SetNames.Connections + "4", NftType.Ipv4, null), ByRules(SetNames.Connections + "6", NftType.Ipv6, null),
                ByRules(SetNames.Crowded + "4", NftType.Ipv4, Crowding), ByRules(SetNames.Crowded + "6", NftType.Ipv6, Crowding)]);
        return sets;
    }

    /// <summary>Both families, as the table tells them apart: ETH_P_IP, ETH_P_IPV6; NFPROTO_IPV4, NFPROTO_IPV6.</summary>
    public static IReadOnlyList<NftElement> ProbingElements(NftFamily family) =>
        family == NftFamily.Bridge ? [new NftElement([0x08, 0x00]), new NftElement([0x86, 0xdd])] : [new NftElement([2]), new NftElement([10])];

    /// <summary>By port: the addresses of what is dropped there may be forged.</summary>
    public static IEnumerable<NftChain> BridgeChains(NodeShape node) =>
    [
        .. LogLimit(node, perSecond =>
        [
            Rule("a verification needs every entry", new MatchIn(SetNames.Probing, false, NftField.EtherType), Return),
            Rule(new LimitOverEach(SetNames.LogLimit, NftField.Input, perSecond), Counter, Drop),
            Rule(new MatchIn(SetNames.LogLimit, false, NftField.Input), Return),
            Rule("the set is full", new LimitOver(perSecond), Counter, Drop),
        ]),
        .. Drops(node, DropReason.Spoof, DropReason.NotToGateway),
    ];

    public static IEnumerable<NftChain> InetChains(NodeShape node) =>
    [
        .. LogLimit(node, perSecond =>
        [
            Rule("a verification needs every entry", new MatchIn(SetNames.Probing, false, NftField.Family), Return),
            Rule("outside, and past the bridge, one can have many addresses", NotFrom(node.Bridge), new LimitOverEach(SetNames.LogLimit, NftField.Input, perSecond), Counter, Drop),
            Rule(NotFrom(node.Bridge), new MatchIn(SetNames.LogLimit, false, NftField.Input), Return),
            Rule(new LimitOverEach(SetNames.LogLimit + "4", NftField.Source4, perSecond), Counter, Drop),
            Rule(new LimitOverEach(SetNames.LogLimit + "6", NftField.Source6, perSecond), Counter, Drop),
            Rule(new MatchIn(SetNames.LogLimit + "4", false, NftField.Source4), Return),
            Rule(new MatchIn(SetNames.LogLimit + "6", false, NftField.Source6), Return),
            Rule("the sets are full", new LimitOver(perSecond), Counter, Drop),
        ]),
        .. Drops(node, DropReason.Egress, DropReason.Ingress, DropReason.EgressTier, DropReason.IngressTier, DropReason.PortDirect, DropReason.SpoofOutside, DropReason.NoPod,
            DropReason.Unidentified, DropReason.Invalid, DropReason.Untracked, DropReason.StaleRelated, DropReason.ForgedError, DropReason.NotUnicast, DropReason.NoRouteBack),
        .. Connections(node),
    ];

    /// <summary>The chain that ends a judgement in favour of whoever opened the connection.</summary>
    public static string Admitted(NodeShape node) => node.ConnectionsPerPod is null ? "stamp" : "admit";

    /// <summary>
    /// As <c>stamp</c>, once the pod's connections have been counted; what has been stamped stays. The log limit is a part of the drop:
    /// the kernel allows 16 chains in a row.
    /// </summary>
    private static NftChain[] Connections(NodeShape node) => node.ConnectionsPerPod is not { } most ? [] :
    [
        new NftChain("admit", null,
        [
            Rule(NotFrom(node.Bridge), Goto("stamp")),
            Rule("judged before, in another epoch", MatchCtState.Established, Goto("stamp")),
            .. CountNew(most, Math.Max(1, most / Sample), "4", NftField.Source4), .. CountNew(most, Math.Max(1, most / Sample), "6", NftField.Source6),
            .. InetTable.Stamp,
        ]),
        new NftChain(ChainOf(DropReason.TooManyConnections), null,
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

    /// <summary>The packet opens a connection, and from a pod.</summary>
    private static NftRule[] CountNew(uint most, uint oneIn, string family, NftField source) =>
    [
        Rule(new MatchIn(SetNames.Crowded + family, false, source), DropFor(DropReason.TooManyConnections)),
        Rule(new OneIn(oneIn), new ConnectionsOverEach(SetNames.Connections + family, source, most / oneIn), new Remember(SetNames.Crowded + family, source),
            DropFor(DropReason.TooManyConnections)),
    ];

    private static NftChain[] LogLimit(NodeShape node, Func<uint, NftRule[]> rules) =>
        node.LoggedDropsPerSecond is { } perSecond ? [new NftChain("log_limit", null, rules(perSecond))] : [];

    private static IEnumerable<NftChain> Drops(NodeShape node, params IEnumerable<string> reasons) => reasons.Select(reason => new NftChain(ChainOf(reason), null,
    [
        .. node.LoggedDropsPerSecond is null ? Array.Empty<NftRule>() : [Rule(Counter, Jump("log_limit"))],
        Rule(Counter, new LogTo(node.LogGroup, reason), Drop),
    ]));

    private static NftSet ByRules(string name, NftType key, TimeSpan? timeout) => new(name, [key], null, false, []) { Lifetime = new NftLifetime(Sources, timeout, ByRules: true) };

    private static NftSet Probing(NftType key) => new(SetNames.Probing, [key], null, false, []) { Lifetime = new NftLifetime(2, ProbingAtMost, ByRules: false) };
}
