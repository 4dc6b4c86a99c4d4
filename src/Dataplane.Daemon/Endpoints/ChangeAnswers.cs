using Dataplane.Api;
using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Daemon.Host;
using Dataplane.Node.Live;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Daemon.Endpoints;

/// <summary>Results of changes as messages of the API.</summary>
internal static class ChangeAnswers
{
    private const byte Icmpv6 = 58;

    public static ChangeResponse ToResponse(this ChangeResult result, DaemonContext context) =>
        new(result.Generation, [.. result.Objects.Select(Changed)], [.. result.Cut.Select(Cut)])
        {
            DryRun = result.DryRun,
            Attached = result.Attached,
            Detached = result.Detached,
            Runtime = context.Options.Runtime.ToString().ToLowerInvariant(),
            Elements = result.Elements,
            Proof = [.. result.Proof.Select(Proof)],
            Unproven = result.Unproven,
            Diagnostics = result.Remarks.ToEntries(),
            Milliseconds = result.Took.TotalMilliseconds,
        };

    private static ChangedObject Changed(ObjectChange change) =>
        new(change.Key.Kind, change.Key.Name, Word(change.Kind));

    private static string Word(ChangeKind kind) => kind switch
    {
        ChangeKind.Created => "created",
        ChangeKind.Configured => "configured",
        ChangeKind.Deleted => "deleted",
        _ => "unchanged",
    };

    public static CutFlow Cut(CutConnection cut)
    {
        var (tuple, family) = (cut.Tuple, cut.Tuple.Source.AddressFamily.Text());
        var protocol = tuple.Protocol == Icmpv6 ? FlowProtocol.Icmp : (FlowProtocol)tuple.Protocol;
        if (protocol == FlowProtocol.Icmp) return new CutFlow(cut.From, cut.To, protocol.Text(), 0, 0, family);
        var text = Enum.IsDefined(protocol) ? protocol.Text() : $"{tuple.Protocol}";
        return new CutFlow(cut.From, cut.To, text, tuple.SourcePort, tuple.DestinationPort, family);
    }

    private static ProofPacket Proof(ProvenFlow proven) =>
        new(proven.Name, proven.Measured.Text(), proven.DropReason ?? proven.Evidence.Text());
}
