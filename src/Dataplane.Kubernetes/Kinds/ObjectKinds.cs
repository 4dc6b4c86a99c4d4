namespace Dataplane.Kubernetes.Kinds;

/// <summary>The registry of the kinds that are read. No two have the same name.</summary>
public static class ObjectKinds
{
    public static readonly ObjectKind Pod = new("", "v1", "Pod", "pods", ["po"], true);
    public static readonly ObjectKind Namespace = new("", "v1", "Namespace", "namespaces", ["ns"], false);
    public static readonly ObjectKind Node = new("", "v1", "Node", "nodes", ["no"], false);

    public static readonly ObjectKind Service = new("", "v1", "Service", "services", ["svc"], true);
    public static readonly ObjectKind Endpoints = new("", "v1", "Endpoints", "endpoints", ["ep"], true);

    public static readonly ObjectKind EndpointSlice =
        new("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", ["eps"], true);

    public static readonly ObjectKind NetworkPolicy =
        new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", ["netpol"], true);

    public static readonly ObjectKind AdminNetworkPolicy =
        new(PolicyGroup, "v1alpha1", "AdminNetworkPolicy", "adminnetworkpolicies", ["anp"], false);

    public static readonly ObjectKind BaselineAdminNetworkPolicy =
        new(PolicyGroup, "v1alpha1", "BaselineAdminNetworkPolicy", "baselineadminnetworkpolicies", ["banp"], false);

    public static readonly ObjectKind ClusterNetworkPolicy =
        new(PolicyGroup, "v1alpha2", "ClusterNetworkPolicy", "clusternetworkpolicies", ["cnp"], false);

    public static readonly ObjectKind Deployment = new("apps", "v1", "Deployment", "deployments", ["deploy"], true);
    public static readonly ObjectKind StatefulSet = new("apps", "v1", "StatefulSet", "statefulsets", ["sts"], true);
    public static readonly ObjectKind DaemonSet = new("apps", "v1", "DaemonSet", "daemonsets", ["ds"], true);
    public static readonly ObjectKind ReplicaSet = new("apps", "v1", "ReplicaSet", "replicasets", ["rs"], true);

    public static readonly ObjectKind ReplicationController =
        new("", "v1", "ReplicationController", "replicationcontrollers", ["rc"], true);

    public static readonly ObjectKind Job = new("batch", "v1", "Job", "jobs", [], true);
    public static readonly ObjectKind CronJob = new("batch", "v1", "CronJob", "cronjobs", ["cj"], true);

    /// <summary>The group of the cluster-wide policies.</summary>
    public const string PolicyGroup = "policy.networking.k8s.io";

    /// <summary>All kinds, in the order in which listings show them.</summary>
    public static readonly IReadOnlyList<ObjectKind> All =
    [
        Pod, Namespace, Service, NetworkPolicy, AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy,
        Node, Endpoints, EndpointSlice, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job,
        CronJob,
    ];

    /// <summary>Services and what lists their endpoints. None of them makes pods or decides what may talk.</summary>
    public static readonly IReadOnlyList<ObjectKind> OfServices = [Service, Endpoints, EndpointSlice];

    private static readonly Dictionary<string, ObjectKind> ByName = All.ToDictionary(k => k.Name);

    /// <summary>The kind of that name; null where it is not read.</summary>
    public static ObjectKind? Find(string name) => ByName.GetValueOrDefault(name);
}
