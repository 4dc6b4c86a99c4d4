namespace Dataplane.Api;

/// <summary>The answer of /v1/verify, in the order of the matrix.</summary>
/// <param name="ControlFailure">Why the controls did not work, so that no verdict counts; null: they did.</param>
public sealed record VerifyResponse(
    long Generation, IReadOnlyList<VerifiedFlow> Flows, string? ControlFailure, IReadOnlyList<string> Warnings,
    double ProbeMilliseconds)
{
    /// <summary>Null where every flow was asked for.</summary>
    public VerifiedSample? Sample { get; init; }

    /// <summary>What became of packets to Services.</summary>
    public IReadOnlyList<VerifiedService> Services { get; init; } = [];
}

/// <summary>One backend of a Service as one source sees it, or a Service without any.</summary>
/// <param name="Service"><c>namespace/name</c>.</param>
/// <param name="Frontend">The address and port that the packets were sent to.</param>
/// <param name="Port">That of the Service.</param>
/// <param name="Backend">A pod, or an address; null: none was chosen.</param>
/// <param name="Expected"><c>allowed</c>, <c>denied</c> or <c>refused</c>.</param>
/// <param name="Measured">The same, or <c>undecided</c>.</param>
/// <param name="Fault">What is wrong although the verdict may be right; null: nothing.</param>
public sealed record VerifiedService(
    string From, string Service, string Frontend, string Protocol, int Port, string Family, string? Backend,
    string Expected, string Measured, string Evidence, string? DropReason, string? Fault);

/// <summary>Which part of all flows was verified.</summary>
/// <param name="Of">Total number of flows.</param>
/// <param name="Decisions">Number of compiled decisions: a lower bound, and exact where all are covered.</param>
/// <param name="Covered">Number of decisions that decide at least one verified flow.</param>
public sealed record VerifiedSample(long Of, int Seed, long Decisions, long Covered);

/// <param name="Expected">Whether the policies allow the flow.</param>
/// <param name="Measured"><c>allowed</c>, <c>denied</c> or <c>undecided</c>.</param>
/// <param name="DropReason">The prefix of the drop log's entry for the packet.</param>
/// <param name="Reply">The kind of reply, such as <c>Rst</c>; null for silence.</param>
public sealed record VerifiedFlow(
    string From, string To, string Protocol, int Port, string Family, bool Expected, string Measured, string Evidence,
    string? DropReason, string? Reply);
