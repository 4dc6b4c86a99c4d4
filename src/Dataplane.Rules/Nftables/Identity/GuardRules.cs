using Dataplane.Rules.Guard;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Shape;
using static Dataplane.Rules.Nftables.Parts.RuleWriting;

namespace Dataplane.Rules.Nftables.Identity;

/// <summary>
/// What the bridge does with the verdict of the guard (<see cref="GuardProgram"/>). A port that somebody else has made,
/// or taken the guard from, is closed.
/// </summary>
internal static class GuardRules
{
    private const string Refused = "refused";

    /// <summary>Before the sender is identified: the identity takes the place of the verdict in the mark.</summary>
    public static NftRule[] Prerouting(NodeShape node) => node.IsGuarded
        ? [Rule("not passed by the guard", new MatchRegister(NftRegister.Mark, MarkBits.Guarded, Not: true),
            Goto(Refused))]
        :
        [
            Rule("no guard: a fragment may be rewritten after it is judged", new MatchFragment(NftProtocol.IPv4),
                DropFor(DropReason.Fragment)),
            Rule(new MatchFragment(NftProtocol.IPv6), DropFor(DropReason.Fragment)),
        ];

    public static NftChain[] Chains(NodeShape node) => !node.IsGuarded ? [] :
    [
        new NftChain(Refused, null,
        [
            .. GuardRefusal.All.Select(refusal =>
                Rule(new MatchRegister(NftRegister.Mark, (uint)refusal.Mark), DropFor(refusal.Reason))),
            Rule(DropFor(DropReason.Unguarded)),
        ]),
    ];

    /// <summary>The reasons for which the bridge drops here.</summary>
    public static IEnumerable<string> Reasons(NodeShape node) => node.IsGuarded
        ? [.. GuardRefusal.All.Select(refusal => refusal.Reason), DropReason.Unguarded]
        : [DropReason.Fragment];
}
