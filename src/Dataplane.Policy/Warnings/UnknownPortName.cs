using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Warnings;

/// <summary>S016: a named port that none of the pods it could stand for declares: it matches no packet.</summary>
internal static class UnknownPortName
{
    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        if (!scene.HasPods)
        {
            yield break;
        }
        var everybody = new Lazy<List<PodObject>>(() => [.. scene.PodsOf(scene.Space.Everything)]);
        foreach (var policy in scene.Cluster.NetworkPolicies)
        {
            foreach (var direction in Scene.Directions)
            {
                foreach (var port in policy.Rules(direction).SelectMany(r => r.Ports).Where(p => p.Name is not null))
                {
                    if (Check(scene, policy, direction, port.Name!, port.Protocol, port.Position,
                        everybody) is { } found)
                    {
                        yield return found;
                    }
                }
            }
        }
        foreach (var policy in scene.Cluster.TierPolicies)
        {
            foreach (var direction in Scene.Directions)
            {
                foreach (var port in policy.Rules(direction).SelectMany(r => r.Ports).Where(p => p.Name is not null))
                {
                    if (Check(scene, policy, direction, port.Name!, port.Protocol, port.Position,
                        everybody) is { } found)
                    {
                        yield return found;
                    }
                }
            }
        }
    }

    private static Diagnostic? Check(Scene scene, KubernetesObject policy, Direction direction, string name,
        TransportProtocol? protocol,
        SourcePosition position, Lazy<List<PodObject>> everybody)
    {
        // The name is looked up at the destination: the pods of the policy for ingress, any pod for egress.
        var own = direction == Direction.Ingress ? scene.Subjects(policy) : null;
        var unseen = own is not null && policy.Namespace.Length > 0
            ? scene.Unseen.PodsIn(policy.Namespace) : scene.Unseen.AnyPods;
        if (unseen || own is { IsEmpty: true } || IsDeclared(scene, own, name, protocol))
        {
            return null;
        }
        var pods = own is null ? everybody.Value : [.. scene.PodsOf(own)];
        var declared = pods.SelectMany(p => p.Ports).Where(d => d.Name is not null).ToList();
        var near = declared.Find(d => d.Name == name) is { } other ? $"declared as {Text(other.Protocol)}"
            : Suggest.Nearest(name, declared.Select(d => d.Name!).Distinct(StringComparer.Ordinal)) is { } word
                ? $"did you mean `{word}`?" : null;
        var who = own is null
            ? "no pod" : pods.Count == 1 ? $"`{pods[0].FullName}` does not" : "none of the pods it selects";
        var verb = own is not null && pods.Count == 1 ? "declare" : "declares";
        return Scene.Warning(SemanticCodes.UnknownPortName,
            $"{who} {verb} a port named `{name}`{(protocol is { } p ? $" for {Text(p)}" : "")}", position, name.Length,
            near ?? "a name nobody has",
            "a named port without a container that declares it matches no packet at all",
            "name the port under `ports:` of the container, or give its number");
    }

    /// <param name="among">The pods that count; null for all.</param>
    private static bool IsDeclared(Scene scene, AddressSet? among, string name, TransportProtocol? protocol)
    {
        foreach (var each in protocol is { } one ? [one] : Enum.GetValues<TransportProtocol>())
        {
            foreach (var (_, pods) in scene.Space.WithNamedPort(each, name))
            {
                if (among is null || !pods.Clone().IntersectWith(among).IsEmpty)
                {
                    return true;
                }
            }
        }
        return false;
    }

    private static string Text(TransportProtocol protocol) => protocol.ToFlowProtocol().Text();
}
