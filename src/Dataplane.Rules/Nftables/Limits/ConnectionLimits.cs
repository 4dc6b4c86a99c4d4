using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Shape;
using static Dataplane.Rules.Nftables.Parts.RuleWriting;

namespace Dataplane.Rules.Nftables.Limits;

/// <summary>
/// Keeps pods from filling the connection table, which the kernel has once for all. Each pod address has a limit. While
/// the pods' connections together take most of the table, an address with more than its share opens no further one, so
/// that many pods that collude leave room for others.
/// </summary>
/// <remarks>
/// The kernel walks all counted connections to count one more (nf_conncount.c), and keeps those that were denied until
/// it has walked past them. So random samples are counted, and a source above its limit once a second.
/// </remarks>
internal sealed class ConnectionLimits(uint most, uint table)
{
    /// <summary>
    /// The chains that count. They only mark the packet, since the kernel allows 16 chains in a row; <c>admit</c>
    /// drops.
    /// </summary>
    private const string Recount = "recount", Sample = "sample", Fill = "fill";

    /// <summary>
    /// At least this many sampled connections stand for the limit of an address, which is exact to about a tenth.
    /// </summary>
    private const uint Samples = 256;

    /// <summary>
    /// So many sampled connections stand for the part of the table that pods fill, exact to a twentieth.
    /// </summary>
    private const uint TableSamples = 384;

    /// <summary>
    /// An address's share is this part of its limit: 256 connections by default, exact to a half. More would not leave
    /// a quarter of the usual table (65,536) to 256 addresses.
    /// </summary>
    private const uint Shares = 64;

    /// <summary>The time in which a source above the limit opens no connection, before it is counted again.</summary>
    private static readonly TimeSpan Crowding = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What was found is remembered until it is found otherwise, and at most for this time: between two findings a
    /// source opens as many connections as one sample stands for.
    /// </summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly uint _oneIn = Math.Max(1, most / Samples);

    public static NftSet[] Sets() =>
    [
        .. Both(SetNames.Connections, null), .. Both(SetNames.Suspect, Memory), .. Both(SetNames.Crowded, Crowding),
        .. Both(SetNames.Shares, null), .. Both(SetNames.AboveShare, Memory),
        LimitsPart.ByRules(SetNames.TableFull, NftType.NfProto, Memory),
    ];

    /// <summary><c>admit</c> does as <c>stamp</c>, after it has counted; what was stamped before stays.</summary>
    public NftChain[] Chains(NodeShape node) =>
    [
        new NftChain(ChainNames.Admit, null,
        [
            Rule(NotFrom(node.Bridge), Goto(ChainNames.Stamp)),
            Rule("judged before, in another epoch", MatchCtState.Established, Goto(ChainNames.Stamp)),
            Rule(Clear(NftRegister.Mark)),
            Rule("had too many", new MatchIn(SetNames.Suspect + "4", false, NftField.Source4), Jump(Recount)),
            Rule(new MatchIn(SetNames.Suspect + "6", false, NftField.Source6), Jump(Recount)),
            Rule(new OneIn(_oneIn), Jump(Sample)),
            Rule(new OneIn(TableOneIn), Jump(Fill)),
            Rule("a full table is for those who have little", new MatchIn(SetNames.TableFull, false, NftField.Family),
                Jump(SetNames.Shares)),
            Rule(IsNotZero(NftRegister.Mark), DropFor(DropReason.TooManyConnections)),
            .. Stamp(),
        ]),
        new NftChain(Recount, null,
        [
            Rule(new MatchIn(SetNames.Crowded + "4", false, NftField.Source4), Deny, Return),
            Rule(new MatchIn(SetNames.Crowded + "6", false, NftField.Source6), Deny, Return),
            .. TooMany("4", NftField.Source4), .. TooMany("6", NftField.Source6),
            Rule(IsNotZero(NftRegister.Mark), Return),
            Rule(new Forget(SetNames.Suspect + "4", NftField.Source4)),
            Rule(new Forget(SetNames.Suspect + "6", NftField.Source6)),
        ]),
        new NftChain(Sample, null,
        [
            .. TooMany("4", NftField.Source4), .. TooMany("6", NftField.Source6),
            Share("4", NftField.Source4), Share("6", NftField.Source6),
            // Only what is found otherwise is removed: the kernel keeps a removed element until its next collection,
            // and adds none to a hash chain that is long.
            Rule(new Forget(SetNames.AboveShare + "4", NftField.Source4)),
            Rule(new Forget(SetNames.AboveShare + "6", NftField.Source6)),
        ]),
        new NftChain(Fill, null,
        [
            Rule(new ConnectionsOver(table / 4 * 3 / TableOneIn), new Remember(SetNames.TableFull, NftField.Family),
                Return),
            Rule(new Forget(SetNames.TableFull, NftField.Family)),
        ]),
        new NftChain(SetNames.Shares, null,
        [
            Rule(new MatchIn(SetNames.AboveShare + "4", false, NftField.Source4), Deny),
            Rule(new MatchIn(SetNames.AboveShare + "6", false, NftField.Source6), Deny),
        ]),
    ];

    private uint TableOneIn => Math.Max(1, table / 4 * 3 / TableSamples);

    /// <summary>The mark is free here: the flow has been judged, and <c>stamp</c> clears it.</summary>
    private static NftStatement Deny => new SetConstant(NftRegister.Mark, 1);

    private NftRule[] TooMany(string family, NftField source) =>
    [
        Rule(new ConnectionsOverEach(SetNames.Connections + family, source, most / _oneIn), Deny,
            new Remember(SetNames.Crowded + family, source), new Remember(SetNames.Suspect + family, source)),
    ];

    private NftRule Share(string family, NftField source) => Rule(
        new ConnectionsOverEach(SetNames.Shares + family, source, Math.Max(1, most / _oneIn / Shares)),
        new Remember(SetNames.AboveShare + family, source), Return);

    private static NftSet[] Both(string name, TimeSpan? timeout) =>
    [
        LimitsPart.ByRules(name + "4", NftType.Ipv4, timeout), LimitsPart.ByRules(name + "6", NftType.Ipv6, timeout),
    ];
}
