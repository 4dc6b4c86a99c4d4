using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// S017 in a NetworkPolicy: a rule that allows nothing that another rule of the same policy does not allow already.
/// Rules only add up, so a wide one makes the narrow ones beside it idle.
/// </summary>
internal static class ShadowedRules
{
    /// <summary>Pairs grow with the square; a policy with more rules is a generated one.</summary>
    private const int MaxRules = 200;

    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        foreach (var policy in scene.Cluster.NetworkPolicies)
        {
            foreach (var direction in Scene.Directions.Where(policy.Isolates))
            {
                var rules = policy.Rules(direction);
                for (var i = 0; rules.Count <= MaxRules && i < rules.Count; i++)
                {
                    if (Shadow(rules, i) is { } wide)
                    {
                        yield return Warn(direction, rules, i, wide);
                    }
                }
            }
        }
    }

    /// <summary>A rule that covers this one; of two equal ones the first covers the second.</summary>
    private static int? Shadow(IReadOnlyList<NetworkPolicyRule> rules, int narrow)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            if (i != narrow && Containment.Covers(rules[i], rules[narrow])
                && (i < narrow || !Containment.Covers(rules[narrow], rules[i])))
            {
                return i;
            }
        }
        return null;
    }

    private static Diagnostic Warn(Direction direction, IReadOnlyList<NetworkPolicyRule> rules, int narrow, int wide)
    {
        var everything = rules[wide] is { Peers.Count: 0, Ports.Count: 0 };
        var peers = direction.PeersField();
        return Scene.Warning(SemanticCodes.ShadowedRule,
            $"{direction.Text()} rule {narrow + 1} allows nothing that rule {wide + 1} does not allow already",
            rules[narrow].Position, 1, "changes nothing",
            everything
                ? $"a rule without `{peers}` and `ports` allows ALL peers on ALL ports: the others narrow nothing"
                : "rules add up; none narrows another",
            everything ? "remove the wide rule if it is not meant"
                : "remove the rule, or the wider one if that is not meant") with
        {
            Related = new RelatedPlace(rules[wide].Position, 1, everything ? "allows everything" : "allows all of it"),
        };
    }
}
