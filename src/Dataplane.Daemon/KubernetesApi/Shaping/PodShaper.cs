using System.Text.Json.Nodes;
using Dataplane.Api;
using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Daemon.Configuration;
using Dataplane.Daemon.Endpoints;
using Dataplane.Daemon.KubernetesApi.Events;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Views;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Runtime.Statuses;
using Dataplane.Runtime.Supervision;

namespace Dataplane.Daemon.KubernetesApi.Shaping;

/// <summary>Shows the pods of a snapshot, and counts them for their workloads. For one thread.</summary>
internal sealed class PodShaper(DaemonContext context, ServedObjects served, Sightings sightings, PodNews news)
{
    /// <summary>What a pod is made from.</summary>
    private sealed record From(
        object Declared, PodEndpoint? Endpoint, PodReport? Report, EndingPod? Ending, bool IsThere, int Restarts);

    private static readonly string[] WorkloadKinds =
    [
        ObjectKinds.Deployment.Name, ObjectKinds.StatefulSet.Name, ObjectKinds.DaemonSet.Name,
            ObjectKinds.ReplicaSet.Name,
        ObjectKinds.Job.Name, ObjectKinds.CronJob.Name, ObjectKinds.ReplicationController.Name,
    ];

    private readonly PodRecords _records = new(KubernetesApiFiles.PodsOf(context.Options.StateDirectory));
    private readonly Dictionary<string, DateTimeOffset> _deleted = [];
    private Dictionary<ObjectKey, PodCounts> _counts = [];

    /// <summary>The pods of each workload that is an object.</summary>
    public PodCounts CountsOf(ObjectKey workload) => _counts.GetValueOrDefault(workload);

    public void Shape(NodeSnapshot snapshot)
    {
        _counts = [];
        var attached = snapshot.Pods.Select(p => p.Pod.Name).ToHashSet();
        foreach (var pod in snapshot.Cluster.Pods)
            Shape(snapshot, pod.Pod, pod, pod.IsHostNetwork || attached.Contains(pod.Name));
        foreach (var pod in snapshot.Cluster.EndedPods) Shape(snapshot, pod, null, isThere: false);
        foreach (var ending in snapshot.State.Programs.Ending.Values.Where(e => !e.HasNetwork))
            Shape(snapshot, ending.Pod, null, isThere: false);
        news.Forget(pod => sightings.IsSeen(Registry.Pods.Path, pod));
        _records.Settle(pod => sightings.IsSeen(Registry.Pods.Path, pod));
    }

    private void Shape(NodeSnapshot snapshot, PodObject pod, PodEndpoint? endpoint, bool isThere)
    {
        var name = pod.FullName;
        var ending = snapshot.State.Programs.Ending.GetValueOrDefault(name);
        var report = context.Programs?.Pods.Report(name);
        var held = snapshot.State.Objects.GetValueOrDefault(ObjectKey.Of(pod));
        var workload = held is null ? WorkloadOf(snapshot.State, pod) : null;
        if (workload is not null && ending is null) Count(ObjectKey.Of(workload.Object), pod, report);
        var declared = (object?)held ?? (object?)workload ?? pod;
        var restarts = snapshot.State.Restarts.GetValueOrDefault(name);
        var from = new From(declared, endpoint, report, ending, isThere, restarts);
        if (ending is null) _deleted.Remove(name);
        if (!sightings.IsNews(Registry.Pods.Path, name, from)) return;
        if (ViewOf(snapshot, pod, held, workload, ending) is not { } view) return;
        var status = StatusOf(snapshot, pod);
        var addresses = AddressesOf(snapshot, isThere ? endpoint : null);
        if (!BuiltInObjects.IsPod(pod)) news.Tell(pod, addresses, ending is not null, status);
        PodView.Complete(view, new PodFacts(pod, status, addresses, NodeOf(snapshot))
        {
            EndingSeconds = ending is null ? null : ending.GraceSeconds ?? pod.Programs.GraceSeconds,
            Deleted = ending is null ? default : DeletedAt(name),
        });
        served.Put(Registry.Pods, pod.Namespace, pod.Name, view, ending is null ? held : null, null);
    }

