using Dataplane.Policy.Model;
using Dataplane.Policy.Sampling;

namespace Dataplane.Node.Verification;

/// <summary>
/// What the wire said of a flow. Undecided is an error of ours: neither a capture nor a drop log within the sentinel's
/// bounds.
/// </summary>
public enum Measured { Allowed, Denied, Undecided }

/// <summary>Who says so: a capture at the destination, or our own drop log.</summary>
public enum Evidence { None, Captured, DropLog }

/// <summary>One flow, expected and measured.</summary>
/// <param name="DropReason">The drop log's prefix; null where nothing was logged.</param>
/// <param name="Reply">
/// What came back to the source: RST, SYN-ACK, ...; null where nothing did or nothing was awaited.
/// </param>
public sealed record FlowResult(Flow Flow, bool Expected, Measured Measured, Evidence Evidence, string? DropReason,
    string? Reply)
{
    public bool Agrees => Measured == (Expected ? Measured.Allowed : Measured.Denied);
}

/// <summary>Only a part of the flows: see <see cref="Policy.Sampling.DecisionSampler"/>.</summary>
/// <param name="Count">The most flows, 1 or more.</param>
/// <param name="Seed">The same seed chooses the same flows of the same cluster.</param>
public readonly record struct Sampling(int Count, int Seed);

/// <summary>How long the parts took.</summary>
public sealed record VerifyTimings(TimeSpan Attach, TimeSpan Program, TimeSpan Probe)
{
    public TimeSpan Total => Attach + Program + Probe;
}

/// <summary>All flows in the order of the matrix, and whether the two controls stood.</summary>
/// <param name="ControlFailure">
/// Null: a packet that must arrive did, and one that must not did not. Else nothing here can be trusted.
/// </param>
/// <param name="Warnings">
/// What the user should know though nothing failed: a kernel without owned tables, addresses that were left out.
/// </param>
public sealed record VerifyReport(IReadOnlyList<FlowResult> Flows, string? ControlFailure,
    IReadOnlyList<string> Warnings, VerifyTimings Timings)
{
    /// <summary>Null where every flow was asked for.</summary>
    public FlowSample? Sample { get; init; }

    public int Agree => Flows.Count(f => f.Agrees);
    public int Undecided => Flows.Count(f => f.Measured == Measured.Undecided);
    public int Disagree => Flows.Count - Agree - Undecided;
}
