using Dataplane.Policy.Model;
using Dataplane.Services.Pools;

namespace Dataplane.Services.Compilation;

/// <summary>The ports of the node that lead to pods, as they were compiled: each has a pool of one.</summary>
internal sealed class HostPorts(Shared shared)
{
    private readonly Dictionary<string, OwnedPools> _pods = [];

    public IEnumerable<Pool> Pools => _pods.Values.SelectMany(pools => pools.All);

    /// <summary>Pods that came, went or are described anew. The cost depends on those with such ports.</summary>
    public void Update(ListDelta<PodEndpoint> pods, Changes changes)
    {
        var come = pods.Added.Where(Has).ToDictionary(pod => pod.Name);
        foreach (var pod in pods.Removed.Where(pod => Has(pod) && !come.ContainsKey(pod.Name)))
        {
            if (!_pods.Remove(pod.Name, out var pools)) continue;
            pools.Want(pod.Name, [], changes);
        }
        foreach (var pod in come.Values)
        {
            if (!_pods.TryGetValue(pod.Name, out var pools)) _pods[pod.Name] = pools = new OwnedPools(shared);
            pools.Want(pod.Name, [.. FrontendPlan.Of(pod)], changes);
            foreach (var pool in pools.All)
            {
                var target = pod.Pod.HostPorts[pool.PortIndex].Target;
                pool.Recount();
                pool.Count(new BackendAddress(pod.Address(pool.Key.Family)!, target), BackendState.Ready, isLocal: true,
                    1);
                pool.Commit(shared.Backends, changes);
            }
        }
    }

    private static bool Has(PodEndpoint pod) => pod.Pod.HostPorts.Count > 0;
}
