using System.Collections.Concurrent;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Verification;

/// <summary>
/// The oracle's verdicts of flows, computed in the background. The oracle reads every policy for every flow, so it gets
/// only the policies in the namespaces of a flow's ends: a policy selects pods of its own namespace only.
/// </summary>
internal sealed class Expectations
{
    private readonly Task<bool[]> _allowed;

    private Expectations(IReadOnlyList<Flow> flows, Task<bool[]> allowed) => (Flows, _allowed) = (flows, allowed);

    public IReadOnlyList<Flow> Flows { get; }

    /// <summary>Begins to compute, on all CPUs but one.</summary>
    public static Expectations Begin(Cluster cluster, IReadOnlyList<Flow> flows, CancellationToken stop)
    {
        var local = new LocalClusters(cluster);
        return new Expectations(flows,
            Task.Run(() => ParallelEnumerable.Range(0, flows.Count).AsOrdered().WithCancellation(stop)
            .WithDegreeOfParallelism(Math.Max(1, Environment.ProcessorCount - 1))
                .Select(i => Oracle.Evaluate(local.Of(flows[i]), flows[i]).Allowed).ToArray(), stop));
    }

    /// <summary>Waits for all verdicts, and returns whether each flow is allowed, in the order of the flows.</summary>
    /// <exception cref="ArgumentException">
    /// A flow is not one of the cluster; see <see cref="Oracle.Evaluate"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public bool[] Allowed()
    {
        try
        {
            return _allowed.GetAwaiter().GetResult();
        }
        catch (AggregateException e) when (e.InnerException is { } first)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
            throw;
        }
    }

    /// <summary>
    /// The cluster with the policies of two namespaces only, for each pair of namespaces that is asked for.
    /// Thread-safe.
    /// </summary>
    private sealed class LocalClusters(Cluster cluster)
    {
        private readonly ILookup<string, (NetworkPolicyObject Policy, int Index)> _policies =
            cluster.NetworkPolicies.Select((p, i) => (Policy: p, Index: i)).ToLookup(p => p.Policy.Namespace);

        private readonly ConcurrentDictionary<(string? From, string? To), Cluster> _clusters = new();

        public Cluster Of(Flow flow) =>
            _clusters.GetOrAdd((Namespace(flow.From), Namespace(flow.To)), static (pair, all) => all.Make(pair), this);

        private Cluster Make((string? From, string? To) pair) => cluster with
        {
            // In the cluster's order: it decides which of several policies a verdict names.
            NetworkPolicies = [.. new[] { pair.From, pair.To }.OfType<string>().Distinct()
                .SelectMany(ns => _policies[ns]).OrderBy(p => p.Index).Select(p => p.Policy)],
        };

        private static string? Namespace(Endpoint endpoint) => endpoint.AsSelectablePod()?.Pod.Namespace;
    }
}
