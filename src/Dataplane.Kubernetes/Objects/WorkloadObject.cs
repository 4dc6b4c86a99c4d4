using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>
/// A Deployment or another kind that makes pods, all from one template.
/// </summary>
/// <param name="Count">The number of pods, 0 to 1000.</param>
/// <param name="First">The number in the name of the first pod.</param>
/// <param name="Added">The labels that the controller adds to those of the template.</param>
internal sealed record WorkloadObject(
    string KindName, string Namespace, string Name, int Count, int First, AddedLabels Added, PodObject Template,
        SourcePosition Position)
    : KubernetesObject(Namespace, Name, Template.Labels, Position)
{
    private PodObject[]? _pods;
    private WorkloadObject? _apart;

    public override string Kind => KindName;

    /// <summary>metadata.uid, by which owned objects name it; null where the manifest has none.</summary>
    public string? Uid { get; init; }

    /// <summary>A Job whose status says that it is complete or has failed.</summary>
    public bool HasEnded { get; init; }

    /// <summary>What the names of its pods begin with.</summary>
    public string Prefix { get; private init; } = Name;

    /// <summary>
    /// The same workload with the kind in the names of its pods, for where another kind has a workload of this name;
    /// always the same object.
    /// </summary>
    public WorkloadObject Apart => _apart ??= this with
    {
        Prefix = $"{Name}-{KindName.ToLowerInvariant().Replace('.', '-')}",
        _pods = null,
    };

    /// <summary>The pods <c>name-0</c>, <c>name-1</c>, and so on, in that order; always the same objects.</summary>
    public IReadOnlyList<PodObject> Pods => _pods ??= [.. Enumerable.Range(First, Count).Select(Pod)];

    // The pods made from it are a cache and do not count for equality.
    public bool Equals(WorkloadObject? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => base.GetHashCode();

    private PodObject Pod(int number)
    {
        var name = $"{Prefix}-{number}";
        return Template with
        {
            Name = name,
            Labels = Added.To(Labels, name, number),
            HostName = Added.IsNumbered ? name : Template.HostName,
        };
    }
}
