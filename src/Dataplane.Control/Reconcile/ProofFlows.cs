using System.Net.Sockets;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;
using Dataplane.Policy.Services;

namespace Dataplane.Control.Reconcile;

/// <summary>
/// The flows whose packets prove a change. Of each policy that changed: one that is allowed and one that is not, where
/// there are such, of the pods that it selects and on the ports that it names; of each Service, to the pods and ports
/// that it leads to. Of all pods that changed: one of each.
/// </summary>
internal sealed class ProofFlows
{
    /// <summary>Flows to ask the oracle about, at most: it is slow on purpose, and a client waits.</summary>
    private const int MaxCandidates = 1024;

    /// <summary>The same for one policy, or for all pods.</summary>
    private const int MaxCandidatesEach = 64;

    /// <summary>Pods of a selection that are looked at, at most.</summary>
    private const int MaxPods = 8;

    private readonly Cluster _cluster;
    private readonly TakenPorts _taken;
    private readonly List<PodEndpoint> _pods;
    private readonly List<Flow> _flows = [];
    private readonly List<string> _unproven = [];
    private int _asked;

    /// <param name="before">The cluster before the change, which has the policies that are deleted.</param>
    /// <param name="after">The cluster that is enforced.</param>
    public ProofFlows(Cluster before, Cluster after, IReadOnlyList<ObjectChange> changes)
    {
        (_cluster, _taken) = (after, new TakenPorts(after));
        _pods = [.. after.Pods.Where(p => !p.IsHostNetwork)];
        var (old, now) = (PoliciesOf(before), PoliciesOf(after));
        var pods = new List<PodEndpoint>();
        foreach (var change in changes)
        {
            if ((now.GetValueOrDefault(change.Key) ?? old.GetValueOrDefault(change.Key)) is { } policy)
                AddPolicy(policy);
            else if (change.Key.Kind != "Service" || !Choose(Behind(change.Key.Name)))
                AddPods(change, pods);
        }
        Choose(pods.SelectMany(Candidates));
    }

    /// <summary>Each once; empty where there is nothing to send a packet to.</summary>
    public IReadOnlyList<Flow> Flows => [.. _flows.Distinct()];

    /// <summary>Objects of which no packet can prove anything, and why; complete where there are no flows.</summary>
    public IReadOnlyList<string> Unproven => _unproven;

    private static Dictionary<ObjectKey, KubernetesObject> PoliciesOf(Cluster cluster) =>
        cluster.NetworkPolicies.Concat<KubernetesObject>(cluster.TierPolicies).ToDictionary(ObjectKey.Of);

    private void AddPolicy(KubernetesObject policy)
    {
        var subjects = (policy switch
        {
            NetworkPolicyObject network => SelectedPods.Of(_cluster, network),
            TierPolicyObject tier => SelectedPods.Of(_cluster, tier.Subject),
            _ => [],
        }).Take(MaxPods).ToList();
        if (subjects.Count == 0) _unproven.Add($"{policy.Kind} {policy.FullName} selects no pod");
        else if (!Choose(subjects.SelectMany(subject => Candidates(policy, subject))))
            _unproven.Add($"{policy.Kind} {policy.FullName}: there is no other pod to send a packet from or to");
    }

    private void AddPods(ObjectChange change, List<PodEndpoint> pods)
    {
        var about = change.Kind == ChangeKind.Deleted ? [] : About(change.Key).ToList();
        pods.AddRange(about);
        if (about.Count == 0)
            _unproven.Add($"{change.Key} {(change.Kind == ChangeKind.Deleted ? "is deleted" : "has no pod")}");
    }

    /// <summary>Chooses the first candidate that is allowed, and the first that is not.</summary>
    /// <returns>Whether there was a candidate.</returns>
    private bool Choose(IEnumerable<Flow> candidates)
    {
        bool any = false, allowed = false, denied = false;
        foreach (var flow in candidates.Take(MaxCandidatesEach))
        {
            any = true;
            if (++_asked > MaxCandidates) break;
            ref var seen = ref Oracle.Evaluate(_cluster, flow).Allowed ? ref allowed : ref denied;
            if (!seen) _flows.Add(flow);
            seen = true;
            if (allowed && denied) break;
        }
        return any;
    }

