using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Model;
using static Dataplane.Rules.Nftables.Ruleset.RuleWriting;

namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>
/// Table <c>bridge dataplane</c>: port, MAC address and IP address must belong together. One lookup is anti-spoof and identity at
/// once; no element, no entry. ARP and neighbour discovery are not needed (neighbours are permanent) and end here or at the
/// input chain, untracked.
/// </summary>
internal static class BridgeTable
{
    public static IReadOnlyList<NftChain> Chains(NodeShape node) =>
    [
        new NftChain("prerouting", new NftHookPoint("filter", NftHook.Prerouting, -300, NftVerdict.Drop),
        [
            .. OfOthers(node),
            Rule(new MatchOtherDestination(node.GatewayMac), Goto("stray")),
            Rule(new SetFromMap(NftRegister.Mark, SetNames.Identity + "4", NftField.Input, NftField.EtherSource, NftField.Source4), Accept),
            Rule(new SetFromMap(NftRegister.Mark, SetNames.Identity + "6", NftField.Input, NftField.EtherSource, NftField.Source6), Accept),
            Rule(DropFor(DropReason.Spoof)),
        ]),
        new NftChain("stray", null,
        [
            Rule("ARP, ND, MLD: not needed, not worth a log entry", MatchPacketType.Broadcast, Counter, Drop),
            Rule(MatchPacketType.Multicast, Counter, Drop),
            Rule(DropFor(DropReason.NotToGateway)),
        ]),
        .. Apart(node),
        .. Limits.BridgeChains(node),
    ];

    private static NftRule[] OfOthers(NodeShape node) => !node.IsShared ? [] : [Rule("a port of another bridge", new MatchGroup(true, node.PortGroup, Not: true), Accept)];

    /// <summary>Pods are routed. Whoever else has a port on our bridge, theirs is no isolated one.</summary>
    private static NftChain[] Apart(NodeShape node) => !node.IsShared ? [] :
    [
        new NftChain("forward", new NftHookPoint("filter", NftHook.Forward, -300, NftVerdict.Accept),
        [
            Rule(new MatchGroup(true, node.PortGroup), Counter, Drop),
            Rule(new MatchGroup(false, node.PortGroup), Counter, Drop),
        ]),
    ];
}
