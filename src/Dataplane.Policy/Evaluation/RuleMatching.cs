using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Evaluation;

/// <summary>
/// Whether one rule allows one side of a flow (networking/v1 NetworkPolicyIngressRule and NetworkPolicyEgressRule):
/// some peer of it and some port of it, where an empty list of either stands for all.
/// </summary>
internal static class RuleMatching
{
    public static bool Matches(NetworkPolicyObject policy, NetworkPolicyRule rule, in SideQuestion question) =>
        PeersMatch(policy, rule, question) && PortsMatch(rule, question.Flow);

    public static bool PeersMatch(NetworkPolicyObject policy, NetworkPolicyRule rule, in SideQuestion question)
    {
        foreach (var peer in rule.Peers)
        {
            if (PeerMatches(policy, peer, question))
            {
                return true;
            }
        }
        return rule.Peers.Count == 0;
    }

    /// <summary>A peer without any of its three fields, which the API server rejects, matches nothing.</summary>
    public static bool PeerMatches(NetworkPolicyObject policy, NetworkPolicyPeer peer, in SideQuestion question)
    {
        if (peer.IpBlock is { } block)
        {
            return question.Peer.AddressIn(question.Flow.Family) is { } address && BlockMatches(block, address);
        }
        if (peer is { PodSelector: null, NamespaceSelector: null })
        {
            return false;
        }
        return question.Peer.AsSelectablePod() is { Pod: var pod }
            && NamespaceMatches(policy, peer, pod, question.Cluster)
            && (peer.PodSelector is null || peer.PodSelector.Matches(pod.Labels));
    }

    /// <summary>Without a namespaceSelector: the policy's own namespace.</summary>
    public static bool NamespaceMatches(NetworkPolicyObject policy, NetworkPolicyPeer peer, PodObject pod,
        Cluster cluster) =>
        peer.NamespaceSelector is null
            ? pod.Namespace == policy.Namespace
            : peer.NamespaceSelector.Matches(cluster.NamespaceLabels(pod.Namespace));

    /// <summary>Any address, a pod's too. A network never contains an address of the other family.</summary>
    public static bool BlockMatches(IpBlock block, IPAddress address) =>
        block.Cidr.Contains(address) && !block.Except.Any(hole => hole.Contains(address));

    /// <summary>ICMP has no port, so any <c>ports</c> at all exclude it.</summary>
    public static bool PortsMatch(NetworkPolicyRule rule, Flow flow)
    {
        foreach (var port in rule.Ports)
        {
            if (PortMatches(port, flow))
            {
                return true;
            }
        }
        return rule.Ports.Count == 0;
    }

    public static bool PortMatches(NetworkPolicyPort port, Flow flow)
    {
        if (flow.Probe.Protocol != port.Protocol.ToFlowProtocol())
        {
            return false;
        }
        if (port.Name is not null)
        {
            return NamedPorts(port, flow.To).Contains(flow.Probe.Port);
        }
        return port.Port is not { } first
            || (flow.Probe.Port >= first && flow.Probe.Port <= (port.EndPort ?? first));
    }

    /// <summary>
    /// The numbers a named port stands for: those the destination pod declares under that name and protocol, whichever
    /// side the rule is for. Several containers may declare one name, then each number counts. Anything but a pod has
    /// no names.
    /// </summary>
    public static IEnumerable<ushort> NamedPorts(NetworkPolicyPort port, Endpoint destination) =>
        destination.AsSelectablePod() is { Pod: var pod }
            ? pod.Ports.Where(declared => declared.Name == port.Name && declared.Protocol == port.Protocol)
                .Select(declared => declared.Port)
            : [];
}
