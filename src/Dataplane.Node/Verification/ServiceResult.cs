using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Verification;

/// <summary>What packets said about one backend of a Service, or about a Service without any.</summary>
/// <param name="From">The source, as users spell it; <paramref name="Service"/> and <paramref name="Backend"/>
/// too.</param>
/// <param name="Frontend">The address and port that the packets were sent to.</param>
/// <param name="Probe">The protocol and the port of the Service.</param>
/// <param name="Backend">Its pod, or its address. Null: the packets are refused, or dropped, before one is
/// chosen.</param>
/// <param name="DropReason">The prefix of the drop log entry; null: none.</param>
/// <param name="Fault">What is wrong although the verdict may be right: such as a second backend for a client that is
/// to keep its first; null: nothing.</param>
public sealed record ServiceResult(string From, string Service, string Frontend, Probe Probe, AddressFamily Family,
    string? Backend, Measured Expected, Measured Measured, Evidence Evidence, string? DropReason, string? Fault)
{
    public bool Agrees => Measured == Expected && Fault is null;
}
