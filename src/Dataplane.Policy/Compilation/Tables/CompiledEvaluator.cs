using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Compilation.Tables;

/// <summary>
/// Decides flows from a <see cref="ClassTable"/> with the same lookups as the kernel: a few dictionary reads per flow.
/// Property tests compare it with the oracle; it fills large matrices.
/// </summary>
public sealed class CompiledEvaluator
{
    private readonly Dictionary<IPAddress, AddressClasses> _addresses;
    private readonly Dictionary<IPAddress, ClassNumber> _node;
    private readonly Side _egress, _ingress;
    private readonly Tiers _egressTiers, _ingressTiers;

    private readonly Cluster _cluster;

    /// <param name="table">Of the cluster.</param>
    public CompiledEvaluator(Cluster cluster, ClassTable table)
    {
        _cluster = cluster;
        _addresses = table.Addresses.ToDictionary(a => a.Address);
        _egress = new Side(table.Egress);
        _ingress = new Side(table.Ingress);
        _egressTiers = new Tiers(table.EgressTiers);
        _ingressTiers = new Tiers(table.IngressTiers);
        _node = table.Node.ToDictionary(n => n.Address, n => n.Class);
    }

    public bool IsAllowed(Flow flow) => Decide(flow).IsAllowed;

    /// <summary>The entries that decide the flow.</summary>
    internal CompiledDecision Decide(Flow flow)
    {
        if (_cluster.IsNobody(flow.From) || _cluster.IsNobody(flow.To)) return CompiledDecision.Closed;
        // No policy blocks the node from its pods, or a pod from itself.
        if (flow.From.IsNodeTraffic() || flow.From == flow.To) return CompiledDecision.Open;
        var leaving = flow.From is PodEndpoint ? Leaving(flow) : SideDecision.Open;
        // A flow that may not leave is not judged at its destination.
        return new CompiledDecision(leaving,
            leaving.IsAllowed && flow.To.AsSelectablePod() is not null ? Entering(flow) : SideDecision.Open);
    }

    /// <summary>The class of an address as the source of a flow.</summary>
    internal EndpointClass AsSource(Endpoint endpoint, AddressFamily family) =>
        ClassOf(endpoint, family, isSource: true);

    /// <summary>The class of an address as the destination of a flow.</summary>
    internal EndpointClass AsDestination(Endpoint endpoint, AddressFamily family) =>
        ClassOf(endpoint, family, isSource: false);

    private EndpointClass ClassOf(Endpoint endpoint, AddressFamily family, bool isSource)
    {
        var address = AddressOf(endpoint, family);
        if (endpoint.IsNodeTraffic())
        {
            return new EndpointClass(EndpointKind.Node, default, default,
                new TierRoles(ClassNumber.None, isSource ? ClassNumber.None : _node.GetValueOrDefault(address)));
        }
        if (endpoint is PodEndpoint)
        {
            var (own, other) = isSource
                ? (_addresses[address].Egress, _addresses[address].Ingress)
                : (_addresses[address].Ingress, _addresses[address].Egress);
            var (tiers, otherTiers) = isSource
                ? (_addresses[address].EgressTiers, _addresses[address].IngressTiers)
                : (_addresses[address].IngressTiers, _addresses[address].EgressTiers);
            return new EndpointClass(EndpointKind.Pod, (own.Subject, own.SubjectGroup), (other.Peer, other.PeerGroup),
                new TierRoles(tiers.Subject, otherTiers.Peer));
        }
        return new EndpointClass(EndpointKind.External, default,
            (isSource ? _ingress : _egress).Outside(address, family),
            new TierRoles(ClassNumber.None, (isSource ? _ingressTiers : _egressTiers).Outside(address, family)));
    }

    private SideDecision Leaving(Flow flow)
    {
        var source = _addresses[AddressOf(flow.From, flow.Family)];
        var to = AddressOf(flow.To, flow.Family);
        if (flow.To.IsNodeTraffic())
        {
            // No NetworkPolicy blocks a pod from its own node.
            var known = flow.To is NodeEndpoint { IsFurther: true } ? _cluster.Node.AddressIn(flow.Family) : to;
            var rule = _egressTiers.Judge(source.EgressTiers.Subject,
                known is null ? ClassNumber.None : _node.GetValueOrDefault(known), realm: ClassNumber.None, flow.Probe);
            if (flow.To is NodeEndpoint { IsFurther: true } && rule?.Verdict != TierVerdict.Deny)
            {
                rule = _egressTiers.Judge(source.EgressTiers.Subject, _egressTiers.Outside(to, flow.Family),
                    Realm.Outside(flow.Family), flow.Probe);
            }
            return new SideDecision(rule?.Verdict != TierVerdict.Deny, rule, null);
        }
        var destination = flow.To is PodEndpoint ? _addresses[to] : null;
        var tiers = _egressTiers.Judge(source.EgressTiers.Subject,
            destination?.EgressTiers.Peer ?? _egressTiers.Outside(to, flow.Family),
            destination is null ? Realm.Outside(flow.Family) : Realm.Pods(flow.Family), flow.Probe);
        return Decided(tiers) ?? _egress.Judge(source.Egress, destination?.Egress, to, flow) with { Tier = tiers };
    }

