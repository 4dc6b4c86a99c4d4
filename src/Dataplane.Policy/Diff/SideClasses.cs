using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>
/// One side of a diff, compiled: answers, the classes of its endpoints, and the ports their policies name.
/// </summary>
internal sealed class SideClasses
{
    /// <summary>Both keys of a flow that does not exist on this side.</summary>
    private const int Absent = -1;

    private readonly CompiledEvaluator _evaluator;
    private readonly Dictionary<IPAddress, AddressClasses> _pods;
    private readonly ILookup<ClassNumber, PortRange> _egress, _ingress, _egressTiers, _ingressTiers;
    private readonly IReadOnlyList<CidrClass>[] _outside;
    private readonly OutsideRanges[] _lookup;
    private readonly Dictionary<IPAddress, ClassNumber> _node;
    private readonly DirectionKeys _leaving, _entering;

    public SideClasses(Cluster cluster)
    {
        var table = Compiler.Compile(cluster);
        _evaluator = new CompiledEvaluator(table);
        _pods = table.Addresses.ToDictionary(address => address.Address);
        _egress = table.Egress.Allowed.Select(entry => (entry.Subject, entry.Ports)).Distinct()
            .ToLookup(entry => entry.Subject, entry => entry.Ports);
        _ingress = table.Ingress.Allowed.Select(entry => (entry.Subject, entry.Ports)).Distinct()
            .ToLookup(entry => entry.Subject, entry => entry.Ports);
        _egressTiers = table.EgressTiers.Entries.Select(entry => (entry.Subject, entry.Ports)).Distinct()
            .ToLookup(entry => entry.Subject, entry => entry.Ports);
        _ingressTiers = table.IngressTiers.Entries.Select(entry => (entry.Subject, entry.Ports)).Distinct()
            .ToLookup(entry => entry.Subject, entry => entry.Ports);
        _outside = [table.Egress.Outside, table.Ingress.Outside, table.EgressTiers.Outside, table.IngressTiers.Outside];
        _lookup = [.. _outside.Append(table.Egress.OutsideGroups).Append(table.Ingress.OutsideGroups)
            .Select(ranges => new OutsideRanges(ranges))];
        _node = table.Node.ToDictionary(node => node.Address, node => node.Class);
        _leaving = new DirectionKeys(table.Egress, table.EgressTiers);
        _entering = new DirectionKeys(table.Ingress, table.IngressTiers);
    }

    /// <summary>Whether a flow of this side is allowed.</summary>
    public bool Allows(Flow flow) => _evaluator.IsAllowed(flow);

    /// <summary>Whether the flow exists on this side, and is allowed.</summary>
    public bool Allows(Endpoint? from, Endpoint? to, Probe probe, AddressFamily family) =>
        from?.AddressIn(family) is not null && to?.AddressIn(family) is not null
            && _evaluator.IsAllowed(new Flow(from, to, probe, family));

    /// <summary>Equal keys: no policy of this side tells the addresses apart.</summary>
    public PodClass ClassOf(IPAddress address)
    {
        var found = _pods[address];
        return new PodClass(found.Egress, found.Ingress, found.EgressTiers, found.IngressTiers);
    }

    /// <summary>As <see cref="ClassOf"/>, for an address outside.</summary>
    public OutsideClass OutsideClassOf(IPAddress address) => new(
        _lookup[0].Find(address, address.AddressFamily), _lookup[1].Find(address, address.AddressFamily),
        _lookup[2].Find(address, address.AddressFamily), _lookup[3].Find(address, address.AddressFamily));

    /// <summary>
    /// The classes of an endpoint in every role it has; null where it does not exist on this side, or lacks the family.
    /// </summary>
    public EndClasses? ClassesOf(Endpoint? endpoint, AddressFamily family)
    {
        if (endpoint?.AddressIn(family) is not { } address) return null;
        return endpoint switch
        {
            PodEndpoint => new EndClasses(true, Realm.Pods(family), ClassOf(address)),
            NodeEndpoint =>
                new EndClasses(false, ClassNumber.None, new PodClass(default, default,
                new TierRoles(ClassNumber.None, _node.GetValueOrDefault(address)), default)),
            _ => new EndClasses(false, Realm.Outside(family),
                Peer(OutsideClassOf(address), _lookup[4].Find(address, family), _lookup[5].Find(address, family))),
        };

        static PodClass Peer(OutsideClass exact, ClassNumber egressGroup, ClassNumber ingressGroup) => new(
            new RoleClasses(default, default, exact.Egress, egressGroup),
            new RoleClasses(default, default, exact.Ingress, ingressGroup),
            new TierRoles(ClassNumber.None, exact.EgressTiers), new TierRoles(ClassNumber.None, exact.IngressTiers));
    }

    /// <summary>Pairs of the same keys get the same answers.</summary>
    public (int Leaving, int Entering) Keys(EndClasses? source, EndClasses? destination) =>
        source is { } from && destination is { } to ? Keys(from, to) : (Absent, Absent);

    private (int Leaving, int Entering) Keys(in EndClasses from, in EndClasses to) => (
        from.IsPod ? _leaving.Of(from.Classes.Egress, from.Classes.EgressTiers.Subject, to.Classes.Egress,
            to.Classes.EgressTiers.Peer, to.Realm) : DirectionKeys.Open,
        to.IsPod ? _entering.Of(to.Classes.Ingress, to.Classes.IngressTiers.Subject, from.Classes.Ingress,
            from.Classes.IngressTiers.Peer, from.Realm) : DirectionKeys.Open);

    /// <summary>The first address of every range that some rule tells from its neighbour, 0 excepted.</summary>
    public IEnumerable<UInt128> OutsideCuts(AddressFamily family) => _outside.SelectMany(ranges => ranges)
        .Where(range => range.Family == family)
        .SelectMany(range => range.Range.Last == AddressRange.Highest(family)
            ? [range.Range.First] : new[] { range.Range.First, range.Range.Last + 1 });

    /// <summary>The ports named by rules on the pod with this address.</summary>
    /// <param name="address">Null: the pod does not exist on this side, and no rule is about it.</param>
    public IEnumerable<PortRange> Ports(IPAddress? address, Direction direction)
    {
        if (address is null) return [];
        var pod = _pods[address];
        var (roles, tiers) = direction == Direction.Egress
            ? (pod.Egress, pod.EgressTiers) : (pod.Ingress, pod.IngressTiers);
        var (allowed, entries) = direction == Direction.Egress ? (_egress, _egressTiers) : (_ingress, _ingressTiers);
        return allowed[roles.Subject].Concat(allowed[roles.SubjectGroup]).Concat(entries[tiers.Subject]);
    }
}

/// <param name="Realm">As a peer; none for the node.</param>
internal readonly record struct EndClasses(bool IsPod, ClassNumber Realm, PodClass Classes);

/// <summary>The exact classes of an address outside, as a peer.</summary>
internal readonly record struct OutsideClass(ClassNumber Egress, ClassNumber Ingress, ClassNumber EgressTiers,
    ClassNumber IngressTiers);

internal readonly record struct PodClass(RoleClasses Egress, RoleClasses Ingress, TierRoles EgressTiers,
    TierRoles IngressTiers);