    /// <summary>The pod without its status; null: nobody knows how it was declared.</summary>
    private JsonObject? ViewOf(
        NodeSnapshot snapshot, PodObject pod, HeldObject? held, HeldObject? workload, EndingPod? ending)
    {
        var shown = served.Find(Registry.Pods.Path, pod.FullName);
        if (ending is not null && shown is not null) return Bare(shown.Parse());
        if (held is not null) return ObjectView.Of(Registry.Pods, held);
        if (workload is not null)
        {
            return OfWorkload(pod, workload, snapshot.State.Restarts.GetValueOrDefault(pod.FullName));
        }
        if (BuiltInObjects.IsPod(pod)) return BuiltIn.Of(pod);
        return snapshot.State.Attachments.GetValueOrDefault(pod.FullName) is { } attachment
            ? ObjectView.Of(Registry.Pods, new HeldObject(attachment.Pod, attachment.From, RecordOf(pod, "cni")))
                : null;
    }

    /// <summary>As it was before it ended: its status is added again.</summary>
    private static JsonObject Bare(JsonObject pod)
    {
        pod.Remove("status");
        return pod;
    }

    /// <param name="restarts">How often it was deleted: it is another one each time.</param>
    private JsonObject OfWorkload(PodObject pod, HeldObject workload, int restarts)
    {
        var owner = ObjectView.Of(Registry.OfKind(workload.Object.Kind), workload);
        var template = WorkloadView.Template(owner) ?? [];
        if (workload.Object.Kind != ObjectKinds.Deployment.Name)
        {
            return PodView.OfTemplate(
                Registry.Pods, pod, owner, template, "", RecordOf(pod, $"{workload.Record.Uid}/{restarts}"));
        }
        var hash = WorkloadView.HashOf(template);
        var set = WorkloadView.ReplicaSet(Registry.ReplicaSets, owner, hash, 0);
        return PodView.OfTemplate(
            Registry.Pods, pod, set, template, hash, RecordOf(pod, $"{workload.Record.Uid}/{hash}/{restarts}"));
    }

    /// <summary>Of a pod that no document names: the same as long as it comes from the same.</summary>
    private ObjectRecord RecordOf(PodObject pod, string from) =>
        _records.Of(pod.FullName, ObjectRecord.Derived(from, pod.FullName));

    private DateTimeOffset DeletedAt(string name) =>
        _deleted.TryGetValue(name, out var at) ? at : _deleted[name] = ObjectRecord.Now();

    private void Count(ObjectKey workload, PodObject pod, PodReport? report)
    {
        var before = _counts.GetValueOrDefault(workload);
        var isReady = report?.Status is { } status ? status.IsReady : context.Programs is null && pod.IsReady;
        _counts[workload] = new PodCounts(before.All + 1, before.Ready + (isReady ? 1 : 0),
            before.Succeeded + (report?.Status?.Phase == PodPhase.Succeeded ? 1 : 0),
            before.Failed + (report?.Status?.Phase == PodPhase.Failed ? 1 : 0));
    }

    private PodStatusEntry? StatusOf(NodeSnapshot snapshot, PodObject pod) =>
        new PodEntry(pod.FullName, null, null).With(pod, snapshot, context.Programs).Status;

    private (string Name, string? Address) NodeOf(NodeSnapshot snapshot) =>
        (snapshot.Cluster.NodeName ?? context.Options.NodeName,
            (snapshot.Cluster.Node.IPv4 ?? snapshot.Cluster.Node.IPv6)?.ToString());

    /// <param name="pod">Null: it is not attached.</param>
    private static List<string> AddressesOf(NodeSnapshot snapshot, PodEndpoint? pod) => pod is null ? []
        : pod.IsHostNetwork
        ? [.. new[] { snapshot.Cluster.Node.IPv4, snapshot.Cluster.Node.IPv6 }.Where(a => a is not null).Select(a =>
            $"{a}")]
        : [.. new[] { pod.IPv4, pod.IPv6 }.Where(a => a is not null).Select(a => $"{a}")];

    /// <summary>The workload whose template a pod is of: the one that the place of the template is in.</summary>
    private static HeldObject? WorkloadOf(DesiredState state, PodObject pod) => pod.Workload is null ? null
        : WorkloadKinds.Select(kind => state.Objects.GetValueOrDefault(new ObjectKey(kind,
            $"{pod.Namespace}/{pod.Workload}")))
            .OfType<HeldObject>()
            .Where(w => w.From.File == pod.Position.File && w.Object.Position.Line <= pod.Position.Line)
            .MaxBy(w => w.Object.Position.Line);
}
