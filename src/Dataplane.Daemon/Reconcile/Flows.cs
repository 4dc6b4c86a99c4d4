using Dataplane.Daemon.Api;
using Dataplane.Node.Live;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Daemon.Reconcile;

/// <summary>Flows and connections as the API tells them.</summary>
internal static class Flows
{
    private const byte Icmpv6 = 58;

    public static CutFlow Cut(CutConnection cut)
    {
        var protocol = cut.Tuple.Protocol == Icmpv6 ? FlowProtocol.Icmp : (FlowProtocol)cut.Tuple.Protocol;
        var text = Enum.IsDefined(protocol) ? protocol.Text() : $"{cut.Tuple.Protocol}";
        return protocol == FlowProtocol.Icmp
            ? new CutFlow(cut.From, cut.To, text, 0, 0, cut.Tuple.Source.AddressFamily.Text())
            : new CutFlow(cut.From, cut.To, text, cut.Tuple.SourcePort, cut.Tuple.DestinationPort, cut.Tuple.Source.AddressFamily.Text());
    }

    public static VerifiedFlow Verified(FlowResult result) => new(
        result.Flow.From.Name, result.Flow.To.Name, result.Flow.Probe.Protocol.Text(), result.Flow.Probe.Port, result.Flow.Family.Text(),
        result.Expected, result.Measured.Text(), result.Evidence.Text(), result.DropReason, result.Reply);

    public static ProofPacket Proof(FlowResult result) =>
        new($"{result.Flow.From.Name} -> {result.Flow.To.Name} {result.Flow.Probe}", result.Measured.Text(), result.DropReason ?? result.Evidence.Text());
}
