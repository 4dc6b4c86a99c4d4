using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;
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
        var who = own is null
            ? "no pod" : pods.Count == 1 ? $"`{pods[0].FullName}` does not" : "none of the pods it selects";
        var verb = own is not null && pods.Count == 1 ? "declare" : "declares";
        var (label, help, better) = Meant(scene, pods, name, protocol);
        return Scene.Warning(SemanticCodes.UnknownPortName,
            $"{who} {verb} a port named `{name}`{(protocol is { } p ? $" for {Text(p)}" : "")}", position, name.Length,
            label, "a named port without a container that declares it matches no packet at all", help) with
        {
            Fix = better is not null && scene.Text(position) is { } text && text.Has(position, name)
                ? new Fix(YamlText.Replace(position, name.Length, better)) : null,
        };
    }

    /// <summary>What the name was probably to say; the third is what to write in its place, null for none.</summary>
    private static (string Label, string Help, string? Better) Meant(Scene scene, List<PodObject> pods, string name,
        TransportProtocol? protocol)
    {
        const string Declare = "name the port under `ports:` of the container, or give its number";
        var declared = pods.SelectMany(p => p.Ports).Where(d => d.Name is not null).ToList();
        if (declared.Find(d => d.Name == name) is { } other)
        {
            return ($"declared as {Text(other.Protocol)}", $"write `protocol: {Text(other.Protocol)}`", null);
        }
        foreach (var service in scene.Cluster.Services.Select(s => s.Object).Where(s => pods.Exists(s.Selects)))
        {
            if (service.Ports.FirstOrDefault(p => p.Name == name && p.Target != name
                && (protocol is null || p.Protocol == protocol)) is { } port)
            {
                return ($"Service `{service.FullName}` calls it so, and leads to {port.Target} of its pods",
                    $"write `port: {port.Target}`: policies are about the ports of pods", port.Target);
            }
        }
        var same = declared.Where(d => protocol is null || d.Protocol == protocol).Select(d => d.Name!);
        return Suggest.Nearest(name, same.Distinct(StringComparer.Ordinal)) is { } word
            ? ($"did you mean `{word}`?", $"write `port: {word}`, or {Declare}", word)
            : ("a name nobody has", Declare, null);
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
