using System.Net;
using Dataplane.Policy.Compilation.Classes;
using Dataplane.Policy.Compilation.NetworkPolicies;
using Dataplane.Policy.Compilation.Sets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Compilation.Tiers;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation;

/// <summary>
/// Compiles clusters to class tables. The cost of an update depends on the difference to the previous cluster, and
/// classes that do not change keep their numbers. The meaning of a class does not depend on earlier clusters or on the
/// order of the manifests; only its number does. Not thread-safe.
/// </summary>
public sealed class Compiler
{
    private readonly PodIndex _pods = new();
    private readonly DirectionCompiler _egress, _ingress;
    private readonly TierCompiler _egressTiers, _ingressTiers;
    private readonly DirectionCompiler[] _directions;
    private readonly TierCompiler[] _tiers;
    private readonly List<AddressClasses?> _addresses = [];
    private List<NodeAddressClass> _node = [];
    private Cluster? _cluster;

    public Compiler() : this(LevelRole.DefaultLimit)
    {
    }

    /// <param name="narrowLimit">
    /// See <see cref="LevelRole"/>. Every value gives a correct table; it affects only the size.
    /// </param>
    internal Compiler(int narrowLimit)
    {
        (_egress, _ingress) = (new DirectionCompiler(_pods, Direction.Egress, narrowLimit),
            new DirectionCompiler(_pods, Direction.Ingress, narrowLimit));
        (_egressTiers, _ingressTiers) = (new TierCompiler(_pods, Direction.Egress, _egress.Isolation),
            new TierCompiler(_pods, Direction.Ingress, _ingress.Isolation));
        (_directions, _tiers) = ([_egress, _ingress], [_egressTiers, _ingressTiers]);
    }

    /// <summary>
    /// The whole table, sorted; the addresses in the order of the pods of the cluster. The cost depends on the size of
    /// the cluster.
    /// </summary>
    public ClassTable Table => new(
        [.. (_cluster?.Pods ?? []).Where(p => !p.IsHostNetwork).SelectMany(AddressesOf)
            .Select(a => _addresses[_pods.Find(a)]!)],
        _egress.Table(), _ingress.Table(), _egressTiers.Table(), _ingressTiers.Table(), _node);

    /// <summary>Compiles a cluster without a previous one.</summary>
    public static ClassTable Compile(Cluster cluster) => Compile(cluster, LevelRole.DefaultLimit);

    internal static ClassTable Compile(Cluster cluster, int narrowLimit)
    {
        var compiler = new Compiler(narrowLimit);
        compiler.Update(cluster);
        return compiler.Table;
    }

    /// <summary>
    /// Updates the table to a cluster. Objects that stay must be the same instances as before: see
    /// <see cref="ClusterDelta"/>. If the change cannot be applied, start with a new compiler.
    /// </summary>
    public ClassChange Update(Cluster next)
    {
        var delta = ClusterDelta.Between(_cluster, next);
        // In an empty compiler the sets are added before the pods, so that each pod is evaluated once.
        if (_cluster is null) Add(delta);
        Relabel(delta, next);
        Move(delta.Pods, next);
        if (delta.Node) MoveNode(next);
        Remove(delta);
        foreach (var name in _pods.ChangedPortNames)
        {
            foreach (var direction in _directions) direction.Rename(name);
            foreach (var tiers in _tiers) tiers.Rename(name.Name);
        }
        _pods.ChangedPortNames.Empty();
        if (_cluster is not null) Add(delta);
        _cluster = next;
        return Commit(delta);
    }

    private void Add(ClusterDelta delta)
    {
        foreach (var policy in delta.NetworkPolicies.Added)
            foreach (var direction in _directions) direction.Add(policy);
        foreach (var policy in delta.TierPolicies.Added)
            foreach (var tiers in _tiers) tiers.Add(policy);
    }

    private void Remove(ClusterDelta delta)
    {
        foreach (var policy in delta.NetworkPolicies.Removed)
            foreach (var direction in _directions) direction.Remove(policy);
        foreach (var policy in delta.TierPolicies.Removed)
            foreach (var tiers in _tiers) tiers.Remove(policy);
    }