    /// <summary>
    /// Flows of a pod that a policy decides about, on the ports that it names: with its peers first, then with others.
    /// </summary>
    private IEnumerable<Flow> Candidates(KubernetesObject policy, PodEndpoint subject)
    {
        foreach (var direction in Enum.GetValues<Direction>().Where(d => Decides(policy, d)))
        {
            var peers = Peers(policy, direction).Where(p => p != subject).Distinct().Take(MaxPods).ToList();
            var others = _pods.Where(p => p != subject && !peers.Contains(p)).Take(MaxPods);
            foreach (var other in peers.Concat(others))
            {
                if (Common(subject, other) is not { } family) continue;
                var (from, to) = direction == Direction.Egress ? (subject, other) : (other, subject);
                var named = NamedPorts.Towards(policy, direction, to);
                foreach (var probe in named.Count > 0 ? named : DefaultProbes.Between(_cluster, from, to).Take(1))
                    yield return new Flow(from, to, probe, family);
            }
        }
    }

    private static bool Decides(KubernetesObject policy, Direction direction) => policy switch
    {
        NetworkPolicyObject network => network.Isolates(direction),
        TierPolicyObject tier => tier.Rules(direction).Count > 0,
        _ => false,
    };

    private IEnumerable<PodEndpoint> Peers(KubernetesObject policy, Direction direction) => policy switch
    {
        NetworkPolicyObject network => network.Rules(direction).SelectMany(r => r.Peers)
            .SelectMany(p => SelectedPods.Of(_cluster, network, p)),
        TierPolicyObject tier => tier.Rules(direction).SelectMany(r => r.Peers)
            .SelectMany(p => SelectedPods.Of(_cluster, p)),
        _ => [],
    };

    /// <summary>Flows from and to a pod that changed: with other pods, or where there is none, with the node.</summary>
    private IEnumerable<Flow> Candidates(PodEndpoint pod)
    {
        foreach (var other in _pods.Where(p => p != pod && Common(pod, p) is not null).Cast<Endpoint>()
            .DefaultIfEmpty(_cluster.Node))
        {
            if (Common(pod, other) is not { } family) continue;
            yield return new Flow(other, pod, DefaultProbes.Between(_cluster, other, pod)[0], family);
            var flow = new Flow(pod, other, DefaultProbes.Between(_cluster, pod, other)[0], family);
            if (!_taken.Take(flow)) yield return flow;
        }
    }

    /// <summary>Flows to the pods behind a Service, on the ports that it sends packets to.</summary>
    private IEnumerable<Flow> Behind(string name) =>
        from service in _cluster.Services
        where service.Name == name
        from endpoint in ServiceEndpoints.Of(_cluster, service)
        where endpoint.IsUsable && endpoint.Pod is { IsHostNetwork: false }
        from port in service.Object.Ports.Zip(endpoint.Ports)
        where port.Second is not null
        from other in _pods.Where(pod => pod != endpoint.Pod).Cast<Endpoint>().DefaultIfEmpty(_cluster.Node)
        where other.AddressIn(endpoint.Address.AddressFamily) is not null
        select new Flow(other, endpoint.Pod!, new Probe(port.First.Protocol.ToFlowProtocol(), port.Second!.Value),
            endpoint.Address.AddressFamily);

    private static AddressFamily? Common(Endpoint one, Endpoint other) =>
        AddressFamilies.All.Where(f => one.AddressIn(f) is not null && other.AddressIn(f) is not null)
            .Select(f => (AddressFamily?)f).FirstOrDefault();

    /// <summary>The pods that an object is, has in it, has behind it, or has made.</summary>
    private IEnumerable<PodEndpoint> About(ObjectKey key) => key.Kind switch
    {
        "Namespace" => _pods.Where(p => p.Pod.Namespace == key.Name),
        "Pod" => _pods.Where(p => p.Name == key.Name),
        "Service" => _pods.Where(p => _cluster.Services.Any(s => s.Name == key.Name && s.Object.Selects(p.Pod))),
        _ => key.Name.Contains('/')
            ? _pods.Where(p => p.Name.StartsWith(key.Name + "-", StringComparison.Ordinal)) : [],
    };
}
