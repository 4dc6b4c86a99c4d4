using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;

namespace Dataplane.ApiMachinery.Defaults;

/// <summary>
/// Fills in what an object leaves out as the API server does, and what a plain cluster adds to a pod on its admission.
/// Kinds that are not named here have no defaults.
/// </summary>
public static class Defaulting
{
    private const string Admission = "admissionregistration.k8s.io", Networking = "networking.k8s.io";
    private const string Rbac = "rbac.authorization.k8s.io";

    private static readonly Dictionary<(string Group, string Kind), Action<JsonObject>> Kinds = new()
    {
        [("", "Pod")] = PodDefaults.Pod,
        [("", "PodTemplate")] = PodDefaults.Template,
        [("", "ReplicationController")] = WorkloadDefaults.ReplicationController,
        [("apps", "Deployment")] = WorkloadDefaults.Deployment,
        [("apps", "ReplicaSet")] = WorkloadDefaults.ReplicaSet,
        [("apps", "StatefulSet")] = WorkloadDefaults.StatefulSet,
        [("apps", "DaemonSet")] = WorkloadDefaults.DaemonSet,
        [("batch", "Job")] = WorkloadDefaults.Job,
        [("batch", "CronJob")] = WorkloadDefaults.CronJob,
        [("autoscaling", "HorizontalPodAutoscaler")] = AutoscalerDefaults.Apply,
        [("", "Service")] = NetworkDefaults.Service,
        [("", "Endpoints")] = NetworkDefaults.Endpoints,
        [("discovery.k8s.io", "EndpointSlice")] = NetworkDefaults.EndpointSlice,
        [(Networking, "NetworkPolicy")] = NetworkDefaults.NetworkPolicy,
        [(Networking, "Ingress")] = NetworkDefaults.Ingress,
        [(Networking, "IngressClass")] = NetworkDefaults.IngressClass,
        [("", "Namespace")] = ClusterDefaults.Namespace,
        [("", "Node")] = ClusterDefaults.Node,
        [("", "Secret")] = ClusterDefaults.Secret,
        [("", "LimitRange")] = ClusterDefaults.LimitRange,
        [("", "PersistentVolumeClaim")] = VolumeDefaults.Claim,
        [("", "PersistentVolume")] = VolumeDefaults.Persistent,
        [("storage.k8s.io", "StorageClass")] = ClusterDefaults.StorageClass,
        [("scheduling.k8s.io", "PriorityClass")] = ClusterDefaults.PriorityClass,
        [(Rbac, "RoleBinding")] = ClusterDefaults.Binding,
        [(Rbac, "ClusterRoleBinding")] = ClusterDefaults.Binding,
        [("apiextensions.k8s.io", "CustomResourceDefinition")] = ExtensionDefaults.CustomResourceDefinition,
        [(Admission, "ValidatingWebhookConfiguration")] = ExtensionDefaults.ValidatingWebhooks,
        [(Admission, "MutatingWebhookConfiguration")] = ExtensionDefaults.MutatingWebhooks,
    };

    /// <summary>Changes the object. What has another shape than the API's is left as it is.</summary>
    public static void Apply(ApiResource resource, JsonObject obj)
    {
        ApplyTypes(resource, obj);
        switch (resource.Kind)
        {
            case { Group: "", Name: "Pod" }:
                PodDefaults.Admit(obj);
                break;
            case { Group: "", Name: "Namespace" }:
                ClusterDefaults.Hold(obj);
                break;
        }
    }

    /// <summary>
    /// The part that belongs to who writes the object: upstream tells owners of fields after it, and before the rest.
    /// </summary>
    public static void ApplyTypes(ApiResource resource, JsonObject obj) =>
        Kinds.GetValueOrDefault((resource.Kind.Group, resource.Kind.Name))?.Invoke(obj);
}
