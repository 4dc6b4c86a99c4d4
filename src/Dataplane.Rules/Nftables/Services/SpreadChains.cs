using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Shape;
using static Dataplane.Rules.Nftables.Parts.RuleWriting;

namespace Dataplane.Rules.Nftables.Services;

/// <summary>
/// Chooses a backend: <c>spread</c> finds what the map of pools has left in the priority, and the pool's number in the
/// ct mark, and returns with the backend's number in the priority. The choice is a hash of the flow, so that one socket
/// that asks twice asks the same backend.
/// </summary>
internal static class SpreadChains
{
    /// <summary>How often a slot is drawn that the pool may not have, before one is drawn that it has.</summary>
    private const int Draws = 4;

    private const string Pick = "pick_";

    public static IEnumerable<NftElement> Map() =>
    [
        To(Spreading.Refuse, ChainNames.Refuse),
        .. Exact().Select(size => To((uint)size, Pick + size)),
        .. Spreading.Powers().Select(power => To(power.Number, Pick + power.Size)),
        To(Spreading.Drop, ChainNames.ForReason(DropReason.NoLocalBackend)),
    ];

    public static IEnumerable<NftChain> All() =>
    [
        new NftChain(SetNames.Spread, null,
        [
            Rule(new GotoByPriority(PoolData.SpreadMask, SetNames.Spread)),
            Rule(Goto(ChainNames.Refuse)),
        ]),
        .. Exact().Select(size => new NftChain(Pick + size, null,
        [
            size == 1 ? Rule(Clear(NftRegister.Priority)) : Rule(new PriorityFromFlow((uint)size)),
            Rule(Goto(SetNames.Slot)),
        ])),
        .. Spreading.Powers().Select(power => UpTo((uint)power.Size)),
        new NftChain(SetNames.Slot, null, [Rule(FromSlot, Return), Rule(Goto(ChainNames.Refuse))]),
    ];

    private static IEnumerable<int> Exact() => Enumerable.Range(1, Spreading.MostExact);

    private static NftStatement FromSlot =>
        new SetFromMap(NftRegister.Priority, SetNames.Slot, NftField.CtMark, NftField.Priority);

    /// <summary>
    /// For all sizes above half of <paramref name="most"/>. A slot that the pool lacks is drawn again, by chance: the
    /// last slots get at most a sixteenth less than their share.
    /// </summary>
    private static NftChain UpTo(uint most) => new(Pick + most, null,
    [
        Rule(new PriorityFromFlow(most)),
        Rule(FromSlot, Return),
        .. Enumerable.Range(1, Draws - 1).SelectMany(_ => (NftRule[])
        [
            Rule(new PriorityFromChance(most)),
            Rule(FromSlot, Return),
        ]),
        Rule(new PriorityFromFlow(most / 2)),
        Rule(Goto(SetNames.Slot)),
    ]);

    private static NftElement To(uint number, string chain) =>
        new(BitConverter.GetBytes(number)) { Goto = chain };
}
