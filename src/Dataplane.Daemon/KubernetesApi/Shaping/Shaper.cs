using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Daemon.Endpoints;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.KubernetesApi.Events;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Views;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Daemon.KubernetesApi.Shaping;

/// <summary>Shows what a snapshot of the node has. For one thread.</summary>
internal sealed class Shaper
{
    private readonly DaemonContext _context;
    private readonly ServedObjects _served;
    private readonly Sightings _sightings = new();
    private readonly PodShaper _pods;
    private readonly EventLog _log;
    private readonly NodeNews _node;
    private readonly Func<string, ApiResource?> _storedKinds;
    private (object? Services, object? Pods, object? Endpoints) _computedFrom;
    private volatile bool _wantsEndpoints;

    /// <param name="storedKinds">The resource of stored objects, by the kind of their keys; null: there is none any
    /// more.</param>
    public Shaper(DaemonContext context, ServedObjects served, Func<string, ApiResource?> storedKinds)
    {
        (_context, _served, _storedKinds) = (context, served, storedKinds);
        var node = context.Options.NodeName;
        _log = new EventLog(served, _sightings, node);
        _pods = new PodShaper(context, served, _sightings, new PodNews(_log, node));
        _node = new NodeNews(_log);
    }

    /// <summary>From now on Endpoints and EndpointSlices are computed with each snapshot.</summary>
    /// <returns>Whether that is new.</returns>
    public bool WantEndpoints()
    {
        if (_wantsEndpoints) return false;
        return _wantsEndpoints = true;
    }

    /// <summary>Makes the shown objects those of a snapshot, and publishes them.</summary>
    public void Shape(NodeSnapshot snapshot)
    {
        _sightings.BeginRound();
        _pods.Shape(snapshot);
        foreach (var (key, held) in snapshot.State.Objects) Shape(snapshot, key, held);
        foreach (var service in snapshot.Cluster.Services)
            Shape(service, snapshot.State.Objects.GetValueOrDefault(ObjectKey.Of(service.Object)));
        foreach (var ns in snapshot.Cluster.Namespaces.Values) Shape(snapshot, ns);
        foreach (var name in Always.Where(n => !snapshot.Cluster.Namespaces.ContainsKey(n)))
            Shape(snapshot, new NamespaceObject(name, NameLabel(name), default) { IsImplied = true });
        ShapeNode(snapshot);
        if (_wantsEndpoints) ShapeEndpoints(snapshot);
        foreach (var (key, stored) in snapshot.State.Stored) Shape(key, stored);
        _node.Tell(snapshot, snapshot.Cluster.NodeName ?? _context.Options.NodeName);
        _log.Shape();
        foreach (var (path, name) in _sightings.EndRound()) _served.Remove(path, name);
        _served.Publish(snapshot.State.Generation);
    }

    /// <summary>Namespaces that every cluster has.</summary>
    public static readonly string[] Always = ["default", "kube-node-lease", "kube-public", "kube-system"];

    private void Shape(NodeSnapshot snapshot, ObjectKey key, HeldObject held)
    {
        if (key.Kind == ObjectKinds.Pod.Name || key.Kind == ObjectKinds.Service.Name
            || key.Kind == ObjectKinds.Namespace.Name
            || (key.Kind == ObjectKinds.Node.Name && key.Name == snapshot.Cluster.NodeName))
        {
            return;
        }
        var resource = Registry.OfKind(key.Kind);
        if (!resource.Has("scale") && resource.Kind.Group != "batch" && resource != Registry.OfKind("DaemonSet"))
        {
            if (!_sightings.IsNews(resource.Path, key.Name, held)) return;
            var plain = ObjectView.Of(resource, held);
            if (key.Kind == ObjectKinds.Node.Name) plain["status"] = new JsonObject();
            _served.Put(resource, held.Object.Namespace, held.Object.Name, plain, held, null);
            return;
        }
        var counts = _pods.CountsOf(key);
        var isNews = _sightings.IsNews(resource.Path, key.Name, (held, counts));
        var isDeployment = key.Kind == ObjectKinds.Deployment.Name;
        var set = isDeployment ? _setNames.GetValueOrDefault(key.Name) : null;
        if (!isNews)
        {
            if (set is not null) _sightings.IsNews(Registry.ReplicaSets.Path, set, (held, counts));
            return;
        }
        var view = ObjectView.Of(resource, held);
        if (isDeployment) ShapeSet(key.Name, view, held, counts);
        WorkloadView.Complete(view, counts);
        _served.Put(resource, held.Object.Namespace, held.Object.Name, view, held, null);
    }

    /// <summary>The full names of the ReplicaSets of Deployments.</summary>
    private readonly Dictionary<string, string> _setNames = [];

