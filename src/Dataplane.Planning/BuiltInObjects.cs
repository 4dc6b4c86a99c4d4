using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Planning;

/// <summary>
/// The Service and the pod of the cluster's name server, as kubeadm names and labels them. They are part of a cluster
/// where names have something to say, that is, where there is a Service, and no manifest has one of these two names.
/// </summary>
public static class BuiltInObjects
{
    /// <summary>The second label keeps pods of manifests from being taken for the server.</summary>
    private const string Text = """
        apiVersion: v1
        kind: Service
        metadata:
          name: kube-dns
          namespace: kube-system
          labels: {k8s-app: kube-dns, app.kubernetes.io/managed-by: dataplane}
        spec:
          selector: {k8s-app: kube-dns, app.kubernetes.io/managed-by: dataplane}
          ipFamilyPolicy: PreferDualStack
          ports:
          - {name: dns, port: 53, protocol: UDP}
          - {name: dns-tcp, port: 53, protocol: TCP}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: coredns
          namespace: kube-system
          labels: {k8s-app: kube-dns, app.kubernetes.io/managed-by: dataplane}
        spec:
          containers:
          - name: coredns
            image: dataplane
            ports:
            - {name: dns, containerPort: 53, protocol: UDP}
            - {name: dns-tcp, containerPort: 53, protocol: TCP}

        """;

    /// <summary>Of the Service, then of the pod.</summary>
    public static IReadOnlyList<ManifestDocument> Documents { get; } =
        ManifestLoader.LoadText("built-in", Text).Documents;

    private static readonly KubernetesObject[] All = [.. Documents.SelectMany(d => d.Objects)];

    /// <summary>The full name of the Service.</summary>
    public static string Service { get; } = All[0].FullName;

    /// <summary>The full name of the pod.</summary>
    public static string Pod { get; } = All[1].FullName;

    /// <summary>Whether an object is built in where no manifest has it.</summary>
    public static bool Has(string kind, string name) => All.Any(o => o.Kind == kind && o.FullName == name);

    /// <summary>Whether it is the pod that is built in, and not one of its name.</summary>
    public static bool IsPod(PodObject pod) => ReferenceEquals(pod, All[1]);

    /// <summary>The objects with those that are built in beside them.</summary>
    public static IEnumerable<KubernetesObject> With(IReadOnlyList<KubernetesObject> objects, NodeOptions node) =>
        [.. objects, .. Beside(objects.OfType<ServiceObject>().Any(), node,
            (kind, name) => objects.Any(o => o.Kind == kind && o.FullName == name))];

    /// <summary>What is built in beside objects: all or nothing.</summary>
    /// <param name="hasServices">Whether one of them is a Service.</param>
    /// <param name="isThere">Whether one of them has this kind and full name.</param>
    public static IReadOnlyList<KubernetesObject> Beside(
        bool hasServices, NodeOptions node, Func<string, string, bool> isThere) =>
        node.HasNameServer && hasServices && !All.Any(o => isThere(o.Kind, o.FullName)) ? All : [];

    /// <summary>Whether they are part of the cluster.</summary>
    public static bool AreIn(Cluster cluster) =>
        ReferenceEquals(cluster.Services.Named(Service, s => s.Name)?.Object, All[0]);

    /// <summary>
    /// Whether they are not part of a cluster that has a Service, though no manifest has one of their names: there was
    /// no room for them.
    /// </summary>
    public static bool AreLeftOut(Cluster cluster) => cluster.Services.Count > 0
        && cluster.Services.Named(Service, s => s.Name) is null && cluster.Pods.Named(Pod, p => p.Name) is null;
}
