using System.Diagnostics;
using System.Net.Sockets;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;
using Dataplane.Node.Verification;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Control.Reconcile;

/// <summary>
/// Packets that prove a change: one that must arrive and one that must not, where there are such, between pods that the
/// change concerns.
/// </summary>
internal sealed class Proof
{
    /// <summary>Flows to ask the oracle about, at most: it is slow on purpose, and a client waits.</summary>
    private const int MaxCandidates = 64;

    /// <summary>The longest attempt: others wait for the node meanwhile.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly Probe Default = new(FlowProtocol.Tcp, 80);

    private readonly LiveNode _node;
    private readonly Cluster _cluster;
    private readonly long _generation, _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _limit;
    private readonly List<Flow> _flows;

    /// <param name="limit">For all attempts together, from now on.</param>
    public Proof(LiveNode node, Cluster cluster, long generation, IReadOnlyList<ObjectChange> changes, TimeSpan limit)
    {
        (_node, _cluster, _generation, _limit) = (node, cluster, generation, limit);
        _flows = Choose(changes);
    }

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

    private List<Flow> Choose(IReadOnlyList<ObjectChange> changes)
    {
        var chosen = new List<Flow>();
        bool allowed = false, denied = false;
        foreach (var flow in Candidates(changes).Take(MaxCandidates))
        {
            ref var seen = ref Oracle.Evaluate(_cluster, flow).Allowed ? ref allowed : ref denied;
            if (!seen) chosen.Add(flow);
            seen = true;
            if (allowed && denied) break;
        }
        return chosen;
    }

    private IEnumerable<Flow> Candidates(IReadOnlyList<ObjectChange> changes)
    {
        var pods = _cluster.Pods.Where(p => !p.IsHostNetwork).ToList();
        foreach (var pod in changes.Where(c => c.Kind != ChangeKind.Deleted).SelectMany(About).Concat(pods).Distinct())
        {
            foreach (var family in AddressFamilies.All.Where(f => pod.Address(f) is not null))
            {
                var others = pods.Where(p => p != pod && p.Address(family) is not null).Cast<Endpoint>();
                foreach (var other in others.DefaultIfEmpty(_cluster.Node))
                {
                    foreach (var flow in Between(pod, other, family)) yield return flow;
                }
            }
        }
    }

    private static IEnumerable<Flow> Between(PodEndpoint pod, Endpoint other, AddressFamily family)
    {
        yield return new Flow(other, pod, Port(pod), family);
        yield return new Flow(pod, other, other is PodEndpoint peer ? Port(peer) : Default, family);
    }

    private static Probe Port(PodEndpoint pod) =>
        pod.Pod.Ports is [var first, ..] ? new Probe(first.Protocol.ToFlowProtocol(), first.Port) : Default;

    /// <summary>The pods that an object is, selects, or has made.</summary>
    private IEnumerable<PodEndpoint> About(ObjectChange change)
    {
        var key = change.Key;
        var (ns, name) = key.Name.Split('/') is [var left, var right] ? (left, right) : ("", key.Name);
        var pods = _cluster.Pods.Where(p => !p.IsHostNetwork);
        return key.Kind switch
        {
            "Namespace" => pods.Where(p => p.Pod.Namespace == name),
            "NetworkPolicy" => _cluster.NetworkPolicies.FirstOrDefault(p => p.FullName == key.Name) is { } policy
                ? pods.Where(p => p.Pod.Namespace == ns && policy.PodSelector.Matches(p.Pod.Labels)) : [],
            "Pod" => pods.Where(p => p.Name == key.Name),
            _ => ns.Length == 0 ? [] : pods.Where(p => p.Name.StartsWith(key.Name + "-", StringComparison.Ordinal)),
        };
    }
}
