using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>
/// A Deployment or another kind that makes pods, all from one template.
/// </summary>
/// <param name="Count">The number of pods, 0 to 1000.</param>
/// <param name="First">The number in the name of the first pod.</param>
/// <param name="OrdinalLabels">Whether each pod carries its name and number as labels, as those of a StatefulSet
/// do.</param>
internal sealed record WorkloadObject(
    string KindName, string Namespace, string Name, int Count, int First, bool OrdinalLabels, PodObject Template,
        SourcePosition Position)
    : KubernetesObject(Namespace, Name, Template.Labels, Position)
{
    private PodObject[]? _pods;

    public override string Kind => KindName;

    /// <summary>The pods <c>name-0</c>, <c>name-1</c>, and so on, in that order; always the same objects.</summary>
    public IReadOnlyList<PodObject> Pods => _pods ??= [.. Enumerable.Range(First, Count).Select(Pod)];

    // The pods made from it are a cache and do not count for equality.
    public bool Equals(WorkloadObject? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => base.GetHashCode();

    private PodObject Pod(int number)
    {
        var name = $"{Name}-{number}";
        return Template with
        {
            Name = name,
            Workload = Name,
            Labels = !OrdinalLabels
                ? Labels : LabelMap.Of([.. Labels, new("apps.kubernetes.io/pod-index", $"{number}"),
                new("statefulset.kubernetes.io/pod-name", name)]),
        };
    }
}