    private void ShapeSet(string deployment, JsonObject view, HeldObject held, PodCounts counts)
    {
        var annotations = view.Child("metadata").Child("annotations");
        if (annotations[WorkloadView.Revision] is null) annotations[WorkloadView.Revision] = "1";
        var hash = WorkloadView.HashOf(WorkloadView.Template(view) ?? []);
        var wanted = view.Child("spec").Number("replicas") ?? 1;
        var set = WorkloadView.ReplicaSet(Registry.ReplicaSets, view, hash, wanted);
        WorkloadView.Complete(set, counts);
        var name = $"{view.Child("metadata").Text("name")}-{hash}";
        var full = ServedObject.FullNameOf(held.Object.Namespace, name);
        _setNames[deployment] = full;
        _sightings.IsNews(Registry.ReplicaSets.Path, full, (held, counts));
        _served.Put(Registry.ReplicaSets, held.Object.Namespace, name, set, null, null);
    }

    private void Shape(PlacedService placed, HeldObject? held)
    {
        var service = placed.Object;
        if (!_sightings.IsNews(Registry.Services.Path, service.FullName, (held, placed))) return;
        var view = held is null ? BuiltIn.Of(service) : ObjectView.Of(Registry.Services, held);
        ServiceView.Complete(view, placed);
        _served.Put(Registry.Services, service.Namespace, service.Name, view, held, null);
    }

    private void Shape(NodeSnapshot snapshot, NamespaceObject ns)
    {
        var held = snapshot.State.Objects.GetValueOrDefault(ObjectKey.Of(ns));
        if (!_sightings.IsNews(Registry.Namespaces.Path, ns.Name, held ?? (object)ns.Name)) return;
        _served.Put(Registry.Namespaces, "", ns.Name, ClusterViews.Namespace(Registry.Namespaces, ns, held), held,
            null);
    }

    private static Dictionary<string, string> NameLabel(string name) =>
        new() { ["kubernetes.io/metadata.name"] = name };

    /// <summary>This machine; other nodes are what their manifests say.</summary>
    private void ShapeNode(NodeSnapshot snapshot)
    {
        var (cluster, options) = (snapshot.Cluster, _context.Options);
        var name = cluster.NodeName ?? options.NodeName;
        var held = snapshot.State.Objects.GetValueOrDefault(new ObjectKey(ObjectKinds.Node.Name, name));
        if (!_sightings.IsNews(Registry.Nodes.Path, name, (held, $"{cluster.Node.IPv4} {cluster.Node.IPv6}"))) return;
        var view = ClusterViews.Node(Registry.Nodes, name, held, cluster.NodeLabels,
            new[] { cluster.Node.IPv4, cluster.Node.IPv6 }.Where(a => a is not null).Select(a => $"{a}"),
            [$"{options.PodNetworkIPv4}", $"{options.PodNetworkIPv6}"], DaemonVersion.Text);
        _served.Put(Registry.Nodes, "", name, view, held, null);
    }

    private void ShapeEndpoints(NodeSnapshot snapshot)
    {
        var from = (snapshot.Cluster.Services, snapshot.Cluster.Pods, snapshot.Cluster.Endpoints);
        var isSame = _computedFrom == from;
        _computedFrom = from;
        foreach (var resource in new[] { Registry.Endpoints, Registry.EndpointSlices })
        {
            if (isSame)
            {
                foreach (var name in _served.Names(resource.Path))
                {
                    if (_computed.TryGetValue((resource.Path, name), out var text))
                    {
                        _sightings.IsNews(resource.Path, name, text);
                    }
                }
                continue;
            }
            foreach (var entry in ComputedEndpoints.Of(snapshot, resource.Kind))
            {
                if (snapshot.State.Objects.ContainsKey(new ObjectKey(entry.Kind, entry.Name))) continue;
                _computed[(resource.Path, entry.Name)] = entry.Text;
                if (!_sightings.IsNews(resource.Path, entry.Name, entry.Text)) continue;
                var view = DocumentJson.Objects(entry.Text).First();
                var (ns, own) = ServedObject.PartsOf(entry.Name);
                ObjectView.Fill(resource, view, ns,
                    new ObjectRecord(ObjectRecord.Derived("endpoints", $"{resource.Path}/{entry.Name}"),
                        _context.Started));
                _served.Put(resource, ns, own, view, null, null);
            }
        }
    }

    private readonly Dictionary<(string Path, string Name), string> _computed = [];

    private void Shape(ObjectKey key, StoredObject stored)
    {
        if (_storedKinds(key.Kind) is not { } resource || !_sightings.IsNews(resource.Path, key.Name, stored)) return;
        var (ns, name) = ServedObject.PartsOf(key.Name);
        _served.Put(resource, ns, name, JsonNode.Parse(stored.Json.Span)!.AsObject(), null, stored);
    }
}
