using System.Net.Sockets;
using Dataplane.Kubernetes;

namespace Dataplane.Policy.Compilation;

/// <summary>One tier rule as sets. Rules are asked in the order of their list; the first that matches decides its tier.</summary>
internal sealed record TierGrant(
    PolicyTier Tier, AddressSet Subjects, AddressSet Peers, ExternalPeers External, IReadOnlyList<PortRange> Ports, TierAction Action);

/// <summary>From tier policies to sets, in the order they are asked: Admin before Baseline, by priority, by rule.</summary>
internal static class TierGrants
{
    public static List<TierGrant> Build(AddressSpace space, Cluster cluster, Direction direction)
    {
        var grants = new List<TierGrant>();
        foreach (var policy in cluster.Tier(PolicyTier.Admin).Concat(cluster.Tier(PolicyTier.Baseline)))
        {
            var subjects = Pods(space, policy.Subject.NamespaceSelector, policy.Subject.PodSelector);
            if (subjects.IsEmpty) continue;
            foreach (var rule in direction == Direction.Egress ? policy.Egress : policy.Ingress)
                grants.AddRange(Of(space, policy.Tier, direction, subjects, rule).Where(g => !g.Subjects.IsEmpty));
        }
        return grants;
    }

    private static IEnumerable<TierGrant> Of(AddressSpace space, PolicyTier tier, Direction direction, AddressSet subjects, TierRule rule)
    {
        var (peers, external) = Peers(space, rule.Peers);
        if (rule.Ports.Count == 0)
        {
            yield return new TierGrant(tier, subjects, peers, external, [PortRange.Everything], rule.Action);
            yield break;
        }
        var numbered = rule.Ports.Where(p => p.Name is null).Select(p => new PortRange(p.Protocol!.Value.ToFlowProtocol(), p.First, p.Last)).ToList();
        if (numbered.Count > 0) yield return new TierGrant(tier, subjects, peers, external, PortRange.Merge(numbered), rule.Action);
        // A name stands for whatever the destination pod declares by it, in any protocol.
        foreach (var port in rule.Ports.Where(p => p.Name is not null))
            foreach (var protocol in Enum.GetValues<TransportProtocol>())
                foreach (var (number, declaring) in space.WithNamedPort(protocol, port.Name!))
                {
                    PortRange[] ports = [new PortRange(protocol.ToFlowProtocol(), number, number)];
                    yield return direction == Direction.Ingress
                        ? new TierGrant(tier, subjects.Clone().IntersectWith(declaring), peers, external, ports, rule.Action)
                        : new TierGrant(tier, subjects, peers.Clone().IntersectWith(declaring), ExternalPeers.None, ports, rule.Action);
                }
    }

    private static (AddressSet Inside, ExternalPeers External) Peers(AddressSpace space, IReadOnlyList<TierPeer> peers)
    {
        var inside = space.Nothing;
        var networks = peers.SelectMany(p => p.Networks).ToList();
        foreach (var network in networks) inside.UnionWith(space.InNetwork(network));
        foreach (var peer in peers)
        {
            if (peer.Nodes is { } nodes) inside.UnionWith(space.Node(nodes));
            if (peer.NamespaceSelector is { } namespaces) inside.UnionWith(Pods(space, namespaces, peer.PodSelector));
        }
        return (inside, new ExternalPeers(Of(AddressFamily.InterNetwork), Of(AddressFamily.InterNetworkV6)));

        List<AddressRange> Of(AddressFamily family) =>
            AddressRange.Merge(networks.Where(n => n.BaseAddress.AddressFamily == family).Select(AddressRange.Of));
    }

    private static AddressSet Pods(AddressSpace space, LabelSelector namespaces, LabelSelector? labels)
    {
        var pods = space.InNamespaces(namespaces);
        return labels is null ? pods : pods.IntersectWith(space.Selected(labels));
    }
}
