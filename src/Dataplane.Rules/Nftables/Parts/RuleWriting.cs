using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Shape;

namespace Dataplane.Rules.Nftables.Parts;

/// <summary>
/// Short names for statements and rules, so that the chains of the parts read like the rules they become.
/// </summary>
internal static class RuleWriting
{
    public static readonly NftStatement Accept = new Decide(NftVerdict.Accept);

    public static readonly NftStatement Return = new Decide(NftVerdict.Return);

    public static readonly NftStatement Drop = new Decide(NftVerdict.Drop);

    public static readonly NftStatement Counter = new Count();

    public static NftRule Rule(params NftStatement[] statements) => new(null, statements);

    public static NftRule Rule(string comment, params NftStatement[] statements) => new(comment, statements);

    public static NftStatement From(string name) => new MatchInterface(true, name, Not: false);

    public static NftStatement NotFrom(string name) => new MatchInterface(true, name, Not: true);

    public static NftStatement To(string name) => new MatchInterface(false, name, Not: false);

    public static NftStatement NotTo(string name) => new MatchInterface(false, name, Not: true);

    public static NftStatement Clear(NftRegister register) => new SetConstant(register, 0);

    public static NftStatement IsZero(NftRegister register) => new MatchRegister(register, 0);

    public static NftStatement IsNotZero(NftRegister register) => new MatchRegister(register, 0, Not: true);

    public static NftStatement Jump(string chain) => new Decide(NftVerdict.Jump, chain);

    public static NftStatement Goto(string chain) => new Decide(NftVerdict.Goto, chain);

    /// <summary>Goes to the chain that counts, logs and drops for this reason.</summary>
    public static NftStatement DropFor(string reason) => Goto(ChainNames.ForReason(reason));

    /// <summary>
    /// Sets the register to what the maps of the two families have for the packet's address, then runs the verdict. At
    /// most one of the rules matches; without a match the register keeps its value.
    /// </summary>
    public static NftRule[] FromAddress(
        NftRegister register, string map, NftField four, NftField six, params NftStatement[] verdict) =>
    [
        Rule([new SetFromMap(register, map + "4", four), .. verdict]),
        Rule([new SetFromMap(register, map + "6", six), .. verdict]),
    ];

    /// <summary>The address of the packet is a programmed pod's.</summary>
    public static NftStatement IsPod4(NftField address) => new MatchIn(SetNames.Self + "4", false, address, address);

    public static NftStatement IsPod6(NftField address) => new MatchIn(SetNames.Self + "6", false, address, address);

    /// <summary>Marks a packet for a programmed pod, so that it finds the route there.</summary>
    public static NftRule[] ShowPods() =>
    [
        Rule(IsPod4(NftField.Destination4), new SetConstant(NftRegister.Mark, MarkBits.Known)),
        Rule(IsPod6(NftField.Destination6), new SetConstant(NftRegister.Mark, MarkBits.Known)),
    ];

    /// <summary>The end of every judgement that allows, as the rules of its chain.</summary>
    public static NftRule[] Stamp() =>
    [
        Rule(new SetFromMap(NftRegister.CtMark, SetNames.EpochNow, NftField.Family)),
        Rule(Clear(NftRegister.Priority)),
        Rule(Counter, Clear(NftRegister.Mark), Accept),
    ];
}
