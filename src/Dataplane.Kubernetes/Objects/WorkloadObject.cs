namespace Dataplane.Kubernetes;

/// <summary>
/// A Deployment or the like, while loading: what comes out of it are pods, all made from one template.
/// </summary>
/// <param name="Count">How many pods: 0 to 1000.</param>
/// <param name="First">The number in the name of the first pod.</param>
/// <param name="OrdinalLabels">Whether each pod carries its name and number as labels, as those of a StatefulSet do.</param>
internal sealed record WorkloadObject(
    string KindName, string Namespace, string Name, int Count, int First, bool OrdinalLabels, PodObject Template, SourcePosition Position)
    : KubernetesObject(Namespace, Name, Template.Labels, Position)
{
    public override string Kind => KindName;

    /// <summary>The pods <c>name-0</c>, <c>name-1</c>, and so on, in that order.</summary>
    public IEnumerable<PodObject> Pods()
    {
        for (int i = First; i < First + Count; i++)
        {
            string name = $"{Name}-{i}";
            yield return Template with
            {
                Name = name,
                Labels = !OrdinalLabels ? Labels : new SortedDictionary<string, string>(Labels.ToDictionary(), StringComparer.Ordinal)
                {
                    ["apps.kubernetes.io/pod-index"] = $"{i}",
                    ["statefulset.kubernetes.io/pod-name"] = name,
                },
            };
        }
    }
}
