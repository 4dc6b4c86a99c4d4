using Dataplane.Policy.Model;

namespace Dataplane.Node.Verification;

/// <summary>One packet's path through the kernel.</summary>
/// <param name="Measured">The verdict by the capture or the drop log; undecided if neither has the packet.</param>
/// <param name="Steps">The steps in order; the first is the sending, the last the outcome.</param>
public sealed record PacketTrace(Flow Flow, Measured Measured, Evidence Evidence, IReadOnlyList<PacketStep> Steps);

/// <param name="Time">
/// Since the packet was sent. The kernel gives no times: it is the time at which its message was read.
/// </param>
/// <param name="Where">Such as <c>bridge prerouting</c> or <c>x/b eth0</c>.</param>
/// <param name="What">A rule in nft's words, or what was seen.</param>
public readonly record struct PacketStep(TimeSpan Time, string Where, string What);

/// <summary>No packet can be sent for this question; the message says why.</summary>
public sealed class UntraceableException(string message) : Exception(message);
