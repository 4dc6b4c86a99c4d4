using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Reading;

/// <summary>
/// The pods that the workloads among some objects make, and a note about what each workload counts as.
/// </summary>
internal sealed class WorkloadPods(IReadOnlyCollection<KubernetesObject> objects, DiagnosticBag bag)
{
    /// <summary>
    /// Pods that all workloads of a load may make together: a few lines of text must not turn into gigabytes.
    /// </summary>
    public const int Max = 100_000;

    private readonly Ownership _ownership = Ownership.Of(objects);
    private int _count;

    /// <summary>In the order of the objects.</summary>
    public IReadOnlyList<PodObject> Find()
    {
        var found = new List<PodObject>();
        foreach (var workload in objects.OfType<WorkloadObject>())
        {
            var counted = _ownership.CountedFor(workload).ToList();
            if (counted.Count > 0)
            {
                Note(workload, $"{OwnedText(counted)} that it owns", "not counted again from its template");
            }
            else if (Fits(workload))
            {
                Note(workload, MadeText(workload), workload.HasEnded ? "of its status" : "made from its template");
                found.AddRange(workload.Pods);
            }
        }
        return found;
    }

    private bool Fits(WorkloadObject workload)
    {
        if (_count > Max)
        {
            return false;
        }
        _count += workload.Count;
        if (_count <= Max)
        {
            return true;
        }
        bag.Add(new Diagnostic(Codes.TooManyItems, Severity.Error,
            $"more than {Max} pods from the templates of Deployments and the like",
            workload.Position, Label: "too many with this one", Help: "load them with fewer replicas"));
        return false;
    }

    private void Note(WorkloadObject workload, string pods, string label) =>
        bag.Add(new Diagnostic(Codes.WorkloadPods, Severity.Note,
            $"{workload.Kind} {Quote.Of(workload.FullName)} counts as {pods}", workload.Position, Label: label));

    private static string OwnedText(List<KubernetesObject> counted)
    {
        var kinds = counted.GroupBy(o => o.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.ToList());
        return string.Join(" and ", kinds.Select(all => all[0] is PodObject
            ? all.Count == 1 ? $"the pod {Quote.Of(all[0].Name)}" : $"the {all.Count} pods"
            : all.Count == 1 ? $"the {all[0].Kind} {Quote.Of(all[0].Name)}" : $"the {all.Count} {all[0].Kind}s"));
    }

    private static string MadeText(WorkloadObject workload)
    {
        var (name, first, count) = (workload.Name, workload.First, workload.Count);
        return count switch
        {
            0 => workload.HasEnded ? "no pod: it has ended" : "no pod",
            1 => $"the pod {Quote.Of($"{name}-{first}")}",
            _ => $"the {count} pods {Quote.Of($"{name}-{first}")} to {Quote.Of($"{name}-{first + count - 1}")}",
        };
    }
}
