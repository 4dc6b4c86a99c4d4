using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;

namespace Dataplane.Kubernetes.Reading.Pods;

/// <summary>The pod that a workload makes copies of, whatever kind the workload is of.</summary>
internal static class TemplatePod
{
    /// <param name="kind">The kind of the workload.</param>
    /// <param name="metadata">That of the workload.</param>
    /// <param name="at">The template.</param>
    public static PodObject Of(string kind, Metadata metadata, IReadOnlyDictionary<string, string> labels,
        PodSpec spec, NodeReader at) =>
        new(metadata.Namespace, metadata.Name, labels, spec.Ports, spec.HostNetwork, [], at.Position)
        {
            HostName = spec.HostName,
            Subdomain = spec.Subdomain,
            Dns = spec.Dns,
            Host = spec.Host,
            HostPorts = spec.HostPorts,
            Programs = spec.Programs,
            Workload = (IsMade(kind) ? metadata.Owner?.Name : null) ?? metadata.Name,
        };

    /// <summary>Users name the Deployment and the CronJob, not what these make.</summary>
    private static bool IsMade(string kind) => kind == ObjectKinds.ReplicaSet.Name || kind == ObjectKinds.Job.Name
        || kind == ObjectKinds.ReplicationController.Name;
}
