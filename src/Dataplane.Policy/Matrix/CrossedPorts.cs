using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Matrix;

/// <summary>
/// Which probes are about which pods: those that the pod declares, and those that the rules of its policies name for
/// what enters; for a pod without either, those that rules of other pods name for what leaves to it. A rule for all
/// ports names none, and a rule for every destination names no pod.
/// </summary>
public sealed class CrossedPorts
{
    private readonly Cluster _cluster;
    private readonly Dictionary<PodEndpoint, HashSet<Probe>> _probes = [];

    /// <param name="probes">The probes that are asked for; others are left out.</param>
    public CrossedPorts(Cluster cluster, IReadOnlyCollection<Probe> probes)
    {
        _cluster = cluster;
        foreach (var pod in cluster.Pods)
        {
            Add(pod, probes.Where(probe => pod.Pod.Ports.Any(port => port.Port == probe.Port
                && port.Protocol.ToFlowProtocol() == probe.Protocol)));
        }
        AddEntering(probes);
        AddLeaving(probes);
    }

    /// <summary>True if a probe is about the pod.</summary>
    public bool HasAny(PodEndpoint pod) => _probes.ContainsKey(pod);

    public bool Has(PodEndpoint pod, Probe probe) => _probes.GetValueOrDefault(pod)?.Contains(probe) is true;

    private void AddEntering(IReadOnlyCollection<Probe> probes)
    {
        foreach (var policy in _cluster.NetworkPolicies)
        {
            var pods = SelectedPods.Of(_cluster, policy);
            foreach (var port in policy.Ingress.SelectMany(rule => rule.Ports)) Add(pods, port, probes);
        }
        foreach (var policy in _cluster.TierPolicies)
        {
            var pods = SelectedPods.Of(_cluster, policy.Subject);
            foreach (var port in policy.Ingress.SelectMany(rule => rule.Ports)) Add(pods, port, probes);
        }
    }

    private void AddLeaving(IReadOnlyCollection<Probe> probes)
    {
        var known = _probes.Keys.ToHashSet();
        foreach (var policy in _cluster.NetworkPolicies)
        {
            foreach (var rule in policy.Egress.Where(rule => rule.Ports.Count > 0))
            {
                PodEndpoint[] pods =
                [
                    .. rule.Peers.SelectMany(peer => SelectedPods.Of(_cluster, policy, peer)).Distinct().Except(known),
                ];
                foreach (var port in rule.Ports) Add(pods, port, probes);
            }
        }
        foreach (var rule in _cluster.TierPolicies.SelectMany(p => p.Egress).Where(rule => rule.Ports.Count > 0))
        {
            PodEndpoint[] pods =
                [.. rule.Peers.SelectMany(peer => SelectedPods.Of(_cluster, peer)).Distinct().Except(known)];
            foreach (var port in rule.Ports) Add(pods, port, probes);
        }
    }

    private void Add(IReadOnlyList<PodEndpoint> pods, NetworkPolicyPort port, IReadOnlyCollection<Probe> probes)
    {
        if (port is { Port: null, Name: null } || IsEveryPort(port.Port, port.EndPort)) return;
        foreach (var pod in pods)
            Add(pod, probes.Where(probe => RuleMatching.PortMatches(port, Question(pod, probe))));
    }

    private void Add(IReadOnlyList<PodEndpoint> pods, TierPort port, IReadOnlyCollection<Probe> probes)
    {
        if (port.Name is null && IsEveryPort(port.First, port.Last)) return;
        foreach (var pod in pods)
            Add(pod, probes.Where(probe => TierRuleMatching.PortMatches(port, Question(pod, probe))));
    }

    private void Add(PodEndpoint pod, IEnumerable<Probe> probes)
    {
        foreach (var probe in probes)
        {
            if (!_probes.TryGetValue(pod, out var own)) _probes[pod] = own = [];
            own.Add(probe);
        }
    }

    private static bool IsEveryPort(ushort? first, ushort? last) => first <= 1 && last == ushort.MaxValue;

    /// <summary>The family does not matter: ports are the same in both.</summary>
    private static Flow Question(PodEndpoint pod, Probe probe) => new(pod, pod, probe, AddressFamily.InterNetwork);
}
