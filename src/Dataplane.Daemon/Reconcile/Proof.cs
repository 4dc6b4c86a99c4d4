using System.Diagnostics;
using System.Net.Sockets;
using Dataplane.Daemon.Api;
using Dataplane.Daemon.Host;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;
using Dataplane.Node.Verification;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Daemon.Reconcile;

/// <summary>Packets that prove a change: one that must arrive and one that must not, where there are such, between pods that it is about.</summary>
internal sealed class Proof
{
    /// <summary>Flows to ask the oracle about: it is slow on purpose, and somebody waits.</summary>
    private const int MaxCandidates = 64;

    /// <summary>For one attempt: others wait for the node meanwhile.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly LiveNode _node;
    private readonly Cluster _cluster;
    private readonly long _generation, _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _limit;
    private readonly List<Flow> _flows;

    /// <param name="limit">From now on.</param>
    public Proof(LiveNode node, Cluster cluster, long generation, IReadOnlyList<ChangedObject> changes, TimeSpan limit)
    {
        (_node, _cluster, _generation, _limit) = (node, cluster, generation, limit);
        _flows = Choose(changes);
    }

    /// <returns>Empty where there is nothing to send a packet to. Null: undecided; it may be otherwise once the node has been mended.</returns>
    /// <exception cref="ApiProblem">Not as the policies say, or undecided until the limit.</exception>
    public IReadOnlyList<ProofPacket>? Attempt()
    {
        if (_flows.Count == 0) return [];
        string why;
        try
        {
            using var stop = new CancellationTokenSource(Left < Longest ? Left : Longest);
            var report = _node.Verify(_flows, stop.Token);
            if (report.Flows.FirstOrDefault(f => !f.Agrees && f.Measured != Measured.Undecided) is { } wrong)
                throw Problems.NotProven(_generation, $"{Flows.Proof(wrong).Flow} is {wrong.Measured.Text()}, and should not be");
            if (report.ControlFailure is null && report.Undecided == 0) return [.. report.Flows.Select(Flows.Proof)];
            why = report.ControlFailure ?? $"{Flows.Proof(report.Flows[0]).Flow} is undecided";
        }
        catch (OperationCanceledException)
        {
            why = $"no packet in {_limit.TotalSeconds:0.###} s";
        }
        catch (LinuxException e)
        {
            // Such as a pod's interface that somebody has taken away.
            why = e.Message;
        }
        return Left > TimeSpan.Zero ? null : throw Problems.NotProven(_generation, why);
    }

    private TimeSpan Left => _limit - Stopwatch.GetElapsedTime(_started) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private List<Flow> Choose(IReadOnlyList<ChangedObject> changes)
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

    private IEnumerable<Flow> Candidates(IReadOnlyList<ChangedObject> changes)
    {
        var pods = _cluster.Pods.Where(p => !p.IsHostNetwork).ToList();
        foreach (var pod in changes.Where(c => c.Change != "deleted").SelectMany(About).Concat(pods).Distinct())
            foreach (var family in AddressFamilies.All.Where(f => pod.Address(f) is not null))
                foreach (var other in pods.Where(p => p != pod && p.Address(family) is not null).Cast<Endpoint>().DefaultIfEmpty(_cluster.Node))
                    foreach (var flow in Between(pod, other, family))
                        yield return flow;
    }

    private static IEnumerable<Flow> Between(PodEndpoint pod, Endpoint other, AddressFamily family)
    {
        yield return new Flow(other, pod, Port(pod), family);
        yield return new Flow(pod, other, other is PodEndpoint peer ? Port(peer) : Default, family);
    }

    private static readonly Probe Default = new(FlowProtocol.Tcp, 80);

    private static Probe Port(PodEndpoint pod) => pod.Pod.Ports is [var first, ..] ? new Probe(first.Protocol.ToFlowProtocol(), first.Port) : Default;

    /// <summary>The pods that an object is, selects, or has made.</summary>
    private IEnumerable<PodEndpoint> About(ChangedObject change)
    {
        var (ns, name) = change.Name.Split('/') is [var left, var right] ? (left, right) : ("", change.Name);
        var pods = _cluster.Pods.Where(p => !p.IsHostNetwork);
        return change.Kind switch
        {
            "Namespace" => pods.Where(p => p.Pod.Namespace == name),
            "NetworkPolicy" => _cluster.NetworkPolicies.FirstOrDefault(p => p.FullName == change.Name) is { } policy
                ? pods.Where(p => p.Pod.Namespace == ns && policy.PodSelector.Matches(p.Pod.Labels)) : [],
            "Pod" => pods.Where(p => p.Name == change.Name),
            _ => ns.Length == 0 ? [] : pods.Where(p => p.Name.StartsWith(change.Name + "-", StringComparison.Ordinal)),
        };
    }
}
