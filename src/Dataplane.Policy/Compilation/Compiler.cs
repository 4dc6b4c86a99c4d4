using System.Net;
using Dataplane.Policy.Compilation.Classes;
using Dataplane.Policy.Compilation.NetworkPolicies;
using Dataplane.Policy.Compilation.Sets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Compilation.Tiers;
using Dataplane.Policy.Diff;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation;

/// <summary>
/// From clusters to class tables. A compiler goes from one cluster to the next in time that follows the difference, and what does
/// not change keeps its numbers. Pure: what a class means does not depend on the way there or on the order of the manifests; only
/// its number does. Not thread-safe.
/// </summary>
public sealed class Compiler
{
    private readonly PodIndex _pods = new();
    private readonly DirectionCompiler _egress, _ingress;
    private readonly TierCompiler _egressTiers, _ingressTiers;
    private readonly List<AddressClasses?> _addresses = [];
    private List<NodeAddressClass> _node = [];
    private Cluster? _cluster;

    public Compiler() : this(LevelRole.DefaultLimit)
    {
    }

    /// <param name="narrowLimit">See <see cref="LevelRole"/>: any number is correct, it decides the size only.</param>
    internal Compiler(int narrowLimit)
    {
        (_egress, _ingress) = (new DirectionCompiler(_pods, Direction.Egress, narrowLimit), new DirectionCompiler(_pods, Direction.Ingress, narrowLimit));
        (_egressTiers, _ingressTiers) = (new TierCompiler(_pods, Direction.Egress, _egress.Isolation), new TierCompiler(_pods, Direction.Ingress, _ingress.Isolation));
    }

    /// <summary>All that is compiled, sorted; the addresses in the order of the cluster's pods. As large as the cluster.</summary>
    public ClassTable Table => new(
        [.. (_cluster?.Pods ?? []).Where(p => !p.IsHostNetwork).SelectMany(AddressesOf).Select(a => _addresses[_pods.Find(a)]!)],
        _egress.Table(), _ingress.Table(), _egressTiers.Table(), _ingressTiers.Table(), _node);

    /// <summary>A cluster's table, from scratch.</summary>
    public static ClassTable Compile(Cluster cluster) => Compile(cluster, LevelRole.DefaultLimit);

    internal static ClassTable Compile(Cluster cluster, int narrowLimit)
    {
        var compiler = new Compiler(narrowLimit);
        compiler.Update(cluster);
        return compiler.Table;
    }

    /// <summary>
    /// Goes on to this cluster. Objects that stay must be the same objects as before: see <see cref="ClusterDelta"/>. If what it gives
    /// cannot be put in force, begin with a new compiler.
    /// </summary>
    public ClassChange Update(Cluster next)
    {
        var delta = ClusterDelta.Between(_cluster, next);
        // To an empty compiler the sets come before the pods: each is asked what it is once.
        if (_cluster is null) Add(delta);
        Relabel(delta, next);
        Move(delta.Pods, next);
        if (delta.Node) MoveNode(next);
        Remove(delta);
        foreach (var name in _pods.ChangedPortNames)
        {
            _egress.Rename(name);
            _ingress.Rename(name);
            _egressTiers.Rename(name.Name);
            _ingressTiers.Rename(name.Name);
        }
        _pods.ChangedPortNames.Empty();
        if (_cluster is not null) Add(delta);
        _cluster = next;
        return Commit(delta);
    }

    private void Add(ClusterDelta delta)
    {
        foreach (var policy in delta.NetworkPolicies.Added)
        {
            _egress.Add(policy);
            _ingress.Add(policy);
        }
        foreach (var policy in delta.TierPolicies.Added)
        {
            _egressTiers.Add(policy);
            _ingressTiers.Add(policy);
        }
    }

    private void Remove(ClusterDelta delta)
    {
        foreach (var policy in delta.NetworkPolicies.Removed)
        {
            _egress.Remove(policy);
            _ingress.Remove(policy);
        }
        foreach (var policy in delta.TierPolicies.Removed)
        {
            _egressTiers.Remove(policy);
            _ingressTiers.Remove(policy);
        }
    }

