using Dataplane.Kubernetes.Kinds;

namespace Dataplane.ApiMachinery.Resources;

/// <summary>
/// The registry of the kinds that the API serves, from which discovery, OpenAPI documents, paths and tables are made.
/// CustomResourceDefinitions add others.
/// </summary>
public static class ApiResources
{
    private const string Core = "", Apps = "apps", Batch = "batch", Networking = "networking.k8s.io";
    private const string Rbac = "rbac.authorization.k8s.io", Storage = "storage.k8s.io", Policy = "policy";
    private const string Admission = "admissionregistration.k8s.io";

    private static readonly string[] Nothing = [], Status = ["status"], StatusAndScale = ["status", "scale"];
    private static readonly string[] All = ["all"];

    /// <summary>In the order in which discovery lists their groups.</summary>
    public static readonly IReadOnlyList<ApiResource> BuiltIn =
    [
        Read(ObjectKinds.Pod, ["attach", "ephemeralcontainers", "eviction", "exec", "log", "portforward", "status"],
            All),
        Read(ObjectKinds.Service, Status, All),
        Read(ObjectKinds.ReplicationController, StatusAndScale, All),
        Read(ObjectKinds.Namespace, ["finalize", "status"]),
        Read(ObjectKinds.Node, Status),
        Read(ObjectKinds.Endpoints, Nothing),
        Stored(Core, "ConfigMap", "configmaps", "cm"),
        Stored(Core, "Secret", "secrets"),
        Stored(Core, "ServiceAccount", "serviceaccounts", "sa"),
        Stored(Core, "Event", "events", "ev"),
        Stored(Core, "LimitRange", "limitranges", "limits"),
        Stored(Core, "ResourceQuota", "resourcequotas", "quota", Status),
        Stored(Core, "PersistentVolumeClaim", "persistentvolumeclaims", "pvc", Status),
        Stored(Core, "PersistentVolume", "persistentvolumes", "pv", Status, isNamespaced: false),
        Stored(Core, "PodTemplate", "podtemplates"),
        Read(ObjectKinds.Deployment, StatusAndScale, All),
        Read(ObjectKinds.ReplicaSet, StatusAndScale, All),
        Read(ObjectKinds.StatefulSet, StatusAndScale, All),
        Read(ObjectKinds.DaemonSet, Status, All),
        Stored(Apps, "ControllerRevision", "controllerrevisions"),
        Read(ObjectKinds.Job, Status, All),
        Read(ObjectKinds.CronJob, Status, All),
        Stored("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa", Status, version: "v2") with
        {
            Categories = All,
        },
        Stored(Policy, "PodDisruptionBudget", "poddisruptionbudgets", "pdb", Status),
        Read(ObjectKinds.NetworkPolicy, Nothing),
        Stored(Networking, "Ingress", "ingresses", "ing", Status),
        Stored(Networking, "IngressClass", "ingressclasses", isNamespaced: false),
        Read(ObjectKinds.EndpointSlice, Nothing),
        Read(ObjectKinds.ClusterNetworkPolicy, Status),
        Read(ObjectKinds.AdminNetworkPolicy, Status),
        Read(ObjectKinds.BaselineAdminNetworkPolicy, Status),
        Stored(Rbac, "Role", "roles"),
        Stored(Rbac, "RoleBinding", "rolebindings"),
        Stored(Rbac, "ClusterRole", "clusterroles", isNamespaced: false),
        Stored(Rbac, "ClusterRoleBinding", "clusterrolebindings", isNamespaced: false),
        Stored(Storage, "StorageClass", "storageclasses", "sc", isNamespaced: false),
        Stored("scheduling.k8s.io", "PriorityClass", "priorityclasses", "pc", isNamespaced: false),
        Stored("coordination.k8s.io", "Lease", "leases"),
        Stored("events.k8s.io", "Event", "events", "ev"),
        Stored("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions", "crd crds", Status,
            isNamespaced: false),
        Stored(Admission, "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", isNamespaced: false),
        Stored(Admission, "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", isNamespaced: false),
    ];

    private static ApiResource Read(ObjectKind kind, string[] subresources, string[]? categories = null) =>
        new(kind, subresources) { Categories = categories ?? [] };

    private static ApiResource Stored(string group, string kind, string plural, string shortNames = "",
        string[]? subresources = null, string version = "v1", bool isNamespaced = true) =>
        new(new ObjectKind(group, version, kind, plural, shortNames.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            isNamespaced),
            subresources ?? Nothing) { IsStored = true };
}
