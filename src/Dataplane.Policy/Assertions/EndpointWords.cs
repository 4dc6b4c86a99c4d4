using Dataplane.Kubernetes.Assertions;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Policy.Assertions;

/// <summary>The endpoints that one word of a command line means.</summary>
public static class EndpointWords
{
    /// <summary>
    /// What an assertion file takes: <c>namespace/pod</c>, <c>namespace/workload</c> for all its pods, a pod that
    /// exists only in the question, an address, a CIDR, <c>node</c>.
    /// </summary>
    /// <param name="error">Why there is none; null where there is one.</param>
    public static IReadOnlyList<Endpoint> Find(
        QuestionNames names, string text, bool isDestination, out string? error)
    {
        var patterns = new EndpointPatterns(names.Cluster, names);
        var found = patterns.Find(new EndpointPattern(text, null, null, new SourcePosition("", 1, 1)), isDestination);
        error = patterns.Problems is [var problem, ..] ? problem.Message : null;
        return [.. found.SelectMany(group => group.Ends)];
    }
}
