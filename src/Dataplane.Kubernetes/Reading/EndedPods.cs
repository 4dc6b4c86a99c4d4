using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Reading;

/// <summary>One note about all pods that have ended: a cluster that runs Jobs is full of them.</summary>
internal static class EndedPods
{
    public static void Report(IEnumerable<KubernetesObject> objects, DiagnosticBag bag)
    {
        var ended = objects.OfType<PodObject>().Where(p => p.HasEnded).OrderBy(p => p.FullName, StringComparer.Ordinal)
            .ToList();
        if (ended.Count == 0)
        {
            return;
        }
        var names = ended.Take(2).Select(p => Quote.Of(p.FullName)).ToList();
        bag.Add(new Diagnostic(Codes.EndedPods, Severity.Note, ended.Count switch
        {
            1 => $"the pod {names[0]} has ended and is left out",
            2 => $"2 pods have ended and are left out: {names[0]} and {names[1]}",
            _ => $"{ended.Count} pods have ended and are left out: {names[0]}, {names[1]} and {ended.Count - 2} more",
        }, ended[0].Position, Label: "its status says Succeeded or Failed",
            Note: "a pod that has ended has no network"));
    }
}
