using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Cluster;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Reading.Pods;
using Dataplane.Kubernetes.Reading.Policies;
using Dataplane.Kubernetes.Reading.Services;

namespace Dataplane.Kubernetes.Reading;

/// <summary>How objects of a kind are read.</summary>
/// <param name="Table">The fields of the object itself.</param>
/// <param name="Read">Reads a mapping whose unknown fields have been reported; null, reported, where it is not
/// valid.</param>
internal sealed record KindReader(FieldTable Table, Func<MappingReader, KubernetesObject?> Read);

/// <summary>The reader of each kind of the registry.</summary>
internal static class KindReaders
{
    public static readonly IReadOnlyDictionary<ObjectKind, KindReader> All =
        new Dictionary<ObjectKind, KindReader>(ReferenceEqualityComparer.Instance)
    {
        [ObjectKinds.Namespace] = new(NamespaceReader.Table, NamespaceReader.Read),
        [ObjectKinds.Pod] = new(PodFields.Pod, ReadPod),
        [ObjectKinds.NetworkPolicy] = new(NetworkPolicyReader.Table, NetworkPolicyReader.Read),
        [ObjectKinds.ClusterNetworkPolicy] = new(TierDialect.Cluster.Object, TierPolicyReader.ReadCluster),
        [ObjectKinds.AdminNetworkPolicy] = new(TierDialect.Admin.Object, TierPolicyReader.ReadAdmin),
        [ObjectKinds.BaselineAdminNetworkPolicy] = new(TierDialect.Baseline.Object, TierPolicyReader.ReadBaseline),
        [ObjectKinds.Node] = new(NodeObjectReader.Table, NodeObjectReader.Read),
        [ObjectKinds.Service] = new(ServiceFields.Service, ServiceReader.Read),
        [ObjectKinds.Endpoints] = new(EndpointsReader.Table, EndpointsReader.Read),
        [ObjectKinds.EndpointSlice] = new(EndpointSliceReader.Table, EndpointSliceReader.Read),
        [ObjectKinds.Deployment] = Of(WorkloadReader.Deployment),
        [ObjectKinds.StatefulSet] = Of(WorkloadReader.StatefulSet),
        [ObjectKinds.ReplicaSet] = Of(WorkloadReader.ReplicaSet),
        [ObjectKinds.DaemonSet] = Of(WorkloadReader.DaemonSet),
        [ObjectKinds.ReplicationController] = Of(WorkloadReader.ReplicationController),
        [ObjectKinds.Job] = Of(WorkloadReader.Job),
        [ObjectKinds.CronJob] = Of(WorkloadReader.CronJob),
    };

    /// <summary>A pod with the workload that its owners tell.</summary>
    private static PodObject? ReadPod(MappingReader obj) => PodReader.Read(obj) is not { } pod ? null
        : WorkloadKey.TopOf(pod) is { } workload ? pod with { Workload = workload } : pod;

    private static KindReader Of(WorkloadReader workload) => new(workload.Table, workload.Read);
}
