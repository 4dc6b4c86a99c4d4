using Dataplane.Policy.Model;
using Dataplane.Policy.Sampling;

namespace Dataplane.Node.Verification;

/// <summary>
/// The measured verdict of a flow. Undecided is an error of this program: no witness has the probe, both have it, or
/// its sentinels were not logged. Refused: answered at once on behalf of a Service, which nothing is behind.
/// </summary>
public enum Measured { Allowed, Denied, Refused, Undecided }

/// <summary>
/// The witness of a verdict: a capture at the destination, our own drop log, or the refusal captured at the source.
/// </summary>
public enum Evidence { None, Captured, DropLog, Rejected }

/// <summary>One flow, expected and measured.</summary>
/// <param name="DropReason">The prefix of the drop log entry; null: none.</param>
/// <param name="Reply">The answer that the source received, such as RST or SYN-ACK; null: none.</param>
public sealed record FlowResult(Flow Flow, bool Expected, Measured Measured, Evidence Evidence, string? DropReason,
    string? Reply)
{
    public bool Agrees => Measured == (Expected ? Measured.Allowed : Measured.Denied);
}

/// <summary>
/// The size and the seed of a sample of the flows: see <see cref="Policy.Sampling.DecisionSampler"/>.
/// </summary>
/// <param name="Count">Maximum number of flows, 1 or more.</param>
/// <param name="Seed">The same seed chooses the same flows of the same cluster.</param>
public readonly record struct Sampling(int Count, int Seed);

/// <summary>The duration of each phase.</summary>
public sealed record VerifyTimings(TimeSpan Attach, TimeSpan Program, TimeSpan Probe)
{
    public TimeSpan Total => Attach + Program + Probe;
}

/// <summary>The results of all flows, in the order of the matrix, and the result of the two controls.</summary>
/// <param name="ControlFailure">
/// Null: both controls had their known verdict. Otherwise a message, and no result can be trusted.
/// </param>
/// <param name="Warnings">
/// Warnings for the user that are not failures: a kernel without owned tables, addresses that were left out.
/// </param>
public sealed record VerifyReport(IReadOnlyList<FlowResult> Flows, string? ControlFailure,
    IReadOnlyList<string> Warnings, VerifyTimings Timings)
{
    /// <summary>There was no flow, and no node was made.</summary>
    public static readonly VerifyReport Empty =
        new([], null, [], new VerifyTimings(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero));

    /// <summary>A run that asked about Services alone.</summary>
    internal static VerifyReport OfServices(
        IReadOnlyList<ServiceResult> services, string? controlFailure, TimeSpan probe) =>
        new([], controlFailure, [], new VerifyTimings(TimeSpan.Zero, TimeSpan.Zero, probe)) { Services = services };

    /// <summary>This run and one about Services, which followed on the same node.</summary>
    internal VerifyReport With(VerifyReport services) => this with
    {
        Services = services.Services,
        ControlFailure = ControlFailure ?? services.ControlFailure,
        Timings = Timings with { Probe = Timings.Probe + services.Timings.Probe },
    };

    /// <summary>The sample that was verified; null: every flow was.</summary>
    public FlowSample? Sample { get; init; }

    /// <summary>The results of Services, one for each backend that a source may be sent to.</summary>
    public IReadOnlyList<ServiceResult> Services { get; init; } = [];

    /// <summary>The number of all results.</summary>
    public int Count => Flows.Count + Services.Count;

    public int Agree => Flows.Count(f => f.Agrees) + Services.Count(s => s.Agrees);

    public int Undecided => Flows.Count(f => f.Measured == Measured.Undecided)
        + Services.Count(s => s.Measured == Measured.Undecided);

    public int Disagree => Count - Agree - Undecided;
}
