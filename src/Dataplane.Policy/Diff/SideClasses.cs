using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Compilation;

namespace Dataplane.Policy;

/// <summary>One side of a diff, compiled: answers, the classes of its endpoints, and the ports their policies name.</summary>
internal sealed class SideClasses
{
    private readonly Dictionary<IPAddress, AddressClasses> _pods;
    private readonly ILookup<uint, PortRange> _egress, _ingress, _egressTiers, _ingressTiers;
    private readonly IReadOnlyList<CidrClass>[] _outside;
    private readonly OutsideRanges[] _lookup;

    public SideClasses(Cluster cluster)
    {
        var table = Compiler.Compile(cluster);
        Evaluator = new CompiledEvaluator(table);
        _pods = table.Addresses.ToDictionary(address => address.Address);
        _egress = table.Egress.Allowed.Select(entry => (entry.Subject, entry.Ports)).Distinct().ToLookup(entry => entry.Subject, entry => entry.Ports);
        _ingress = table.Ingress.Allowed.Select(entry => (entry.Subject, entry.Ports)).Distinct().ToLookup(entry => entry.Subject, entry => entry.Ports);
        _egressTiers = table.EgressTiers.Entries.Select(entry => (entry.Subject, entry.Ports)).Distinct().ToLookup(entry => entry.Subject, entry => entry.Ports);
        _ingressTiers = table.IngressTiers.Entries.Select(entry => (entry.Subject, entry.Ports)).Distinct().ToLookup(entry => entry.Subject, entry => entry.Ports);
        _outside = [table.Egress.Outside, table.Ingress.Outside, table.EgressTiers.Outside, table.IngressTiers.Outside];
        _lookup = [.. _outside.Select(ranges => new OutsideRanges(ranges))];
    }

    public CompiledEvaluator Evaluator { get; }

    /// <summary>Equal keys: no policy of this side tells the addresses apart.</summary>
    public PodClass ClassOf(IPAddress address)
    {
        var found = _pods[address];
        return new PodClass(found.Egress, found.Ingress, found.EgressTiers, found.IngressTiers);
    }

    /// <summary>As <see cref="ClassOf"/>, for an address outside.</summary>
    public (uint, uint, uint, uint) OutsideClassOf(IPAddress address) => (
        _lookup[0].Find(address, address.AddressFamily), _lookup[1].Find(address, address.AddressFamily),
        _lookup[2].Find(address, address.AddressFamily), _lookup[3].Find(address, address.AddressFamily));

    /// <summary>The first address of every range that some rule tells from its neighbour, 0 excepted.</summary>
    public IEnumerable<UInt128> OutsideCuts(AddressFamily family) => _outside.SelectMany(ranges => ranges)
        .Where(range => range.Family == family)
        .SelectMany(range => range.Range.Last == AddressRange.Highest(family) ? [range.Range.First] : new[] { range.Range.First, range.Range.Last + 1 });

    /// <summary>The ports named by rules on the pod with this address.</summary>
    public IEnumerable<PortRange> Ports(IPAddress address, Side side)
    {
        var pod = _pods[address];
        var (roles, tiers) = side == Side.Leaving ? (pod.Egress, pod.EgressTiers) : (pod.Ingress, pod.IngressTiers);
        var (allowed, entries) = side == Side.Leaving ? (_egress, _egressTiers) : (_ingress, _ingressTiers);
        return allowed[roles.Subject].Concat(allowed[roles.SubjectGroup]).Concat(entries[tiers.Subject]);
    }
}

internal readonly record struct PodClass(RoleClasses Egress, RoleClasses Ingress, TierRoles EgressTiers, TierRoles IngressTiers);
