using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Matrix;

/// <summary>
/// The ports that containers declare and policies name. Of a range both ends count, because what is wrong with a range
/// is wrong at an end. A name is no port of its own: it stands for ports that containers declare.
/// </summary>
public static class NamedPorts
{
    /// <summary>
    /// The ports that a policy names in one direction, for a destination that resolves names; TCP, UDP, SCTP, then by
    /// port.
    /// </summary>
    public static IReadOnlyList<Probe> Towards(KubernetesObject policy, Direction direction, PodEndpoint destination) =>
        Probes.Sorted(Of(policy, direction).Concat(Names(policy, direction).SelectMany(named =>
            destination.Pod.Ports.Where(port => port.Name == named.Name
                && (named.Protocol is null || port.Protocol == named.Protocol))
                .Select(port => new Probe(port.Protocol.ToFlowProtocol(), port.Port)))));

    /// <summary>The declared ports of a pod.</summary>
    public static IEnumerable<Probe> Of(PodEndpoint pod) =>
        pod.Pod.Ports.Select(port => new Probe(port.Protocol.ToFlowProtocol(), port.Port));

    /// <summary>The ports that a policy names in its rules of both directions.</summary>
    public static IEnumerable<Probe> Of(KubernetesObject policy) =>
        Of(policy, Direction.Ingress).Concat(Of(policy, Direction.Egress));

    /// <summary>The ports that a policy names in its rules of one direction.</summary>
    public static IEnumerable<Probe> Of(KubernetesObject policy, Direction direction) => policy switch
    {
        NetworkPolicyObject network => network.Rules(direction).SelectMany(rule => rule.Ports).SelectMany(Of),
        TierPolicyObject tier => tier.Rules(direction).SelectMany(rule => rule.Ports).SelectMany(Of),
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy.Kind, null),
    };

    /// <summary>The ports that the policies of a pod name in one direction.</summary>
    public static IEnumerable<Probe> Of(Cluster cluster, PodEndpoint pod, Direction direction) =>
        cluster.NetworkPolicies.Where(policy => policy.Isolates(pod, direction)).Concat<KubernetesObject>(
            cluster.TierPolicies.Where(policy => ClusterTier.IsSubject(policy, pod, cluster)))
            .SelectMany(policy => Of(policy, direction));

    /// <summary>The names that stand for ports; without a protocol: of any.</summary>
    private static IEnumerable<(string? Name, TransportProtocol? Protocol)> Names(
        KubernetesObject policy, Direction direction) => policy switch
        {
            NetworkPolicyObject network => network.Rules(direction).SelectMany(rule => rule.Ports)
                .Where(port => port.Name is not null).Select(port => (port.Name, (TransportProtocol?)port.Protocol)),
            TierPolicyObject tier => tier.Rules(direction).SelectMany(rule => rule.Ports)
                .Where(port => port.Name is not null).Select(port => (port.Name, (TransportProtocol?)null)),
            _ => [],
        };

    private static IEnumerable<Probe> Of(NetworkPolicyPort port) => port.Port is { } first
        ? Ends(port.Protocol, first, port.EndPort ?? first) : [];

    private static IEnumerable<Probe> Of(TierPort port) => port is { Name: null, Protocol: { } protocol }
        ? Ends(protocol, port.First, port.Last) : [];

    /// <summary>Nothing for a range of all ports, which names none.</summary>
    private static IEnumerable<Probe> Ends(TransportProtocol protocol, ushort first, ushort last) =>
        first <= 1 && last == ushort.MaxValue ? []
            : [new Probe(protocol.ToFlowProtocol(), first), new Probe(protocol.ToFlowProtocol(), last)];
}
