using System.Diagnostics;
using Dataplane.Control.Refusals;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;

namespace Dataplane.Control.Reconcile;

/// <summary>
/// Packets that prove a change: the flows of <see cref="ProofFlows"/>, sent after the kernel has it.
/// </summary>
internal sealed class Proof
{
    /// <summary>The longest attempt: others wait for the node meanwhile.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly LiveNode _node;
    private readonly long _generation, _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _limit;
    private readonly IReadOnlyList<Flow> _flows;

    /// <param name="limit">For all attempts together, from now on.</param>
    public Proof(LiveNode node, IReadOnlyList<Flow> flows, long generation, TimeSpan limit) =>
        (_node, _flows, _generation, _limit) = (node, flows, generation, limit);

    private TimeSpan Left =>
        _limit - Stopwatch.GetElapsedTime(_started) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <returns>
    /// Empty where there is nothing to send a packet to. Null: undecided; another attempt may succeed once the node has
    /// been repaired.
    /// </returns>
    /// <exception cref="RefusalException">
    /// A packet contradicts the policies, or the outcome is undecided at the limit.
    /// </exception>
    public IReadOnlyList<ProvenFlow>? Attempt()
    {
        if (_flows.Count == 0) return [];
        string why;
        try
        {
            using var stop = new CancellationTokenSource(Left < Longest ? Left : Longest);
            var report = _node.Verify(_flows, stop.Token);
            var flows = report.Flows.Select(f => new ProvenFlow(f)).ToList();
            if (flows.FirstOrDefault(f => !f.Result.Agrees && f.Result.Measured != Measured.Undecided) is { } wrong)
            {
                var measured = wrong.Result.Measured.Text();
                throw RefusalException.NotProven(_generation, $"{wrong.Name} is {measured}, and should not be");
            }
            if (report.ControlFailure is null && report.Undecided == 0) return flows;
            why = report.ControlFailure ?? $"{flows[0].Name} is undecided";
        }
        catch (OperationCanceledException)
        {
            why = $"no packet in {_limit.TotalSeconds:0.###} s";
        }
        catch (LinuxException e)
        {
            // Such as a pod's interface that another process has removed.
            why = e.Message;
        }
        return Left > TimeSpan.Zero ? null : throw RefusalException.NotProven(_generation, why);
    }
}
