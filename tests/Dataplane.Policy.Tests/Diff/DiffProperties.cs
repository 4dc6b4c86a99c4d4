using System.Net;
using Dataplane.Policy.Diff;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Tests;

/// <summary>A diff lists exactly the flows that the oracle answers differently.</summary>
public sealed class DiffProperties
{
    [Fact]
    public void Other_policies() => Exact(given => Other(given) is var other
        ? given.Cluster with { NetworkPolicies = other.NetworkPolicies, TierPolicies = other.TierPolicies } : null!);

    [Fact]
    public void One_policy_less() =>
        Exact(given => given.Cluster with { NetworkPolicies = [.. given.Cluster.NetworkPolicies.Skip(1)] });

    [Fact]
    public void One_tier_policy_less() =>
        Exact(given => given.Cluster with { TierPolicies = [.. given.Cluster.TierPolicies.Skip(1)] });

    [Fact]
    public void Other_namespaces() => Exact(given => given.Cluster with { Namespaces = Other(given).Namespaces });

    [Fact]
    public void Other_node_labels() => Exact(given => given.Cluster with { NodeLabels = Other(given).NodeLabels });

    [Fact]
    public void Some_pods_are_not_what_they_were() => Exact(given =>
    {
        var others = Other(given).Pods;
        return given.Cluster with
        {
            Pods = [.. given.Cluster.Pods.Select((pod, i) => i >= others.Count ? pod : pod with
            {
                Pod = pod.Pod with { Labels = others[i].Pod.Labels, Ports = others[i].Pod.Ports },
            })],
        };
    });

    [Fact]
    public void A_cluster_to_itself_is_no_change() => RandomCase.ForAll(
        given => ClusterDiff.Between(given.Cluster,
            given.Cluster with { NetworkPolicies = [.. given.Cluster.NetworkPolicies] })
            is { Differs: false, Objects: [] }, tiers: true);

    /// <summary>Pods of one side only: their flows are there alone.</summary>
    [Fact]
    public void A_pod_less() => Exact(given => given.Cluster with { Pods = [.. given.Cluster.Pods.Skip(1)] });

    /// <summary>
    /// A change between a pod and the others is not missed where that pod is not loaded, provided that the pod's own
    /// labels decide and no policy of its own.
    /// </summary>
    [Fact]
    public void What_changes_for_a_pod_that_is_not_loaded_is_found() => RandomCase.ForAll(given =>
    {
        var (before, after) = (given.Cluster, given.Cluster with { NetworkPolicies = Other(given).NetworkPolicies });
        return before.Pods.Where(pod => !pod.IsHostNetwork).All(pod =>
        {
            Cluster Without(Cluster cluster) => cluster with { Pods = [.. cluster.Pods.Where(p => p != pod)] };
            return !Changes(before, after, pod) || ClusterDiff.Between(Without(before), Without(after)).Differs;
        });
    }, tests: 40, tiers: false);

    private static bool Changes(Cluster before, Cluster after, PodEndpoint pod) =>
        RandomCluster.Flows(before).Where(flow => flow.From == pod && flow.To != pod && flow.To is PodEndpoint to
            && !to.IsHostNetwork)
            .Any(flow => Enters(before, flow) != Enters(after, flow));

    private static bool Enters(Cluster cluster, Flow flow) =>
        Oracle.Evaluate(cluster, flow).Entering.Allowed;

    private static Cluster Other(RandomCase given) => RandomCluster.Generate(given.Seed ^ 1, 6, tiers: true);

    private static void Exact(Func<RandomCase, Cluster> change) => RandomCase.ForAll(given =>
    {
        var after = change(given);
        var diff = ClusterDiff.Between(given.Cluster, after);
        var now = after.Pods.ToDictionary(pod => pod.Name, Endpoint? (pod) => pod);
        return RandomCluster.Flows(given.Cluster)
            .Where(flow => !flow.From.IsNodeTraffic() && flow.To is not PodEndpoint { IsHostNetwork: true })
            .All(flow =>
            {
                var was = Oracle.Evaluate(given.Cluster, flow).Allowed;
                var becomes = At(flow.From) is { } from && At(flow.To) is { } to
                    && Oracle.Evaluate(after, flow with { From = from, To = to }).Allowed;
                return flow.From == flow.To
                    || (Says(diff.Opened, flow) == (!was && becomes) && Says(diff.Closed, flow) == (was && !becomes));
            });

        Endpoint? At(Endpoint endpoint) =>
            endpoint is PodEndpoint ? now.GetValueOrDefault(endpoint.Name) : endpoint;
    }, tests: 60, tiers: true);

    private static bool Says(IReadOnlyList<FlowChange> changes, Flow flow) => changes.Any(change =>
        change.Families.Contains(flow.Family) && change.Ports.Any(range => range.Contains(flow.Probe))
            && Lists(change.From, flow.From) && Lists(change.To, flow.To));

    private static bool Lists(IReadOnlyList<string> names, Endpoint endpoint) =>
        names.Any(name => endpoint is ExternalEndpoint outside
            ? IPNetwork.TryParse(name, out var network) && network.Contains(outside.Address)
            : name == endpoint.Name);
}