    private ClassChange Commit(ClusterDelta delta)
    {
        var (egress, ingress) = (_egress.Commit(), _ingress.Commit());
        var (egressTiers, ingressTiers) = (_egressTiers.Commit(_egress.Isolation.Changed), _ingressTiers.Commit(_ingress.Isolation.Changed));
        _egress.Isolation.Changed.Empty();
        _ingress.Isolation.Changed.Empty();
        var touched = new HashSet<int>();
        foreach (var direction in new[] { _egress, _ingress })
            foreach (var levels in new[] { direction.Subjects.Levels, direction.Peers.Pods.Levels })
            {
                touched.UnionWith(levels.Touched);
                levels.Touched.Empty();
            }
        touched.UnionWith(_egressTiers.Touched());
        touched.UnionWith(_ingressTiers.Touched());
        // A pod that is described anew may have the numbers it had.
        foreach (var pod in delta.Pods.Added.Where(p => !p.IsHostNetwork))
            foreach (var address in AddressesOf(pod)) touched.Add(_pods.Find(address));

        var (gone, come) = (new List<AddressClasses>(), new List<AddressClasses>());
        foreach (var item in touched)
        {
            while (_addresses.Count <= item) _addresses.Add(null);
            var (was, pod) = (_addresses[item], _pods[item].Pod);
            var now = pod is null ? null
                : new AddressClasses(pod, _pods[item].Address, _egress.Roles(item), _ingress.Roles(item), _egressTiers.Roles(item), _ingressTiers.Roles(item));
            if (Equals(was, now)) continue;
            if (was is not null) gone.Add(was);
            if (now is not null) come.Add(now);
            _addresses[item] = now;
        }
        var node = _pods.Node.Select(i => new NodeAddressClass(_pods[i].Address, _egressTiers.PeerOf(i))).Where(n => n.Class != 0).ToList();
        var (nodeGone, nodeCome) = (_node.Except(node).ToList(), node.Except(_node).ToList());
        _node = node;
        return new ClassChange(
            new ClassTable(gone, egress.Removed, ingress.Removed, egressTiers.Removed, ingressTiers.Removed, nodeGone),
            new ClassTable(come, egress.Added, ingress.Added, egressTiers.Added, ingressTiers.Added, nodeCome));
    }

    /// <summary>Pods of a namespace whose labels have changed are asked about again.</summary>
    private void Relabel(ClusterDelta delta, Cluster next)
    {
        foreach (var name in delta.Namespaces.Removed.Concat(delta.Namespaces.Added).Select(n => n.Name).Distinct())
        {
            if (_pods.Namespace(name) is not { } ns || ChangedPods.SameLabels(ns.Labels, next.NamespaceLabels(name))) continue;
            ns.Labels = next.NamespaceLabels(name);
            _egress.Relabel(ns);
            _ingress.Relabel(ns);
            _egressTiers.Relabel(ns);
            _ingressTiers.Relabel(ns);
            foreach (var item in ns.Items) Put(item);
        }
    }

    private void Move(ListDelta<PodEndpoint> pods, Cluster next)
    {
        var removed = pods.Removed.Where(p => !p.IsHostNetwork).ToDictionary(p => p.Name);
        foreach (var pod in pods.Added.Where(p => !p.IsHostNetwork))
        {
            // Described anew, or another one of that name.
            if (!removed.TryGetValue(pod.Name, out var was) || !Equals(was.IPv4, pod.IPv4) || !Equals(was.IPv6, pod.IPv6)) continue;
            removed.Remove(pod.Name);
            foreach (var address in AddressesOf(pod)) _pods.Replace(_pods.Find(address), pod);
        }
        foreach (var address in removed.Values.SelectMany(AddressesOf)) Forget(_pods.Find(address));
        foreach (var pod in pods.Added.Where(p => !p.IsHostNetwork))
            foreach (var address in AddressesOf(pod))
                Put(_pods.TryFind(address, out var item) ? item : _pods.Add(new PodItem(pod, address), next));
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
        _egress.Put(item);
        _ingress.Put(item);
        _egressTiers.Put(item);
        _ingressTiers.Put(item);
    }

    private void Forget(int item)
    {
        _egress.Forget(item);
        _ingress.Forget(item);
        _egressTiers.Forget(item);
        _ingressTiers.Forget(item);
        _pods.Remove(item);
    }

    private static IEnumerable<IPAddress> AddressesOf(PodEndpoint pod) => new[] { pod.IPv4, pod.IPv6 }.OfType<IPAddress>();
}
