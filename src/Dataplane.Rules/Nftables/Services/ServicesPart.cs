using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Limits;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Nftables.Sharing;
using Dataplane.Rules.Shape;
using static Dataplane.Rules.Nftables.Parts.RuleWriting;

namespace Dataplane.Rules.Nftables.Services;

/// <summary>
/// Translates packets for Services to one of their backends, at the first packet of a connection; conntrack does the
/// same with the others. It comes before routing and judging: a policy sees the true source and the backend. Empty
/// where there are no Services.
/// </summary>
internal static class ServicesPart
{
    public static RulesetPart Of(NodeShape node, ServiceShape services) => services.Any
        ? new(TablePart.Empty, new TablePart([.. ServiceSets.All()], [.. Chains(node, services)]))
        : new(TablePart.Empty, TablePart.Empty);

    private static IEnumerable<NftChain> Chains(NodeShape node, ServiceShape services)
    {
        ServiceChains four = new(NftProtocol.IPv4, services), six = new(NftProtocol.IPv6, services);
        return
        [
            new NftChain("services", new NftHookPoint("nat", NftHook.Prerouting, -100, NftVerdict.Accept),
            [
                Rule("nobody else's affinity", From(node.Bridge), new MatchMarkLacks(MarkBits.Known), Return),
                Rule(From(node.Bridge), new MatchFamily(NftProtocol.IPv4), Goto(four.Inside)),
                Rule(From(node.Bridge), new MatchFamily(NftProtocol.IPv6), Goto(six.Inside)),
                Rule(new MatchFamily(NftProtocol.IPv4), Goto(four.Outside)),
                Rule(new MatchFamily(NftProtocol.IPv6), Goto(six.Outside)),
            ]),
            new NftChain("services_output", new NftHookPoint("nat", NftHook.Output, -100, NftVerdict.Accept),
            [
                Rule(new MatchFamily(NftProtocol.IPv4), Goto(four.Inside)),
                Rule(new MatchFamily(NftProtocol.IPv6), Goto(six.Inside)),
            ]),
            .. four.All(), .. six.All(), .. SpreadChains.All(),
            new NftChain(ChainNames.Refuse, null,
                [Rule(Counter), Rule(new RejectTcp()), Rule(new RejectAsUnreachable())]),
            // On a shared node it is there already.
            .. node.IsShared ? Array.Empty<NftChain>() : [SharingPart.Translated(node)],
            Hairpin(),
            .. LimitsPart.Drops(node, DropReason.NoLocalBackend, DropReason.ServiceSource),
        ];
    }

    /// <summary>
    /// A pod that was chosen for its own packet would answer itself past the node: it sees the node as the sender.
    /// </summary>
    private static NftChain Hairpin() =>
        new("hairpin", new NftHookPoint("nat", NftHook.Postrouting, 100, NftVerdict.Accept),
        [
            Rule(MatchTranslated.ToAnother,
                new MatchIn(SetNames.Self + "4", false, NftField.Source4, NftField.Destination4), new Masquerade()),
            Rule(MatchTranslated.ToAnother,
                new MatchIn(SetNames.Self + "6", false, NftField.Source6, NftField.Destination6), new Masquerade()),
        ]);
}
