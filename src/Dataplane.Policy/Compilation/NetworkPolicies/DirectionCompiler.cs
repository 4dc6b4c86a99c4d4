using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation.Classes;
using Dataplane.Policy.Compilation.Sets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.NetworkPolicies;

/// <summary>
/// One direction of the NetworkPolicies: from policies to grants, from grants to classes, from classes to entries.
/// </summary>
internal sealed class DirectionCompiler
{
    private sealed record Held(List<Grant> Grants, IReadOnlyList<(TransportProtocol, string)> Names);

    private readonly Direction _direction;
    private readonly PodIndex _pods;
    private readonly Dictionary<NetworkPolicyObject, Held> _policies = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(TransportProtocol, string), HashSet<NetworkPolicyObject>> _byPortName = [];
    private readonly AllowedPairs _pairs;
    private readonly HashSet<ClassNumber> _isolated = [];
    private List<CidrClass> _outside = [], _outsideGroups = [];

    public DirectionCompiler(PodIndex pods, Direction direction, int narrowLimit)
    {
        (_pods, _direction) = (pods, direction);
        Subjects =
            new PodSets(pods, new Levels(LevelRole.Subjects(narrowLimit), Realm.Numbers()));
        Peers = new PeerUniverses(pods, universe => LevelRole.Peers(universe, narrowLimit));
        Isolation = new Isolation(pods, direction);
        _pairs = new AllowedPairs(Subjects.Levels, Peers);
    }

    public PodSets Subjects { get; }
    public PeerUniverses Peers { get; }
    public Isolation Isolation { get; }

    public void Put(int item)
    {
        Isolation.Put(item);
        Subjects.Put(item, Isolation.Includes(item));
        Peers.Pods.Put(item, false);
    }

    public void Forget(int item)
    {
        Isolation.Forget(item);
        Subjects.Levels.Remove(item);
        Peers.Pods.Levels.Remove(item);
    }

    public void Relabel(PodIndex.NamespaceEntry ns)
    {
        Subjects.Relabel(ns);
        Peers.Pods.Relabel(ns);
    }

    public void Add(NetworkPolicyObject policy)
    {
        Isolation.Add(policy);
        if (!policy.Isolates(_direction)) return;
        var grants = new List<Grant>();
        var rules = policy.Rules(_direction);
        foreach (var rule in rules) Add(policy, rule, grants);
        var names = rules.SelectMany(r => r.Ports).Where(p => p.Name is not null).Select(p => (p.Protocol, p.Name!))
            .Distinct().ToList();
        _policies[policy] = new Held(grants, names);
        foreach (var name in names)
        {
            if (!_byPortName.TryGetValue(name, out var policies))
                _byPortName[name] = policies = new(ReferenceEqualityComparer.Instance);
            policies.Add(policy);
        }
        foreach (var grant in grants) _pairs.Add(grant);
    }

    public void Remove(NetworkPolicyObject policy)
    {
        Isolation.Remove(policy);
        if (!_policies.Remove(policy, out var held)) return;
        foreach (var name in held.Names) _byPortName[name].Remove(policy);
        foreach (var grant in held.Grants)
        {
            _pairs.Remove(grant);
            Subjects.Release(grant.Subjects);
            Peers.Release(grant.Peers);
        }
    }

    /// <summary>Recompiles the policies with a port name. Called when its numbers have changed.</summary>
    public void Rename((TransportProtocol, string) name)
    {
        foreach (var policy in _byPortName.GetValueOrDefault(name)?.ToList() ?? [])
        {
            Remove(policy);
            Add(policy);
        }
    }

    /// <summary>Updates classes and entries to the present pods and policies.</summary>
    /// <returns>The entries removed and added.</returns>
    public (DirectionTable Removed, DirectionTable Added) Commit()
    {
        foreach (var item in Isolation.Changed)
            if (Subjects.Levels.Contains(item)) Subjects.Levels.Isolate(item, Isolation.Includes(item));
        Subjects.Sweep();
        Subjects.Levels.Commit();
        Peers.Commit();
        var (removed, added) = (new List<AllowEntry>(), new List<AllowEntry>());
        var (unexcepted, excepted) = (new List<ExceptEntry>(), new List<ExceptEntry>());
        var (opened, isolated) = (new List<ClassNumber>(), new List<ClassNumber>());
        foreach (var node in Subjects.Levels.ChangedExact)
        {
            if (node is { Cells: > 0 } && node.Signature.Contains(Tag.Isolated))
            {
                if (_isolated.Add(node.Id)) isolated.Add(node.Id);
            }
            else if (_isolated.Remove(node.Id))
            {
                opened.Add(node.Id);
            }
        }
        _pairs.Commit(removed, added, unexcepted, excepted);
        var (outside, groups) = (Difference(ref _outside, [.. Peers.Outside4.Exact(), .. Peers.Outside6.Exact()]),
            Difference(ref _outsideGroups, [.. Peers.Outside4.Groups(), .. Peers.Outside6.Groups()]));
        return (new DirectionTable(opened, removed, unexcepted, outside.Removed, groups.Removed),
            new DirectionTable(isolated, added, excepted, outside.Added, groups.Added));
    }

    public RoleClasses Roles(int item) => new(
        Subjects.Levels.Exact(item).Id, Subjects.Levels.Group(item).Id, Peers.Pods.Levels.Exact(item).Id,
            Peers.Pods.Levels.Group(item).Id);

    public DirectionTable Table()
    {
        var (allowed, except) = _pairs.Entries();
        return new DirectionTable([.. _isolated.OrderBy(c => c.Value)], allowed, except, _outside, _outsideGroups);
    }

    internal static (List<CidrClass> Removed, List<CidrClass> Added) Difference(ref List<CidrClass> was,
        List<CidrClass> now)
    {
        if (was.SequenceEqual(now)) return ([], []);
        var (old, fresh) = (was.ToHashSet(), now.ToHashSet());
        var difference = (was.Where(c => !fresh.Contains(c)).ToList(), now.Where(c => !old.Contains(c)).ToList());
        was = now;
        return difference;
    }

    private void Add(NetworkPolicyObject policy, NetworkPolicyRule rule, List<Grant> grants)
    {
        var subjects = Selection.Pods(policy.Namespace, policy.PodSelector);
        var peers = Selection.Peers(policy.Namespace, rule.Peers);
        var blocks = rule.Peers.Select(p => p.IpBlock).OfType<IpBlock>().ToList();
        var everybody = rule.Peers.Count == 0;
        if (rule.Ports.Count == 0) grants.Add(Of(subjects, peers, [PortRange.Everything]));
        var numbered = rule.Ports.Where(p => p.Name is null).Select(PortNumbers.Of).ToList();
        if (numbered.Count > 0) grants.Add(Of(subjects, peers, PortRange.Merge(numbered)));
        // A port name means the number that the destination pod declares for it: one grant for each number in use.
        foreach (var port in rule.Ports.Where(p => p.Name is not null))
        {
            foreach (var number in _pods.Ports(port.Protocol, port.Name!))
            {
                PortRange[] ports = [new PortRange(port.Protocol.ToFlowProtocol(), number, number)];
                grants.Add(_direction == Direction.Ingress
                    ? Of(subjects.Declaring(port.Protocol, port.Name!, number), peers, ports)
                    : Of(subjects, peers.Declaring(port.Protocol, port.Name!, number), ports, outside: false));
            }
        }

        Grant Of(Selection who, Selection whom, IReadOnlyList<PortRange> ports, bool outside = true) =>
            new(Subjects.Use(who), Peers.Use(whom, hull: outside, blocks, everybody, outside), ports);
    }
}
