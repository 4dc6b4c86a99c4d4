using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// S020: two policies of one tier and priority about the same pods in the same direction, with actions that differ. The
/// API leaves open which is asked first; here it is the one whose name comes first.
/// </summary>
internal static class EqualPriorities
{
    private const string Field = "priority";

    /// <summary>Policies of one priority that are compared with each other: pairs grow with the square.</summary>
    private const int MaxCompared = 200;

    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        foreach (var group in scene.Cluster.TierPolicies.GroupBy(p => (p.Tier, p.Priority)))
        {
            var policies = group.OrderBy(p => p.Name, StringComparer.Ordinal).Take(2 * MaxCompared).ToList();
            for (var i = 1; i < policies.Count; i++)
            {
                // Of several policies with one priority each is reported once, beside one other.
                if (policies.Take(Math.Min(i, MaxCompared))
                    .FirstOrDefault(p => Clash(scene, p, policies[i])) is { } first)
                {
                    yield return Scene.Warning(SemanticCodes.EqualPriorities,
                        $"`{policies[i].Name}` and `{first.Name}` both have priority {first.Priority} in the "
                            + $"{first.Tier} tier", policies[i].PriorityPosition, Field.Length,
                        "asked second here, by name",
                        "they are about the same pods, and which is asked first is undefined: another cluster may "
                        + "decide the other way",
                        "give one of them another priority") with
                    {
                        Related = new RelatedPlace(first.PriorityPosition, Field.Length, "asked first here"),
                    };
                }
            }
        }
    }

    private static bool Clash(Scene scene, TierPolicyObject a, TierPolicyObject b)
        => (Differ(a.Ingress, b.Ingress) || Differ(a.Egress, b.Egress))
           && !scene.Subjects(a).Clone().IntersectWith(scene.Subjects(b)).IsEmpty;

    private static bool Differ(IReadOnlyList<TierRule> a, IReadOnlyList<TierRule> b)
        => a.Any(x => b.Any(y => x.Action != y.Action));
}
