using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Nftables.Sharing;
using Dataplane.Rules.Shape;
using static Dataplane.Rules.Nftables.Parts.RuleWriting;

namespace Dataplane.Rules.Nftables.Identity;

/// <summary>
/// Identifies the sender. On the bridge, port, MAC address and IP address must belong together: one lookup checks this,
/// and a packet without an element is dropped. From then on the IP address is the identity. What follows from it is
/// looked up where it is used: a packet may wait for its fragments while pods and policies change. ARP and neighbour
/// discovery are not needed (neighbours are permanent) and are dropped here or, untracked, in the input chain.
/// </summary>
internal static class IdentityPart
{
    public static RulesetPart Of(NodeShape node) =>
        new(new TablePart([.. Sets()], Bridge(node)), new TablePart([], [Outside(node)]));

    private static IEnumerable<PartSet> Sets() =>
        FamilySets.Both(SetNames.Identity, (name, address, family) => FamilySets.Set(
        name, [NftType.InterfaceIndex, NftType.Ether, address], null, new IdentitySource(family)));

    private static NftChain[] Bridge(NodeShape node) =>
    [
        new NftChain("prerouting", new NftHookPoint("filter", NftHook.Prerouting, -300, NftVerdict.Drop),
        [
            .. SharingPart.OtherBridges(node),
            Rule(new MatchOtherDestination(node.GatewayMac), Goto("stray")),
            .. GuardRules.Prerouting(node),
            Identified("4", NftField.Source4),
            Identified("6", NftField.Source6),
            Rule(DropFor(DropReason.Spoof)),
        ]),
        new NftChain("stray", null,
        [
            Rule("ARP, ND, MLD: not needed, not worth a log entry", MatchPacketType.Broadcast, Counter, Drop),
            Rule(MatchPacketType.Multicast, Counter, Drop),
            Rule(DropFor(DropReason.NotToGateway)),
        ]),
        .. GuardRules.Chains(node),
    ];

    private static NftRule Identified(string family, NftField source) => Rule(
        new MatchIn(SetNames.Identity + family, false, NftField.InputIndex, NftField.EtherSource, source),
        new SetConstant(NftRegister.Mark, MarkBits.Identified), Accept);

    /// <summary>
    /// Turns "identified" into "known", and keeps pod addresses from being used outside. The bridge delivers frames to
    /// 01:80:c2:00:00:0x to the port itself, without its own prerouting hook: hence the match of the link group. The
    /// hook comes before defragmentation (-400), or a forged fragment could complete a pod's packet, and before
    /// conntrack, or a forged packet could join a pod's connection. The mark leads packets for programmed pods to the
    /// routing table with the routes to pods: without these rules no packet is routed to a pod.
    /// </summary>
    private static NftChain Outside(NodeShape node) =>
        new("outside", new NftHookPoint("filter", NftHook.Prerouting, -450, NftVerdict.Accept),
        [
            Rule("identified by the bridge, and judged here: now it may find a route", From(node.Bridge),
                new MatchMarkHas(MarkBits.Identified), new FlipMarkBits(MarkBits.Identified | MarkBits.Known), Accept),
            Rule(From(node.Bridge), Accept),
            Rule(From("lo"), Accept),
            Rule(new MatchGroup(true, node.PortGroup), DropFor(DropReason.PortDirect)),
            Rule(IsPod4(NftField.Source4), DropFor(DropReason.SpoofOutside)),
            Rule(IsPod6(NftField.Source6), DropFor(DropReason.SpoofOutside)),
            .. SharingPart.Outside(node),
            .. ShowPods(),
        ]);
}
