using Dataplane.Node.Verification;

namespace Dataplane.Control.Reconcile;

/// <summary>What a packet, or packets to one backend of a Service, proved.</summary>
/// <param name="Name">Such as <c>x/a -> x/b TCP 80</c>, or
/// <c>x/a -> service:x/web at 10.96.0.7:80, x/web-0</c>.</param>
/// <param name="Agrees">It ended as the policies say.</param>
/// <param name="Fault">See <see cref="ServiceResult"/>.</param>
public sealed record ProvenFlow(
    string Name, Measured Measured, Evidence Evidence, string? DropReason, bool Agrees, string? Fault)
{
    public static ProvenFlow Of(FlowResult result) => new(
        $"{result.Flow.From.Name} -> {result.Flow.To.Name} {result.Flow.Probe}", result.Measured, result.Evidence,
        result.DropReason, result.Agrees, null);

    public static ProvenFlow Of(ServiceResult result) => new(
        $"{result.From} -> service:{result.Service} at {result.Frontend}"
            + (result.Backend is { } backend ? $", {backend}" : ""),
        result.Measured, result.Evidence, result.DropReason, result.Agrees, result.Fault);
}