    private SideDecision Entering(Flow flow)
    {
        var destination = _addresses[AddressOf(flow.To, flow.Family)];
        var from = AddressOf(flow.From, flow.Family);
        var source = flow.From is PodEndpoint ? _addresses[from] : null;
        var tiers = _ingressTiers.Judge(destination.IngressTiers.Subject,
            source?.IngressTiers.Peer ?? _ingressTiers.Outside(from, flow.Family),
            source is null ? Realm.Outside(flow.Family) : Realm.Pods(flow.Family), flow.Probe);
        return Decided(tiers) ?? _ingress.Judge(destination.Ingress, source?.Ingress, from, flow) with { Tier = tiers };
    }

    /// <summary>The decision of the tiers; null: the NetworkPolicies decide.</summary>
    private static SideDecision? Decided(TierEntry? rule) =>
        rule is { Verdict: not TierVerdict.Continue }
            ? new SideDecision(rule.Value.Verdict == TierVerdict.Accept, rule, null) : null;

    private static IPAddress AddressOf(Endpoint endpoint, AddressFamily family) =>
        endpoint.AddressIn(family) ?? throw new ArgumentException($"{endpoint.Name} has no {family.Text()} address",
            nameof(endpoint));

    private sealed class Side
    {
        private readonly HashSet<ClassNumber> _isolated;
        private readonly Dictionary<(ClassNumber Subject, ClassNumber Peer), PortRange[]> _allowed;
        private readonly HashSet<ExceptEntry> _except;
        private readonly OutsideRanges _outside, _outsideGroups;

        public Side(DirectionTable table)
        {
            _isolated = [.. table.Isolated];
            _allowed = table.Allowed.GroupBy(e => (e.Subject, e.Peer))
                .ToDictionary(g => g.Key, g => g.Select(e => e.Ports).ToArray());
            _except = [.. table.Except];
            _outside = new OutsideRanges(table.Outside);
            _outsideGroups = new OutsideRanges(table.OutsideGroups);
        }

        /// <summary>The classes of an address outside the pod network.</summary>
        public (ClassNumber Exact, ClassNumber Group) Outside(IPAddress address, AddressFamily family) =>
            (_outside.Find(address, family), _outsideGroups.Find(address, family));

        public SideDecision Judge(RoleClasses subject, RoleClasses? peer, IPAddress peerAddress, Flow flow)
        {
            if (!_isolated.Contains(subject.Subject)) return SideDecision.Open;
            var ((exact, group), realm) = peer is { } pod
                ? ((pod.Peer, pod.PeerGroup), Realm.Pods(flow.Family))
                : (Outside(peerAddress, flow.Family), Realm.Outside(flow.Family));
            var entry = Find(subject.Subject, exact, group, realm, flow.Probe)
                ?? Find(subject.SubjectGroup, exact, group, realm, flow.Probe);
            return new SideDecision(entry is not null, null, entry);
        }

        private AllowEntry? Find(
            ClassNumber subject, ClassNumber exact, ClassNumber group, ClassNumber realm, Probe probe)
        {
            if (subject.IsNone) return null;
            if (Find(subject, exact, probe) is { } entry) return entry;
            return _except.Contains(new ExceptEntry(subject, exact)) ? null : Find(subject, group, probe)
                ?? Find(subject, realm, probe);
        }

        private AllowEntry? Find(ClassNumber subject, ClassNumber peer, Probe probe)
        {
            if (peer.IsNone || !_allowed.TryGetValue((subject, peer), out var ports)) return null;
            foreach (var range in ports)
                if (range.Contains(probe)) return new AllowEntry(subject, peer, range);
            return null;
        }
    }

    private sealed class Tiers(TierTable table)
    {
        private readonly OutsideRanges _outside = new(table.Outside);
        private readonly Dictionary<(ClassNumber Subject, ClassNumber Peer), TierEntry[]> _entries =
            table.Entries.GroupBy(e => (e.Subject, e.Peer)).ToDictionary(g => g.Key, g => g.ToArray());

        public ClassNumber Outside(IPAddress address, AddressFamily family) => _outside.Find(address, family);

        /// <summary>The entry that decides; null: no entry, which means Continue.</summary>
        public TierEntry? Judge(ClassNumber subject, ClassNumber peer, ClassNumber realm, Probe probe)
        {
            if (subject.IsNone) return null;
            return (peer.IsNone ? null : Find(subject, peer, probe)) ?? Find(subject, realm, probe);
        }

        /// <summary>The narrowest entry that fits: a port, a range, a protocol, everything.</summary>
        private TierEntry? Find(ClassNumber subject, ClassNumber peer, Probe probe)
        {
            if (!_entries.TryGetValue((subject, peer), out var entries)) return null;
            TierEntry? best = null;
            foreach (var entry in entries)
            {
                if (entry.Ports.Contains(probe) && (best is null || Width(entry.Ports) < Width(best.Value.Ports)))
                    best = entry;
            }
            return best;
        }

        private static int Width(PortRange ports) => ports.Protocol is null ? int.MaxValue : ports.Last - ports.First;
    }
}
