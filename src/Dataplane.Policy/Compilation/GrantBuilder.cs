using System.Net.Sockets;
using Dataplane.Kubernetes;

namespace Dataplane.Policy.Compilation;

/// <summary>From policies to sets: who is isolated in one direction, and the grants that make exceptions.</summary>
internal sealed class GrantBuilder(AddressSpace space, Direction direction)
{
    public List<Isolation> Isolations { get; } = [];
    public List<Grant> Grants { get; } = [];

    public void Add(NetworkPolicyObject policy)
    {
        var isolates = direction == Direction.Egress ? policy.IsolatesEgress : policy.IsolatesIngress;
        if (!isolates) return;
        var subjects = space.InNamespace(policy.Namespace).IntersectWith(space.Selected(policy.PodSelector));
        if (subjects.IsEmpty) return;
        Isolations.Add(new Isolation(subjects, policy));
        var rules = direction == Direction.Egress ? policy.Egress : policy.Ingress;
        foreach (var rule in rules) Add(policy, subjects, rule);
    }

    private void Add(NetworkPolicyObject policy, AddressSet subjects, NetworkPolicyRule rule)
    {
        var (peers, external) = Peers(policy.Namespace, rule.Peers);
        if (rule.Ports.Count == 0)
        {
            Grants.Add(new Grant(subjects, peers, external, [PortRange.Everything]));
            return;
        }
        var numbered = rule.Ports.Where(p => p.Name is null).Select(Numbered).ToList();
        if (numbered.Count > 0) Grants.Add(new Grant(subjects, peers, external, PortRange.Merge(numbered)));
        foreach (var port in rule.Ports.Where(p => p.Name is not null)) AddNamed(subjects, peers, external, port);
    }

    /// <summary>A name stands for the number that the destination pod declares: one grant for each number in use.</summary>
    private void AddNamed(AddressSet subjects, PeerSet peers, ExternalSet external, NetworkPolicyPort port)
    {
        foreach (var (number, declaring) in space.WithNamedPort(port.Protocol, port.Name!))
        {
            var ports = new[] { new PortRange(port.Protocol.ToFlowProtocol(), number, number) };
            var grant = direction == Direction.Ingress
                ? new Grant(subjects.Clone().IntersectWith(declaring), peers, external, ports)
                : new Grant(subjects, new PeerSet(peers.Members.Clone().IntersectWith(declaring)), ExternalSet.None, ports);
            if (!grant.Subjects.IsEmpty) Grants.Add(grant);
        }
    }

    private (PeerSet Pods, ExternalSet External) Peers(string ownNamespace, IReadOnlyList<NetworkPolicyPeer> peers)
    {
        if (peers.Count == 0) return (new PeerSet(space.Everything), ExternalSet.Everyone);
        var (pods, hull) = (space.Nothing, space.Nothing);
        var blocks = peers.Select(p => p.IpBlock).OfType<IpBlock>().ToList();
        foreach (var peer in peers)
        {
            if (peer.IpBlock is { } block)
            {
                pods.UnionWith(space.Inside(block));
                hull.UnionWith(space.Inside(block with { Except = [] }));
                continue;
            }
            var selected = peer.NamespaceSelector is { } namespaces ? space.InNamespaces(namespaces) : space.InNamespace(ownNamespace);
            hull.UnionWith(selected);
            if (peer.PodSelector is { } labels) selected.IntersectWith(space.Selected(labels));
            pods.UnionWith(selected);
        }
        return (new PeerSet(pods, hull), new ExternalSet(
            Outside(blocks, b => AddressRange.Subtract(AddressRange.Of(b.Cidr), b.Except.Select(AddressRange.Of))),
            Outside(blocks, b => [AddressRange.Of(b.Cidr)])));
    }

    private static ExternalPeers Outside(List<IpBlock> blocks, Func<IpBlock, IEnumerable<AddressRange>> ranges)
    {
        return new ExternalPeers(Of(AddressFamily.InterNetwork), Of(AddressFamily.InterNetworkV6));

        List<AddressRange> Of(AddressFamily family) =>
            AddressRange.Merge(blocks.Where(b => b.Cidr.BaseAddress.AddressFamily == family).SelectMany(ranges));
    }

    private static PortRange Numbered(NetworkPolicyPort port) => port.Port is { } first
        ? new PortRange(port.Protocol.ToFlowProtocol(), first, port.EndPort ?? first)
        : new PortRange(port.Protocol.ToFlowProtocol(), 0, ushort.MaxValue);
}
