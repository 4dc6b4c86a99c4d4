using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Tests;

/// <summary>What must hold of the Admin and Baseline tiers in any cluster.</summary>
public sealed class TierProperties
{
    [Fact]
    public void The_order_of_the_objects_is_irrelevant() => Same(given => given.Cluster with
    {
        TierPolicies = [.. given.Cluster.TierPolicies.Reverse()],
        NetworkPolicies = [.. given.Cluster.NetworkPolicies.Reverse()],
    });

    [Fact]
    public void Priorities_mean_nothing_but_their_order() =>
        Same(given => Each(given, policy => policy with { Priority = policy.Priority * 7 + 3 }));

    [Fact]
    public void A_rule_is_the_sum_of_its_peers_times_its_ports() => Same(given => Each(given, policy => policy with
    {
        Ingress = [.. policy.Ingress.SelectMany(Singles)],
        Egress = [.. policy.Egress.SelectMany(Singles)],
    }));

    [Fact]
    public void A_policy_is_its_rules_one_after_another() => Same(given => given.Cluster with
    {
        TierPolicies = [.. given.Cluster.TierPolicies.SelectMany(OnePolicyPerRule)],
    });

    [Fact]
    public void A_policy_for_nobody_is_no_policy() => Same(given => given.Cluster with
    {
        TierPolicies =
        [
            .. given.Cluster.TierPolicies.Select(policy => policy with
            {
                Name = "0" + policy.Name, Priority = 0, Subject = policy.Subject with { PodSelector = Nothing },
            }),
            .. given.Cluster.TierPolicies,
        ],
    });

    [Fact]
    public void After_a_rule_that_matches_everything_nothing_matters() => Same(
        given => Each(given, policy => policy with { Ingress = [.. policy.Ingress, Everything(TierAction.Pass)] },
            PolicyTier.Admin),
        given => Each(given, policy => policy with
        {
            Ingress = [.. policy.Ingress, Everything(TierAction.Pass), Everything(TierAction.Deny)],
        }, PolicyTier.Admin));

    [Fact]
    public void A_flow_that_is_passed_is_judged_as_if_there_were_no_admin_tier() =>
        Sides(given => given.Cluster, (given, flow, side) =>
        {
            if (side.PassedBy is null)
            {
                return true;
            }
            var without = Of(given.Cluster with { TierPolicies = [.. given.Cluster.Tier(PolicyTier.Baseline)] }, flow,
                side.Direction);
            return side.Allowed == without.Allowed && side.Basis == without.Basis;
        });

    [Fact]
    public void Baseline_changes_no_pod_that_is_isolated() => Sides(given => given.Cluster, (given, flow, side) =>
    {
        var without =
            Of(given.Cluster with { TierPolicies = [.. given.Cluster.Tier(PolicyTier.Admin)] }, flow, side.Direction);
        return without.IsolatedBy.Count == 0 || without.Allowed == side.Allowed;
    });

    [Fact]
    public void An_admin_policy_moved_to_baseline_never_changes_an_isolated_pods_network_policies() => Sides(
        given => Each(given, policy => policy with { Tier = PolicyTier.Baseline }),
        (given, flow, side) => side.IsolatedBy.Count == 0
            || Of(given.Cluster with { TierPolicies = [] }, flow, side.Direction).Allowed == side.Allowed);

    [Fact]
    public void Only_rules_deny_where_no_network_policy_is() => Sides(
        given => given.Cluster with { NetworkPolicies = [] },
        (_, _, side) => side.Allowed || side is { Basis: SideBasis.RuleDenies, DecidedBy.Action: TierAction.Deny });

    [Fact]
    public void Deny_and_accept_swapped_swap_what_tiers_decide() => Sides(given => given.Cluster, (given, flow, side) =>
    {
        if (side.DecidedBy?.Tier is null)
        {
            return true;
        }
        var swapped = Of(Swapped(given), flow, side.Direction);
        return swapped.Allowed != side.Allowed;

        static Cluster Swapped(RandomCase given) => Each(given, policy => policy with
        {
            Ingress = [.. policy.Ingress.Select(Swap)],
            Egress = [.. policy.Egress.Select(Swap)],
        });
    });

    [Fact]
    public void Nothing_closes_the_way_from_the_node_or_from_a_pod_to_itself() =>
        Sides(given => given.Cluster, (_, flow, side) =>
            side.Allowed || (flow.From != flow.To && !flow.From.IsNodeTraffic()));

