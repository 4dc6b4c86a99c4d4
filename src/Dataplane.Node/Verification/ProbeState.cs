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

    /// <summary>
    /// The backends of the Service that it is sent to: <see cref="To"/> is then the frontend. Null: it is not for a
    /// Service.
    /// </summary>
    public PoolStations? Pool { get; init; }

    /// <summary>Which backend of the pool it was sent on to, in the list's order; null: not known to be.</summary>
    public int? Backend { get; set; }

    /// <summary>It was captured where nothing of the pool is.</summary>
    public bool Strayed { get; set; }

    /// <summary>The prefix of its drop log entry; null: none.</summary>
    public string? DropReason { get; set; }

    public readonly ProbeIdentity Identity => Flow.Probe.Protocol == FlowProtocol.Icmp
        ? new(Id, IcmpNumbers.Protocol[Flow.Family], From.Address(Flow.Family), To.Address(Flow.Family), SourcePort, 0)
        : new(Id, (IpProtocol)(byte)Flow.Probe.Protocol, From.Address(Flow.Family), To.Address(Flow.Family), SourcePort,
            Flow.Probe.Port);

    /// <summary>What became of it, and who says so.</summary>
    // A probe that was both captured and dropped is a fault of this program, not of the policies.
    public readonly (Measured Measured, Evidence Evidence) Outcome => (Captured, DropReason, Settled) switch
    {
        (true, null, true) => (Measured.Allowed, Evidence.Captured),
        (false, not null, true) => (Measured.Denied, Evidence.DropLog),
        (false, null, true) when Pool is not null && Reply is ProbeReplyKind.Reset or ProbeReplyKind.IcmpError =>
            (Measured.Refused, Evidence.Rejected),
        _ => (Measured.Undecided, Evidence.None),
    };

    /// <param name="expected">Whether the policies allow the flow.</param>
    public readonly FlowResult Result(bool expected)
    {
        var (measured, evidence) = Outcome;
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
