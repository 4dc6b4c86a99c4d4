namespace Dataplane.Api;

/// <summary>The answer of /v1/trace.</summary>
public sealed record TraceResponse(
    string From, string To, string Protocol, int Port, string Family, string Verdict, string Evidence,
    IReadOnlyList<TraceStep> Steps);

/// <param name="Microseconds">Since the packet was sent.</param>
/// <param name="Where">Such as <c>bridge prerouting</c> or <c>inet judge</c>.</param>
public sealed record TraceStep(double Microseconds, string Where, string What);
