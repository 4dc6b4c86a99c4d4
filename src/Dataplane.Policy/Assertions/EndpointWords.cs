using Dataplane.Kubernetes.Assertions;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Assertions;

/// <summary>The endpoints that one word of a command line means.</summary>
public static class EndpointWords
{
    /// <summary>
    /// What an assertion file takes (<c>namespace/pod</c>, an address, a CIDR, <c>node</c>), and
    /// <c>namespace/workload</c> for all its pods. A pod wins over a workload of that name.
    /// </summary>
    /// <param name="ns">The namespace of a name without one.</param>
    /// <param name="error">Why there is none; null where there is one.</param>
    public static IReadOnlyList<Endpoint> Find(Cluster cluster, string text, string ns, out string? error)
    {
        var patterns = new EndpointPatterns(cluster, ns);
        var found = patterns.Find(new EndpointPattern(text, null, null, new SourcePosition("", 1, 1)));
        error = null;
        if (patterns.Problems is not [var problem, ..])
        {
            return found;
        }
        var name = text.Contains('/') ? text : $"{ns}/{text}";
        IReadOnlyList<Endpoint> pods =
        [
            .. cluster.Pods.Where(pod => pod.Pod.Workload is { } workload
                && $"{pod.Pod.Namespace}/{workload}" == name),
        ];
        error = pods.Count == 0 ? problem.Message : null;
        return pods;
    }
}