    private ClassChange Commit(ClusterDelta delta)
    {
        var (egress, ingress) = (_egress.Commit(), _ingress.Commit());
        var (egressTiers, ingressTiers) = (_egressTiers.Commit(_egress.Isolation.Changed),
            _ingressTiers.Commit(_ingress.Isolation.Changed));
        _egress.Isolation.Changed.Empty();
        _ingress.Isolation.Changed.Empty();
        var touched = new HashSet<int>();
        foreach (var direction in _directions)
        {
            foreach (var levels in new[] { direction.Subjects.Levels, direction.Peers.Pods.Levels })
            {
                touched.UnionWith(levels.Touched);
                levels.Touched.Empty();
            }
        }
        foreach (var tiers in _tiers) touched.UnionWith(tiers.Touched());
        // A pod that was replaced may have the same numbers as before.
        foreach (var pod in delta.Pods.Added.Where(p => !p.IsHostNetwork))
            foreach (var address in AddressesOf(pod)) touched.Add(_pods.Find(address));

        var (gone, come) = (new List<AddressClasses>(), new List<AddressClasses>());
        foreach (var item in touched)
        {
            while (_addresses.Count <= item) _addresses.Add(null);
            var (was, pod) = (_addresses[item], _pods[item].Pod);
            var now = pod is null ? null
                : new AddressClasses(pod, _pods[item].Address, _egress.Roles(item), _ingress.Roles(item),
                    _egressTiers.Roles(item), _ingressTiers.Roles(item));
            if (Equals(was, now)) continue;
            if (was is not null) gone.Add(was);
            if (now is not null) come.Add(now);
            _addresses[item] = now;
        }
        var node = _pods.Node.Select(i => new NodeAddressClass(_pods[i].Address, _egressTiers.PeerOf(i)))
            .Where(n => !n.Class.IsNone).ToList();
        var (nodeGone, nodeCome) = (_node.Except(node).ToList(), node.Except(_node).ToList());
        _node = node;
        return new ClassChange(
            new ClassTable(gone, egress.Removed, ingress.Removed, egressTiers.Removed, ingressTiers.Removed, nodeGone),
            new ClassTable(come, egress.Added, ingress.Added, egressTiers.Added, ingressTiers.Added, nodeCome));
    }

    /// <summary>Re-evaluates the pods of namespaces whose labels have changed.</summary>
    private void Relabel(ClusterDelta delta, Cluster next)
    {
        foreach (var name in delta.Namespaces.Removed.Concat(delta.Namespaces.Added).Select(n => n.Name).Distinct())
        {
            if (_pods.Namespace(name) is not { } ns || LabelSets.SameLabels(ns.Labels, next.NamespaceLabels(name)))
                continue;
            ns.Labels = next.NamespaceLabels(name);
            foreach (var direction in _directions) direction.Relabel(ns);
            foreach (var tiers in _tiers) tiers.Relabel(ns);
            foreach (var item in ns.Items) Put(item);
        }
    }

    private void Move(ListDelta<PodEndpoint> pods, Cluster next)
    {
        var removed = pods.Removed.Where(p => !p.IsHostNetwork).ToDictionary(p => p.Name);
        foreach (var pod in pods.Added.Where(p => !p.IsHostNetwork))
        {
            // Replaced by a pod of that name, with the same addresses or others.
            if (!removed.TryGetValue(pod.Name, out var was)) continue;
            if (!Equals(was.IPv4, pod.IPv4) || !Equals(was.IPv6, pod.IPv6)) continue;
            removed.Remove(pod.Name);
            foreach (var address in AddressesOf(pod)) _pods.Replace(_pods.Find(address), pod);
        }
        foreach (var address in removed.Values.SelectMany(AddressesOf)) Forget(_pods.Find(address));
        foreach (var pod in pods.Added.Where(p => !p.IsHostNetwork))
        {
            foreach (var address in AddressesOf(pod))
                Put(_pods.TryFind(address, out var item) ? item : _pods.Add(new PodItem(pod, address), next));
        }
    }

    private void MoveNode(Cluster next)
    {
        foreach (var item in _pods.Node.ToList())
        {
            _egressTiers.ForgetPeer(item);
            _pods.Remove(item);
        }
        _pods.NodeLabels = next.NodeLabels;
        foreach (var address in new[] { next.Node.IPv4, next.Node.IPv6 }.OfType<IPAddress>())
            _egressTiers.PutPeer(_pods.Add(new PodItem(null, address), next));
    }

    private void Put(int item)
    {
        foreach (var direction in _directions) direction.Put(item);
        foreach (var tiers in _tiers) tiers.Put(item);
    }

    private void Forget(int item)
    {
        foreach (var direction in _directions) direction.Forget(item);
        foreach (var tiers in _tiers) tiers.Forget(item);
        _pods.Remove(item);
    }

    private static IEnumerable<IPAddress> AddressesOf(PodEndpoint pod) =>
        new[] { pod.IPv4, pod.IPv6 }.OfType<IPAddress>();
}
