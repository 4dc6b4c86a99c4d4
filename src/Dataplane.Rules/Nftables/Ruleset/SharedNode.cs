using System.Net;
using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Model;
using static Dataplane.Rules.Nftables.Ruleset.RuleWriting;

namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>
/// What a node needs that shares its namespace with others. They translate addresses, and so do we; and settings of the whole
/// namespace are theirs, so that rules do what a private node's settings do.
/// </summary>
internal static class SharedNode
{
    private static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");

    public static IEnumerable<NftChain> Chains(NodeShape node)
    {
        if (!node.IsShared) yield break;
        // Behind the translation of destinations (-100): what goes to a pod only now, answers to masqueraded connections above all,
        // finds its route too. It is judged where all is judged, in the forward hook.
        yield return new NftChain("translated", new NftHookPoint("filter", NftHook.Prerouting, -50, NftVerdict.Accept),
        [
            Rule(From(node.Bridge), Accept),
            Rule(From("lo"), Accept),
            .. FromAddress(NftRegister.Mark, SetNames.Egress.Subject, NftField.Destination4, NftField.Destination6),
        ]);
        if (node.Masqueraded.Count == 0) yield break;
        yield return new NftChain("to_outside", new NftHookPoint("nat", NftHook.Postrouting, 100, NftVerdict.Accept),
            [.. node.Masqueraded.Select(network => Rule(From(node.Bridge), NotTo(node.Bridge), new MatchNetwork(IsSource: true, network), new Masquerade()))]);
    }

    /// <summary>Where route_localnet is on, and it counts for all interfaces as soon as it is for one of both settings, a pod could reach what listens on the loopback.</summary>
    public static NftRule[] Input(NodeShape node) => !node.IsShared ? [] : [Rule(new MatchNetwork(IsSource: false, Loopback), DropFor(DropReason.NotUnicast))];

    /// <summary>send_redirects: on for one, on for all. Pods are on one link by the looks of it only.</summary>
    public static NftRule[] Output(NodeShape node) => !node.IsShared ? [] : [Rule(new MatchRedirect(), Counter, Drop)];
}
