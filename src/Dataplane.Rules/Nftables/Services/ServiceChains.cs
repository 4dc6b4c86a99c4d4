using Dataplane.Linux.Frames;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Shape;
using static Dataplane.Rules.Nftables.Parts.RuleWriting;

namespace Dataplane.Rules.Nftables.Services;

/// <summary>
/// The chains of one family from a packet's destination to its translation. The ct mark holds the number of the pool,
/// and is 0 again before the packet leaves the chains; the priority holds what the next step needs. No later hook reads
/// either. The key of affinity has the true source: it is looked at before any source is translated.
/// </summary>
internal sealed class ServiceChains(NftProtocol protocol, ServiceShape shape)
{
    private readonly string _family = protocol == NftProtocol.IPv4 ? "4" : "6";
    private readonly NftField _source = protocol == NftProtocol.IPv4 ? NftField.Source4 : NftField.Source6;
    private readonly NftField _destination =
        protocol == NftProtocol.IPv4 ? NftField.Destination4 : NftField.Destination6;

    public string Inside => Of("service");
    public string Outside => Of("service_outside");

    public IEnumerable<NftChain> All() =>
    [
        Entry(Inside, SetNames.Frontend, SetNames.NodePort),
        Entry(Outside, SetNames.FrontendOutside, SetNames.NodePortOutside),
        new NftChain(Of("choose"), null,
        [
            Rule(new MatchPriorityBits(PoolData.Restricted | PoolData.AffinityMask, 0, Not: true),
                Goto(Of("choose_specially"))),
            .. Chosen(),
        ]),
        new NftChain(Of("choose_specially"), null,
        [
            Rule(new MatchPriorityBits(PoolData.Restricted, PoolData.Restricted),
                new MatchIn(Of(SetNames.ServiceSource), true, NftField.CtMark, _source) { Not = true },
                DropFor(DropReason.ServiceSource)),
            .. shape.AffinitySeconds.Select(seconds => Rule(
                new MatchPriorityBits(PoolData.AffinityMask, PoolData.Affinity(seconds)),
                Goto(Of("sticky", seconds)))),
            .. Chosen(),
        ]),
        .. shape.AffinitySeconds.SelectMany(Sticky),
        new NftChain(Of("translate"), null,
        [
            Rule(Clear(NftRegister.CtMark)),
            To("tcp", IpProtocol.Tcp), To("udp", IpProtocol.Udp), To("sctp", IpProtocol.Sctp),
            Rule(Goto(ChainNames.Refuse)),
        ]),
    ];

    private string Of(string name) => name + _family;

    private string Of(string name, int seconds) => $"{name}{_family}_{seconds}";

    private NftChain Entry(string name, string frontends, string nodePorts) => new(name, null,
    [
        Rule(new SetFromMap(NftRegister.CtMark, Of(frontends), _destination, NftField.Protocol,
            NftField.DestinationPort), Pool, Goto(Of("choose"))),
        Rule(new MatchIn(Of(SetNames.NodeAddress), false, _destination),
            new SetFromMap(NftRegister.CtMark, Of(nodePorts), NftField.Protocol, NftField.DestinationPort), Pool,
            Goto(Of("choose"))),
        Rule("a Service has no such port", new MatchIn(Of(SetNames.ServiceAddress), false, _destination),
            Goto(ChainNames.Refuse)),
    ]);

    private NftRule[] Chosen() => [Rule(Jump(SetNames.Spread)), Rule(Goto(Of("translate")))];

    /// <summary>
    /// A client keeps its backend as long as that is one of the pool. What the rules remember is renewed by each
    /// connection; a map that is full remembers no further client.
    /// </summary>
    private NftChain[] Sticky(int seconds) =>
    [
        new NftChain(Of("sticky", seconds), null,
        [
            Rule(new SetFromMap(NftRegister.Priority, Of(SetNames.Affinity), NftField.CtMark, _source),
                Goto(Of("resume", seconds))),
            Rule(Goto(Of("begin", seconds))),
        ]),
        new NftChain(Of("resume", seconds), null,
        [
            Rule(new MatchIn(SetNames.Member, false, NftField.CtMark, NftField.Priority), Renew(seconds),
                Goto(Of("translate"))),
            // A renewed element keeps its data.
            Rule(new ForgetPriority(Of(SetNames.Affinity), NftField.CtMark, _source)),
            Rule(Pool, Goto(Of("begin", seconds))),
            Rule(Goto(ChainNames.Refuse)),
        ]),
        new NftChain(Of("begin", seconds), null,
        [
            Rule(Jump(SetNames.Spread)),
            Rule(Renew(seconds)),
            Rule(Goto(Of("translate"))),
        ]),
    ];

    private static NftStatement Pool => new SetFromMap(NftRegister.Priority, SetNames.Pool, NftField.CtMark);

    private RememberPriority Renew(int seconds) =>
        new(Of(SetNames.Affinity), (uint)seconds, NftField.CtMark, _source);

    private NftRule To(string name, IpProtocol transport) =>
        Rule(new TranslateTo(protocol, name, (byte)transport, Of(SetNames.Backend)));
}
