using Dataplane.Linux.Frames;
using Dataplane.Policy;

namespace Dataplane.Node.Verification;

/// <summary>One probe on its way: what was sent, and what the wire and the kernel have said of it so far.</summary>
internal sealed class ProbeState(Flow flow, ProbeIdentity identity, Station from, Station to)
{
    public Flow Flow { get; } = flow;

    public ProbeIdentity Identity { get; } = identity;

    public Station From { get; } = from;

    public Station To { get; } = to;

    /// <summary>Seen at the destination's end, with this id, these addresses and ports.</summary>
    public bool Captured { get; set; }

    /// <summary>Our drop log named it, with this prefix.</summary>
    public string? DropReason { get; set; }

    public ProbeReplyKind? Reply { get; set; }

    /// <summary>The sentinels behind it have been accounted for: nothing more will come.</summary>
    public bool Settled { get; set; }

    /// <param name="expected">What the policies say of the flow.</param>
    public FlowResult Result(bool expected)
    {
        // Both at once cannot be: then something is wrong with us, not with the policy.
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
