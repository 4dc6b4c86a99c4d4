using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <summary>
/// Judges single flows without compiling: the oracle gets only the NetworkPolicies of the namespaces of the two ends,
/// since no other NetworkPolicy can select them.
/// </summary>
internal sealed class FlowJudge(Cluster cluster)
{
    private readonly Dictionary<(string?, string?), Cluster> _parts = [];
    private readonly Dictionary<Flow, bool> _verdicts = [];
    private ILookup<string, NetworkPolicyObject>? _policies;

    public bool Allows(Flow flow)
    {
        if (!_verdicts.TryGetValue(flow, out var allowed))
        {
            var part = Part(NamespaceOf(flow.From), NamespaceOf(flow.To));
            _verdicts[flow] = allowed = Oracle.Evaluate(part, flow).Allowed;
        }
        return allowed;
    }

    private static string? NamespaceOf(Endpoint endpoint) => (endpoint as PodEndpoint)?.Pod.Namespace;

    private Cluster Part(string? one, string? other)
    {
        if (_parts.TryGetValue((one, other), out var part)) return part;
        _policies ??= cluster.NetworkPolicies.ToLookup(p => p.Namespace);
        var namespaces = new[] { one, other }.OfType<string>().Distinct();
        return _parts[(one, other)] = cluster with
        {
            NetworkPolicies = [.. namespaces.SelectMany(name => _policies[name])],
        };
    }
}
