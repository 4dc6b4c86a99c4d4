using Dataplane.Linux.Frames;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Verification;

/// <summary>
/// One probe: its flow, its two stations, and what the witnesses have reported so far. All probes of a run are in one
/// array, so that millions of them are one object.
/// </summary>
internal record struct ProbeState(Flow Flow, Station From, Station To)
{
    /// <summary>See <see cref="ProbeIdentity.Id"/>.</summary>
    public uint Id { get; set; }

    /// <summary>0 for ICMP.</summary>
    public ushort SourcePort { get; set; }

    /// <summary>Whether it was captured at the destination, with its id, addresses and ports.</summary>
    public bool Captured { get; set; }

    /// <summary>Whether the sentinels behind it have been logged: no more reports will come.</summary>
    public bool Settled { get; set; }

    public ProbeReplyKind? Reply { get; set; }

    /// <summary>The prefix of its drop log entry; null: none.</summary>
    public string? DropReason { get; set; }

    public readonly ProbeIdentity Identity => Flow.Probe.Protocol == FlowProtocol.Icmp
        ? new(Id, IcmpNumbers.Protocol[Flow.Family], From.Address(Flow.Family), To.Address(Flow.Family), SourcePort, 0)
        : new(Id, (IpProtocol)(byte)Flow.Probe.Protocol, From.Address(Flow.Family), To.Address(Flow.Family), SourcePort,
            Flow.Probe.Port);

    /// <param name="expected">Whether the policies allow the flow.</param>
    public readonly FlowResult Result(bool expected)
    {
        // A probe that was both captured and dropped is a fault of this program, not of the policies.
        var (measured, evidence) = (Captured, DropReason, Settled) switch
        {
            (true, null, true) => (Measured.Allowed, Evidence.Captured),
            (false, not null, true) => (Measured.Denied, Evidence.DropLog),
            _ => (Measured.Undecided, Evidence.None),
        };
        return new FlowResult(Flow, expected, measured, evidence, DropReason, Reply is { } reply ? Text(reply) : null);
    }

    private static string Text(ProbeReplyKind kind) => kind switch
    {
        ProbeReplyKind.SynAck => "SYN-ACK",
        ProbeReplyKind.Reset => "RST",
        ProbeReplyKind.InitAck => "INIT-ACK",
        ProbeReplyKind.Abort => "ABORT",
        ProbeReplyKind.EchoReply => "echo reply",
        _ => "ICMP error",
    };
}
