using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Why;

/// <summary>Prints one side by tier, in order of evaluation: Admin, NetworkPolicy, Baseline.</summary>
internal static class WhyTiers
{
    /// <param name="policies">Writes the result of the NetworkPolicies.</param>
    public static void Write(Printer output, SideVerdict side, Action policies)
    {
        var tier = side.DecidedBy?.Tier;
        var admin = tier == PolicyTier.Admin ? Rule(side.DecidedBy!.Value)
            : side.PassedBy is { } passing ? Rule(passing)
            : "no rule matches";
        output.WriteLine($"   Admin          {admin}");
        output.WriteLine($"   NetworkPolicy  {NetworkPolicies(side)}");
        policies();
        output.WriteLine($"   Baseline       {Baseline(side)}");
    }

    private static string Baseline(SideVerdict side) => side switch
    {
        { DecidedBy: { Tier: PolicyTier.Baseline } rule } => Rule(rule),
        { DecidedBy.Tier: PolicyTier.Admin } or { IsolatedBy.Count: > 0 } => "not asked",
        { Basis: SideBasis.NodeTraffic } => "does not deny it",
        _ => "no rule matches",
    };

    private static string NetworkPolicies(SideVerdict side) => side switch
    {
        { DecidedBy.Tier: PolicyTier.Admin } => "not asked",
        { Basis: SideBasis.NodeTraffic } => "none keeps a pod from its node",
        { IsolatedBy.Count: 0 } => $"none isolates it for {side.Direction.Text()}",
        _ => side.Allowed ? "decides: a rule allows it" : "decides: no rule allows it",
    };

    /// <summary>The rule's action, its policy and its position.</summary>
    private static string Rule(RuleReference rule)
    {
        var policy = (TierPolicyObject)rule.Policy.Policy;
        var name = rule.RuleName is { } given ? $" \"{given}\"" : "";
        // A BaselineAdminNetworkPolicy has no priority of its own.
        var priority = policy.Priority <= HighestPriority ? $", priority {policy.Priority}" : "";
        var action = rule.Action switch { TierAction.Accept => "Accept", TierAction.Deny => "Deny", _ => "Pass" };
        return $"{action}: {policy.Kind} {policy.Name}{priority}  {WhyText.At(rule.Position)}  {rule.Direction.Text()} "
            + $"rule {rule.Index + 1}{name}";
    }

    private const int HighestPriority = 1000;
}
