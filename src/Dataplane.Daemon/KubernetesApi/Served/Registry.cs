using Dataplane.ApiMachinery.Resources;
using Dataplane.Kubernetes.Kinds;

namespace Dataplane.Daemon.KubernetesApi.Served;

/// <summary>The resources of the kinds that planning reads.</summary>
internal static class Registry
{
    private static readonly Dictionary<string, ApiResource> ByKind =
        ApiResources.BuiltIn.Where(r => !r.IsStored).ToDictionary(r => r.Kind.Name);

    public static readonly ApiResource Pods = Of(ObjectKinds.Pod), Services = Of(ObjectKinds.Service);
    public static readonly ApiResource Namespaces = Of(ObjectKinds.Namespace), Nodes = Of(ObjectKinds.Node);
    public static readonly ApiResource ReplicaSets = Of(ObjectKinds.ReplicaSet),
        Deployments = Of(ObjectKinds.Deployment);
    public static readonly ApiResource Endpoints = Of(ObjectKinds.Endpoints);
    public static readonly ApiResource EndpointSlices = Of(ObjectKinds.EndpointSlice);

    public static ApiResource Of(ObjectKind kind) => ByKind[kind.Name];

    /// <summary>The resource of a kind that planning reads.</summary>
    public static ApiResource OfKind(string kind) => ByKind[kind];

    /// <summary>By what stored objects of a resource are kept: <c>ingresses.networking.k8s.io</c>.</summary>
    public static string StoredKind(ApiResource resource) => resource.Kind.Group.Length == 0
        ? resource.Kind.Plural : $"{resource.Kind.Plural}.{resource.Kind.Group}";
}