    [Fact]
    public void A_rule_that_accepts_first_opens_its_side() => Sides(
        given => given.Cluster with
        {
            TierPolicies = [.. given.Cluster.TierPolicies, Open(given.Cluster.TierPolicies)],
        },
        (_, flow, side) => side.Allowed || flow.From is ExternalEndpoint || flow.To is ExternalEndpoint
            || flow.To.IsNodeTraffic());

    [Fact]
    public void Random_tiers_decide_often_and_every_way()
    {
        var sides = Enumerable.Range(0, 60).Select(seed => RandomCluster.Generate(seed, 6, tiers: true))
            .SelectMany(cluster => RandomCluster.Flows(cluster).Select(flow => Oracle.Evaluate(cluster, flow)))
            .SelectMany(verdict => new[] { verdict.Leaving, verdict.Entering }).ToList();
        foreach (var tier in Enum.GetValues<PolicyTier>())
        {
            foreach (var action in new[] { TierAction.Accept, TierAction.Deny })
            {
                Assert.InRange(
                    sides.Count(side => side.DecidedBy is { } rule && rule.Tier == tier && rule.Action == action),
                    sides.Count / 200, sides.Count);
            }
        }
        Assert.InRange(sides.Count(side => side.PassedBy is not null), sides.Count / 100, sides.Count);
        Assert.InRange(sides.Count(side => side is { Basis: SideBasis.NoRuleAllows }), sides.Count / 50, sides.Count);
    }

    private static readonly LabelSelector Nothing = Selector.Of("app, !app");

    private static TierRule Everything(TierAction action) => TierRules.Of(action, [TierRules.Namespaces()], []);

    private static TierPolicyObject Open(IEnumerable<TierPolicyObject> others) => new(
        "ClusterNetworkPolicy", "0", new Dictionary<string, string>(), PolicyTier.Admin,
        others.Select(other => other.Priority).Prepend(1).Min() - 1,
        new TierSubject(Selector.Of("{}"), null, Selector.Nowhere), [Everything(TierAction.Accept)],
        [Everything(TierAction.Accept)], Selector.Nowhere);

    private static TierRule Swap(TierRule rule) => rule with
    {
        Action = rule.Action switch
        {
            TierAction.Accept => TierAction.Deny,
            TierAction.Deny => TierAction.Accept,
            var pass => pass,
        },
    };

    private static IEnumerable<TierRule> Singles(TierRule rule) =>
        from peer in rule.Peers
        from network in peer.Networks.Count == 0
            ? [peer]
            : peer.Networks.Select(network => peer with { Networks = [network] })
        from ports in rule.Ports.Count == 0 ? [[]] : rule.Ports.Select(port => new[] { port })
        select rule with { Peers = [network], Ports = ports };

    /// <summary>Under names that sort as the rules do, among policies of equal priority too.</summary>
    private static IEnumerable<TierPolicyObject> OnePolicyPerRule(TierPolicyObject policy) =>
    [
        .. policy.Ingress.Select(
            (rule, index) => policy with { Name = $"{policy.Name}-{index}", Ingress = [rule], Egress = [] }),
        .. policy.Egress.Select(
            (rule, index) => policy with { Name = $"{policy.Name}-{index}", Ingress = [], Egress = [rule] }),
    ];

    private static Cluster Each(RandomCase given, Func<TierPolicyObject, TierPolicyObject> change,
        PolicyTier? only = null) => given.Cluster with
        {
            TierPolicies = [.. given.Cluster.TierPolicies.Select(policy => only is null || policy.Tier == only
                ? change(policy)
                : policy)],
        };

    private static void Same(Func<RandomCase, Cluster> change) => Same(given => given.Cluster, change);

    private static void Same(Func<RandomCase, Cluster> one, Func<RandomCase, Cluster> other) =>
        RandomCase.ForAll(given =>
        {
            var (first, second) = (one(given), other(given));
            return RandomCluster.Flows(given.Cluster)
                .All(flow => Oracle.Evaluate(first, flow).Allowed == Oracle.Evaluate(second, flow).Allowed);
        }, tests: 60, tiers: true);

    private static void Sides(Func<RandomCase, Cluster> change, Func<RandomCase, Flow, SideVerdict, bool> holds) =>
        RandomCase.ForAll(given =>
        {
            var cluster = change(given);
            return RandomCluster.Flows(given.Cluster).All(flow =>
            {
                var verdict = Oracle.Evaluate(cluster, flow);
                return holds(given, flow, verdict.Leaving) && holds(given, flow, verdict.Entering);
            });
        }, tests: 60, tiers: true);

    private static SideVerdict Of(Cluster cluster, Flow flow, Direction side) =>
        Oracle.Evaluate(cluster, flow) is var verdict && side == Direction.Egress ? verdict.Leaving : verdict.Entering;
}
