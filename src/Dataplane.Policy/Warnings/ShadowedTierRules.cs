using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// S017 in cluster-wide policies: a rule that is never asked, because one before it matches all that it could. Here the
/// first match decides, so the order is the meaning.
/// </summary>
internal static class ShadowedTierRules
{
    /// <summary>
    /// Maximum number of rules of other policies that are kept for comparison. Only rules for all ports are kept:
    /// others rarely cover a whole rule.
    /// </summary>
    private const int MaxWide = 64;

    private readonly record struct Earlier(TierPolicyObject Policy, TierRule Rule);

    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        foreach (var tier in (PolicyTier[])[PolicyTier.Admin, PolicyTier.Baseline])
        {
            var policies = scene.Cluster.Tier(tier).ToList();
            foreach (var direction in Scene.Directions)
            {
                var wide = new List<Earlier>();
                foreach (var policy in policies)
                {
                    var rules = policy.Rules(direction);
                    for (var i = 0; i < rules.Count; i++)
                    {
                        if (Shadow(policy, rules, i, wide) is { } earlier)
                        {
                            yield return Warn(policy, rules[i], earlier, direction);
                        }
                    }
                    wide.AddRange(rules.Where(r => r.Ports.Count == 0).Take(Math.Max(0, MaxWide - wide.Count))
                        .Select(r => new Earlier(policy, r)));
                }
            }
        }
    }

    private static Earlier? Shadow(TierPolicyObject policy, IReadOnlyList<TierRule> rules, int index,
        List<Earlier> wide)
    {
        for (var i = 0; i < index; i++)
        {
            if (Containment.Covers(rules[i], rules[index]))
            {
                return new Earlier(policy, rules[i]);
            }
        }
        foreach (var earlier in wide)
        {
            // Which of two policies of one priority is asked first, the API leaves open.
            if (earlier.Policy.Priority < policy.Priority && Containment.Covers(earlier.Policy.Subject, policy.Subject)
                && Containment.Covers(earlier.Rule, rules[index]))
            {
                return earlier;
            }
        }
        return null;
    }

    private static Diagnostic Warn(TierPolicyObject policy, TierRule rule, Earlier earlier, Direction direction)
    {
        var same = earlier.Policy == policy;
        var name = rule.RuleName is { } own ? $" `{own}`" : "";
        return Scene.Warning(SemanticCodes.ShadowedRule,
            $"{direction.Text()} rule{name} of `{policy.Name}` is never asked", rule.Position, 1,
            $"says {rule.Action}",
            "the first rule that matches decides: "
            + $"{(same ? "an earlier one" : $"one of `{earlier.Policy.Name}` (priority {earlier.Policy.Priority})")} "
            + $"says {earlier.Rule.Action} to all of it",
            same ? "move the rule up, or remove it"
                : $"give `{policy.Name}` a priority below {earlier.Policy.Priority}, or remove the rule") with
        {
            Related = new RelatedPlace(earlier.Rule.Position, 1, "matches first"),
        };
    }
}
