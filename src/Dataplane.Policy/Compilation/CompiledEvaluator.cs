using System.Net;
using System.Net.Sockets;

namespace Dataplane.Policy.Compilation;

/// <summary>
/// Answers flows from a <see cref="ClassTable"/> the way the kernel does, lookup by lookup: a few dictionary reads per flow. Held
/// against the oracle by property tests; fills large matrices.
/// </summary>
public sealed class CompiledEvaluator
{
    private readonly Dictionary<IPAddress, AddressClasses> _addresses;
    private readonly Dictionary<IPAddress, uint> _node;
    private readonly Side _egress, _ingress;
    private readonly Tiers _egressTiers, _ingressTiers;

    public CompiledEvaluator(ClassTable table)
    {
        _addresses = table.Addresses.ToDictionary(a => a.Address);
        _egress = new Side(table.Egress);
        _ingress = new Side(table.Ingress);
        _egressTiers = new Tiers(table.EgressTiers);
        _ingressTiers = new Tiers(table.IngressTiers);
        _node = table.Node.ToDictionary(n => n.Address, n => n.Class);
    }

    public bool IsAllowed(Flow flow)
    {
        // The node reaches its pods, and a pod cannot block itself.
        if (flow.From.IsNodeTraffic() || flow.From == flow.To) return true;
        return (flow.From is not PodEndpoint || MayLeave(flow)) && (flow.To.AsSelectablePod() is null || MayEnter(flow));
    }

    private bool MayLeave(Flow flow)
    {
        var source = _addresses[AddressOf(flow.From, flow.Family)];
        var to = AddressOf(flow.To, flow.Family);
        if (flow.To.IsNodeTraffic())
            // No NetworkPolicy blocks a pod from its own node.
            return _egressTiers.Judge(source.EgressTiers.Subject, _node.GetValueOrDefault(to), realm: 0, flow.Probe) != TierVerdict.Deny;
        var destination = flow.To is PodEndpoint ? _addresses[to] : null;
        var tiers = _egressTiers.Judge(source.EgressTiers.Subject, destination?.EgressTiers.Peer ?? _egressTiers.Outside(to, flow.Family),
            destination is null ? Realm.Outside(flow.Family) : Realm.Pods(flow.Family), flow.Probe);
        return tiers == TierVerdict.Continue ? _egress.Allows(source.Egress, destination?.Egress, to, flow) : tiers == TierVerdict.Accept;
    }

    private bool MayEnter(Flow flow)
    {
        var destination = _addresses[AddressOf(flow.To, flow.Family)];
        var from = AddressOf(flow.From, flow.Family);
        var source = flow.From is PodEndpoint ? _addresses[from] : null;
        var tiers = _ingressTiers.Judge(destination.IngressTiers.Subject, source?.IngressTiers.Peer ?? _ingressTiers.Outside(from, flow.Family),
            source is null ? Realm.Outside(flow.Family) : Realm.Pods(flow.Family), flow.Probe);
        return tiers == TierVerdict.Continue ? _ingress.Allows(destination.Ingress, source?.Ingress, from, flow) : tiers == TierVerdict.Accept;
    }

    private static IPAddress AddressOf(Endpoint endpoint, AddressFamily family) =>
        endpoint.AddressIn(family) ?? throw new ArgumentException($"{endpoint.Name} has no {family.Text()} address", nameof(endpoint));

    private sealed class Side
    {
        private readonly HashSet<uint> _isolated;
        private readonly Dictionary<(uint Subject, uint Peer), PortRange[]> _allowed;
        private readonly HashSet<ExceptEntry> _except;
        private readonly OutsideRanges _outside, _outsideGroups;

        public Side(DirectionTable table)
        {
            _isolated = [.. table.Isolated];
            _allowed = table.Allowed.GroupBy(e => (e.Subject, e.Peer)).ToDictionary(g => g.Key, g => g.Select(e => e.Ports).ToArray());
            _except = [.. table.Except];
            _outside = new OutsideRanges(table.Outside);
            _outsideGroups = new OutsideRanges(table.OutsideGroups);
        }

        public bool Allows(RoleClasses subject, RoleClasses? peer, IPAddress peerAddress, Flow flow)
        {
            if (!_isolated.Contains(subject.Subject)) return true;
            var (exact, group, realm) = peer is { } pod
                ? (pod.Peer, pod.PeerGroup, Realm.Pods(flow.Family))
                : (_outside.Find(peerAddress, flow.Family), _outsideGroups.Find(peerAddress, flow.Family), Realm.Outside(flow.Family));
            return Allows(subject.Subject, exact, group, realm, flow.Probe) || Allows(subject.SubjectGroup, exact, group, realm, flow.Probe);
        }

        private bool Allows(uint subject, uint exact, uint group, uint realm, Probe probe) =>
            subject != 0 && (Allows(subject, exact, probe)
                || (!_except.Contains(new ExceptEntry(subject, exact)) && (Allows(subject, group, probe) || Allows(subject, realm, probe))));

        private bool Allows(uint subject, uint peer, Probe probe)
        {
            if (peer == 0 || !_allowed.TryGetValue((subject, peer), out var ports)) return false;
            foreach (var range in ports)
                if (range.Contains(probe)) return true;
            return false;
        }
    }

    private sealed class Tiers(TierTable table)
    {
        private readonly OutsideRanges _outside = new(table.Outside);
        private readonly Dictionary<(uint Subject, uint Peer), TierEntry[]> _entries =
            table.Entries.GroupBy(e => (e.Subject, e.Peer)).ToDictionary(g => g.Key, g => g.ToArray());

        public uint Outside(IPAddress address, AddressFamily family) => _outside.Find(address, family);

        public TierVerdict Judge(uint subject, uint peer, uint realm, Probe probe)
        {
            if (subject == 0) return TierVerdict.Continue;
            return (peer == 0 ? null : Find(subject, peer, probe)) ?? Find(subject, realm, probe) ?? TierVerdict.Continue;
        }

        /// <summary>The narrowest entry that fits: a port, a range, a protocol, everything.</summary>
        private TierVerdict? Find(uint subject, uint peer, Probe probe)
        {
            if (!_entries.TryGetValue((subject, peer), out var entries)) return null;
            TierEntry? best = null;
            foreach (var entry in entries)
                if (entry.Ports.Contains(probe) && (best is null || Width(entry.Ports) < Width(best.Value.Ports))) best = entry;
            return best?.Verdict;
        }

        private static int Width(PortRange ports) => ports.Protocol is null ? int.MaxValue : ports.Last - ports.First;
    }
}
