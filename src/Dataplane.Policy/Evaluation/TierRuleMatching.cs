using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Evaluation;

/// <summary>
/// Whether one rule of a cluster-wide policy is about one side of a flow: some peer of it, and some port or none
/// listed.
/// </summary>
internal static class TierRuleMatching
{
    public static bool Matches(TierRule rule, in SideQuestion question) =>
        PeersMatch(rule, question) && PortsMatch(rule, question.Flow);

    /// <summary>Unlike in NetworkPolicy, no peers match nothing; the API server rejects such a rule.</summary>
    public static bool PeersMatch(TierRule rule, in SideQuestion question)
    {
        foreach (var peer in rule.Peers)
        {
            if (PeerMatches(peer, question))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// Nodes: the node, and hostNetwork pods, which have its address. Networks: whatever has the address. Namespaces
    /// and pods: pods with a network of their own only.
    /// </summary>
    public static bool PeerMatches(TierPeer peer, in SideQuestion question)
    {
        if (peer.Nodes is { } nodes)
        {
            return question.Peer.IsNodeTraffic() && nodes.Matches(question.Cluster.NodeLabels);
        }
        if (peer.NamespaceSelector is { } namespaces)
        {
            return question.Peer.AsSelectablePod() is { Pod: var pod }
                && namespaces.Matches(question.Cluster.NamespaceLabels(pod.Namespace))
                && (peer.PodSelector is null || peer.PodSelector.Matches(pod.Labels));
        }
        return question.Peer.AddressIn(question.Flow.Family) is { } address
            && peer.Networks.Any(network => network.Contains(address));
    }

    /// <summary>No ports: everything, ICMP included; any port at all excludes ICMP.</summary>
    public static bool PortsMatch(TierRule rule, Flow flow)
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

    /// <summary>
    /// A name is what the destination pod declares, whatever the protocol; anything but a pod has no names.
    /// </summary>
    public static bool PortMatches(TierPort port, Flow flow)
    {
        if (port.Name is not null)
        {
            return flow.To.AsSelectablePod() is { Pod: var pod } && pod.Ports.Any(declared =>
                declared.Name == port.Name && IsProtocol(declared.Protocol, flow) && declared.Port == flow.Probe.Port);
        }
        return port.Protocol is { } protocol && IsProtocol(protocol, flow) && flow.Probe.Port >= port.First
            && flow.Probe.Port <= port.Last;
    }

    private static bool IsProtocol(TransportProtocol protocol, Flow flow) =>
        protocol.ToFlowProtocol() == flow.Probe.Protocol;
}
