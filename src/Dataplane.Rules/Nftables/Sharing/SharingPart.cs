using System.Net;
using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Shape;
using static Dataplane.Rules.Nftables.Parts.RuleWriting;

namespace Dataplane.Rules.Nftables.Sharing;

/// <summary>
/// Additions for a node that shares its namespace with other programs: they translate addresses, and so does the node;
/// and the settings of the whole namespace belong to them, so rules do what a private node's settings do. Empty for a
/// private node.
/// </summary>
internal static class SharingPart
{
    private static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");

    /// <summary>
    /// Masqueraded connections have source ports of the node from here on. A pod that could choose a lower one could
    /// open a connection whose replies look like requests to a NodePort (30000-32767) or to a program of the node, and
    /// they would go to the pod.
    /// </summary>
    private const ushort FirstPort = 32_768;

    public static RulesetPart Of(NodeShape node) => node.IsShared
        ? new(new TablePart([], [NoForwarding(node)]), new TablePart([], [.. Translation(node)]))
        : new(TablePart.Empty, TablePart.Empty);

    /// <summary>At the beginning of the bridge's prerouting chain: frames of other bridges pass.</summary>
    public static NftRule[] OtherBridges(NodeShape node) => !node.IsShared ? [] :
        [Rule("a port of another bridge", new MatchGroup(true, node.PortGroup, Not: true), Accept)];

    /// <summary>
    /// Before anything is looked up for a packet from outside: its source is in no network of the node's own. What
    /// rules say of such addresses is said of pods, and an answer of a Service comes from one.
    /// </summary>
    public static NftRule[] Outside(NodeShape node) => !node.IsShared ? [] :
        [.. node.Inside.Select(network =>
            Rule(new MatchNetwork(IsSource: true, network), DropFor(DropReason.SpoofOutside)))];

    /// <summary>
    /// In the input chain: where route_localnet is on, and it is on for an interface as soon as it is for "all" or for
    /// the interface, a pod could reach programs that listen on the loopback.
    /// </summary>
    public static NftRule[] Input(NodeShape node) => !node.IsShared ? [] :
        [Rule(new MatchNetwork(IsSource: false, Loopback), DropFor(DropReason.NotUnicast))];

    /// <summary>
    /// In the output chain: send_redirects is on for an interface as soon as it is for "all". Pods only look as if they
    /// were on one link.
    /// </summary>
    public static NftRule[] Output(NodeShape node) => !node.IsShared ? [] : [Rule(new MatchRedirect(), Counter, Drop)];

    /// <summary>
    /// Pods are routed: nothing is bridged to or from a pod's port, although other ports may not be isolated.
    /// </summary>
    private static NftChain NoForwarding(NodeShape node) =>
        new("forward", new NftHookPoint("filter", NftHook.Forward, -300, NftVerdict.Accept),
        [
            Rule(new MatchGroup(true, node.PortGroup), Counter, Drop),
            Rule(new MatchGroup(false, node.PortGroup), Counter, Drop),
        ]);

    /// <summary>
    /// After the translation of destinations (-100): a packet from outside that has a pod as its destination only now,
    /// such as an answer to a masqueraded connection or a request to a Service, gets the mark for its route too. It is
    /// judged like any other, in the forward hook.
    /// </summary>
    public static NftChain Translated(NodeShape node) =>
        new("translated", new NftHookPoint("filter", NftHook.Prerouting, -50, NftVerdict.Accept),
        [
            Rule(From(node.Bridge), Accept),
            Rule(From("lo"), Accept),
            Rule(MatchTranslated.AtNoEnd, Accept),
            .. ShowPods(),
        ]);

    private static IEnumerable<NftChain> Translation(NodeShape node)
    {
        yield return Translated(node);
        if (node.Masqueraded.Count == 0) yield break;
        yield return new NftChain("to_outside", new NftHookPoint("nat", NftHook.Postrouting, 100, NftVerdict.Accept),
        [
            .. node.Masqueraded.SelectMany(network => new NftStatement[]
            {
                Of("tcp", 6), Of("udp", 17), Of("sctp", 132), new Masquerade(),
            }.Select(how =>
                Rule(From(node.Bridge), NotTo(node.Bridge), new MatchNetwork(IsSource: true, network), how))),
        ]);

        static MasqueradeFrom Of(string name, byte protocol) => new(name, protocol, FirstPort, ushort.MaxValue);
    }
}
