using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Kubernetes.Reading;

/// <summary>Identifies a workload, whether it is loaded or not.</summary>
internal readonly record struct WorkloadKey(string Kind, string Namespace, string Name)
{
    public static WorkloadKey Of(WorkloadObject workload) => new(workload.Kind, workload.Namespace, workload.Name);

    /// <summary>
    /// The owner that an object names; of a pod, then the owner's own, which the names of pods and owners tell: the
    /// ReplicaSet or the Job between them need not be loaded.
    /// </summary>
    public static IEnumerable<WorkloadKey> OwnersOf(KubernetesObject obj)
    {
        if (obj is not (PodObject or WorkloadObject) || obj.Owner is not { } owner)
        {
            yield break;
        }
        yield return new WorkloadKey(owner.Kind, obj.Namespace, owner.Name);
        if (obj is PodObject pod && MakerOf(owner, pod) is { } maker)
        {
            yield return maker with { Namespace = obj.Namespace };
        }
    }

    /// <summary>The name of the workload that users know a pod by; null where nobody made it.</summary>
    public static string? TopOf(PodObject pod) =>
        // The kubelet's pods from files are owned by their Node.
        OwnersOf(pod).LastOrDefault() is { Name: { } name } key && key.Kind != ObjectKinds.Node.Name ? name : null;

    private static WorkloadKey? MakerOf(OwnerReference owner, PodObject pod)
    {
        if (owner.Kind == ObjectKinds.ReplicaSet.Name)
        {
            return WithHash(ObjectKinds.Deployment.Name, ControllerLabels.TemplateHash)
                ?? WithHash("Rollout", ControllerLabels.RolloutHash);
        }
        if (owner.Kind == ObjectKinds.ReplicationController.Name)
        {
            return pod.Labels.TryGetValue(ControllerLabels.DeploymentConfig, out var config)
                ? new WorkloadKey("DeploymentConfig", "", config) : null;
        }
        // A CronJob names its Jobs by the minute that they are for.
        return owner.Kind == ObjectKinds.Job.Name && owner.Name.LastIndexOf('-') is var dash and > 0
            && dash < owner.Name.Length - 1 && owner.Name.AsSpan(dash + 1).ContainsAnyExceptInRange('0', '9') is false
            ? new WorkloadKey(ObjectKinds.CronJob.Name, "", owner.Name[..dash]) : null;

        WorkloadKey? WithHash(string kind, string label) => pod.Labels.TryGetValue(label, out var hash)
            && owner.Name.EndsWith($"-{hash}", StringComparison.Ordinal)
            ? new WorkloadKey(kind, "", owner.Name[..^(hash.Length + 1)]) : null;
    }
}
