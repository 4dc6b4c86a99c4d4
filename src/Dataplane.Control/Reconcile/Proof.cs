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
    private readonly ProofFlows _asked;

    /// <param name="limit">For all attempts together, from now on.</param>
    public Proof(LiveNode node, ProofFlows asked, long generation, TimeSpan limit) =>
        (_node, _asked, _generation, _limit) = (node, asked, generation, limit);

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
        if (_asked.Flows.Count == 0 && _asked.Services.Count == 0) return [];
        string why;
        try
        {
            using var stop = new CancellationTokenSource(Left < Longest ? Left : Longest);
            List<VerifyReport> reports = [];
            if (_asked.Flows.Count > 0) reports.Add(_node.Verify(_asked.Flows, stop.Token));
            if (_asked.Services.Count > 0) reports.Add(_node.Verify(_asked.Services, stop.Token));
            List<ProvenFlow> flows = [.. reports.SelectMany(r => r.Flows).Select(ProvenFlow.Of),
                .. reports.SelectMany(r => r.Services).Select(ProvenFlow.Of)];
            if (flows.Find(f => !f.Agrees && f.Measured != Measured.Undecided) is { } wrong)
            {
                throw RefusalException.NotProven(_generation, wrong.Fault is { } fault ? $"{wrong.Name}: {fault}"
                    : $"{wrong.Name} is {wrong.Measured.Text()}, and should not be");
            }
            var failure = reports.Select(r => r.ControlFailure).FirstOrDefault(f => f is not null);
            var undecided = flows.Find(f => f.Measured == Measured.Undecided);
            if (failure is null && undecided is null) return flows;
            why = failure ?? $"{undecided!.Name} is undecided";
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
