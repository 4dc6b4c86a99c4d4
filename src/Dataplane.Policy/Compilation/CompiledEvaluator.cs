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
    private readonly Side _egress, _ingress;

    public CompiledEvaluator(ClassTable table)
    {
        _addresses = table.Addresses.ToDictionary(a => a.Address);
        _egress = new Side(table.Egress);
        _ingress = new Side(table.Ingress);
    }

    public bool IsAllowed(Flow flow)
    {
        // The node itself, hostNetwork pods included, is beside NetworkPolicy; a pod cannot block itself.
        if (IsNode(flow.From) || IsNode(flow.To) || flow.From == flow.To) return true;
        var from = AddressOf(flow.From, flow.Family);
        var to = AddressOf(flow.To, flow.Family);
        var source = flow.From is PodEndpoint ? _addresses[from] : null;
        var destination = flow.To is PodEndpoint ? _addresses[to] : null;
        return (source is null || _egress.Allows(source.Egress, destination?.Egress, to, flow))
            && (destination is null || _ingress.Allows(destination.Ingress, source?.Ingress, from, flow));
    }

    private static bool IsNode(Endpoint endpoint) => endpoint is NodeEndpoint or PodEndpoint { IsHostNetwork: true };

    private static IPAddress AddressOf(Endpoint endpoint, AddressFamily family) => endpoint switch
    {
        PodEndpoint pod => pod.Address(family) ?? throw new ArgumentException($"{pod.Name} has no {family} address", nameof(endpoint)),
        ExternalEndpoint external => external.Address,
        _ => throw new ArgumentException($"{endpoint.Name} has no classes", nameof(endpoint)),
    };

    private sealed class Side
    {
        private readonly HashSet<uint> _isolated;
        private readonly Dictionary<(uint Subject, uint Peer), PortRange[]> _allowed;
        private readonly CidrClass[] _outside4, _outside6;

        public Side(DirectionTable table)
        {
            _isolated = [.. table.Isolated];
            _allowed = table.Allowed.GroupBy(e => (e.Subject, e.Peer)).ToDictionary(g => g.Key, g => g.Select(e => e.Ports).ToArray());
            _outside4 = [.. table.Outside.Where(c => c.Family == AddressFamily.InterNetwork)];
            _outside6 = [.. table.Outside.Where(c => c.Family == AddressFamily.InterNetworkV6)];
        }

        public bool Allows(RoleClasses subject, RoleClasses? peer, IPAddress peerAddress, Flow flow)
        {
            if (!_isolated.Contains(subject.Subject)) return true;
            var exact = peer?.Peer ?? Outside(peerAddress, flow.Family);
            var group = peer?.PeerGroup ?? 0;
            var realm = peer is null ? Realm.Outside(flow.Family) : Realm.Pods(flow.Family);
            return Allows(subject.Subject, exact, flow.Probe) || Allows(subject.Subject, group, flow.Probe)
                || Allows(subject.Subject, realm, flow.Probe)
                || (subject.SubjectGroup != 0
                    && (Allows(subject.SubjectGroup, exact, flow.Probe) || Allows(subject.SubjectGroup, group, flow.Probe)
                        || Allows(subject.SubjectGroup, realm, flow.Probe)));
        }

        private bool Allows(uint subject, uint peer, Probe probe)
        {
            if (peer == 0 || !_allowed.TryGetValue((subject, peer), out var ports)) return false;
            foreach (var range in ports)
                if (range.Contains(probe)) return true;
            return false;
        }

        private uint Outside(IPAddress address, AddressFamily family)
        {
            var ranges = family == AddressFamily.InterNetwork ? _outside4 : _outside6;
            var number = AddressRange.ToNumber(address);
            int low = 0, high = ranges.Length - 1;
            while (low <= high)
            {
                var middle = (low + high) / 2;
                if (number < ranges[middle].Range.First) high = middle - 1;
                else if (number > ranges[middle].Range.Last) low = middle + 1;
                else return ranges[middle].Class;
            }
            return 0;
        }
    }
}
