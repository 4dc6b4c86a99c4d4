using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation.Sets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.NetworkPolicies;

/// <summary>Counts the NetworkPolicies that isolate each pod address in one direction.</summary>
internal sealed class Isolation(PodIndex pods, Direction direction)
{
    private readonly Dictionary<string, LabelIndex<NetworkPolicyObject>> _policies = [];
    private readonly List<int> _counts = [];

    /// <summary>Items whose isolation has changed. The caller clears it.</summary>
    public HashSet<int> Changed { get; } = [];

    public bool Includes(int item) => item < _counts.Count && _counts[item] > 0;

    public void Add(NetworkPolicyObject policy) => Count(policy, 1);

    public void Remove(NetworkPolicyObject policy) => Count(policy, -1);

    /// <summary>Adds an item, or updates it after its pod was replaced.</summary>
    public void Put(int item)
    {
        var pod = pods[item].Pod!.Pod;
        Set(item, _policies.GetValueOrDefault(pod.Namespace)?.For(pod.Labels)
            .Count(p => Selection.Matches(p.PodSelector, pod.Labels)) ?? 0);
    }

    public void Forget(int item)
    {
        Set(item, 0);
        Changed.Remove(item);
    }

    private void Count(NetworkPolicyObject policy, int by)
    {
        if (!policy.Isolates(direction)) return;
        if (!_policies.TryGetValue(policy.Namespace, out var policies))
            _policies[policy.Namespace] = policies = new LabelIndex<NetworkPolicyObject>();
        if (by > 0) policies.Add(policy, Selection.Needed(policy.PodSelector));
        else policies.Remove(policy, Selection.Needed(policy.PodSelector));
        foreach (var item in pods.Namespace(policy.Namespace)?.Items ?? [])
            if (Selection.Matches(policy.PodSelector, pods[item].Pod!.Pod.Labels)) Set(item, _counts[item] + by);
    }

    private void Set(int item, int count)
    {
        while (_counts.Count <= item) _counts.Add(0);
        if (_counts[item] > 0 != count > 0) Changed.Add(item);
        _counts[item] = count;
    }
}
