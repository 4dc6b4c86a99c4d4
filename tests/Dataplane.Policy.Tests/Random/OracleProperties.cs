using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
namespace Dataplane.Policy.Tests;

/// <summary>
/// What must hold of any cluster whatever its policies say, so that the oracle is right beyond the written cases.
/// </summary>
public sealed class OracleProperties
{
    [Fact]
    public void The_order_of_policies_rules_peers_and_ports_is_irrelevant() => Same(given => given.Cluster with
    {
        NetworkPolicies = [.. given.Cluster.NetworkPolicies.Reverse().Select(policy => Rules(policy, rules =>
            [.. rules.Reverse()
                .Select(rule => rule with { Peers = [.. rule.Peers.Reverse()], Ports = [.. rule.Ports.Reverse()] })]))],
    });

    [Fact]
    public void A_policy_is_the_sum_of_its_rules() => Same(given => given.Cluster with
    {
        NetworkPolicies = [.. given.Cluster.NetworkPolicies.SelectMany(OnePolicyPerRule)],
    });

    [Fact]
    public void A_rule_is_the_sum_of_its_peers_times_its_ports() =>
        Same(given => Rewrite(given.Cluster, (_, rules) => [.. rules.SelectMany(Singles)]));

    [Fact]
    public void A_range_is_the_sum_of_its_parts() => Same(given => Rewrite(given.Cluster, (_, rules) =>
        [.. rules.Select(rule => rule with { Ports = [.. rule.Ports.SelectMany(Halves)] })]));

    [Fact]
    public void A_block_is_the_sum_of_its_halves() => Same(given => Rewrite(given.Cluster, (_, rules) =>
        [.. rules.Select(rule => rule with { Peers = [.. rule.Peers.SelectMany(Halves)] })]));

    [Fact]
    public void Another_rule_never_closes_anything() => Implies(given => Rewrite(given.Cluster, (policy, rules) =>
        [Other(given).NetworkPolicies.SelectMany(other => other.Ingress.Concat(other.Egress))
            .FirstOrDefault() ?? Rule.Everything, .. rules]));

    [Fact]
    public void Another_policy_on_pods_that_are_isolated_already_never_closes_anything() =>
        Implies(given => given.Cluster with
        {
            NetworkPolicies =
            [
                .. given.Cluster.NetworkPolicies.Select(policy => policy with
                {
                    Name = "more-" + policy.Name, Ingress = policy.Egress, Egress = policy.Ingress,
                }),
                .. given.Cluster.NetworkPolicies,
            ],
        });

    [Fact]
    public void A_policy_without_rules_never_opens_anything() => Implies(
        given => given.Cluster,
        given => given.Cluster with
        {
            NetworkPolicies = [.. given.Cluster.NetworkPolicies,
                .. Other(given).NetworkPolicies.Select(policy => Rules(policy, _ => []))],
        });

    [Fact]
    public void Without_its_exceptions_a_block_only_opens() => Implies(given => Rewrite(given.Cluster, (_, rules) =>
        [.. rules.Select(rule => rule with
        {
            Peers = [.. rule.Peers.Select(
                peer => peer with { IpBlock = peer.IpBlock is { } block ? block with { Except = [] } : null })],
        })]));

    [Fact]
    public void Labels_mean_nothing_but_their_equality() => RandomCase.ForAll(given =>
    {
        var renamed = LabelRenaming.Apply(given.Cluster);
        return RandomCluster.Flows(given.Cluster)
            .Zip(RandomCluster.Flows(renamed))
            .All(pair => Allowed(given.Cluster, pair.First) == Allowed(renamed, pair.Second));
    }, tiers: true);

    [Fact]
    public void The_families_agree_where_no_rule_names_an_address() => RandomCase.ForAll(given =>
    {
        var cluster = Rewrite(given.Cluster,
            (_, rules) => [.. rules.Where(rule => rule.Peers.All(peer => peer.IpBlock is null))]);
        return RandomCluster.Flows(cluster)
            .Where(flow => flow.Family == AddressFamily.InterNetwork && HasIPv6(flow.From) && HasIPv6(flow.To))
            .All(flow =>
                Allowed(cluster, flow) == Allowed(cluster, flow with { Family = AddressFamily.InterNetworkV6 }));

        static bool HasIPv6(Endpoint endpoint) => endpoint.AddressIn(AddressFamily.InterNetworkV6) is not null;
    });

    [Fact]
    public void A_side_depends_on_the_policies_of_its_own_pods_namespace_only() =>
        RandomCase.ForAll(given => RandomCluster.Flows(given.Cluster).All(flow =>
        {
            var verdict = Oracle.Evaluate(given.Cluster, flow);
            return Alone(flow.From).Leaving.Allowed == verdict.Leaving.Allowed
                && Alone(flow.To).Entering.Allowed == verdict.Entering.Allowed;

            Verdict Alone(Endpoint end) => Oracle.Evaluate(given.Cluster with
            {
                NetworkPolicies = [.. given.Cluster.NetworkPolicies.Where(policy => end is PodEndpoint pod
                    && policy.Namespace == pod.Pod.Namespace)],
            }, flow);
        }), tests: 40, tiers: true);

    [Fact]
    public void What_lets_ICMP_pass_lets_everything_pass() =>
        RandomCase.ForAll(given => RandomCluster.Flows(given.Cluster)
            .Where(flow => flow.Probe.Protocol != FlowProtocol.Icmp
                && Allowed(given.Cluster, flow with { Probe = new Probe(FlowProtocol.Icmp, 0) }))
            .All(flow => Allowed(given.Cluster, flow)));

    [Fact]
    public void Both_answers_are_common_in_random_clusters()
    {
        var verdicts = Enumerable.Range(0, 50).Select(seed => RandomCluster.Generate(seed, 6))
            .SelectMany(cluster => RandomCluster.Flows(cluster).Select(flow => Oracle.Evaluate(cluster, flow)))
            .ToList();
        var sides = verdicts.SelectMany(verdict => new[] { verdict.Leaving, verdict.Entering }).ToList();
        Assert.All(Enum.GetValues<SideBasis>()
            .Where(basis => basis is not (SideBasis.RuleDenies or SideBasis.Nobody)),
            basis => Assert.InRange(sides.Count(side => side.Basis == basis), sides.Count / 1000, sides.Count));
        Assert.InRange(verdicts.Count(verdict => !verdict.Allowed), verdicts.Count / 10, verdicts.Count / 2);
    }

    private static void Same(Func<RandomCase, Cluster> change) => RandomCase.ForAll(given =>
    {
        var changed = change(given);
        return RandomCluster.Flows(given.Cluster).All(flow => Allowed(given.Cluster, flow) == Allowed(changed, flow));
    }, tiers: true);

    /// <summary>Every flow allowed before the change is allowed after it.</summary>
    private static void Implies(Func<RandomCase, Cluster> after) => Implies(after, given => given.Cluster);

    private static void Implies(Func<RandomCase, Cluster> wider, Func<RandomCase, Cluster> narrower) =>
        RandomCase.ForAll(given =>
        {
            var (wide, narrow) = (wider(given), narrower(given));
            return RandomCluster.Flows(given.Cluster).All(flow => !Allowed(narrow, flow) || Allowed(wide, flow));
        });

    private static bool Allowed(Cluster cluster, Flow flow) => Oracle.Evaluate(cluster, flow).Allowed;

    private static Cluster Other(RandomCase given) => RandomCluster.Generate(given.Seed ^ 1, 6);

    private static Cluster Rewrite(Cluster cluster,
        Func<NetworkPolicyObject, IReadOnlyList<NetworkPolicyRule>, IReadOnlyList<NetworkPolicyRule>> change) =>
        cluster with
        {
            NetworkPolicies =
                [.. cluster.NetworkPolicies.Select(policy => Rules(policy, rules => change(policy, rules)))],
        };

    private static NetworkPolicyObject Rules(NetworkPolicyObject policy,
        Func<IReadOnlyList<NetworkPolicyRule>, IReadOnlyList<NetworkPolicyRule>> change) =>
        policy with { Ingress = change(policy.Ingress), Egress = change(policy.Egress) };

    private static IEnumerable<NetworkPolicyObject> OnePolicyPerRule(NetworkPolicyObject policy) =>
    [
        Rules(policy, _ => []),
        .. policy.Ingress.Select(
            (rule, index) => policy with { Name = $"{policy.Name}-in{index}", Ingress = [rule], Egress = [] }),
        .. policy.Egress.Select(
            (rule, index) => policy with { Name = $"{policy.Name}-out{index}", Ingress = [], Egress = [rule] }),
    ];

    private static IEnumerable<NetworkPolicyRule> Singles(NetworkPolicyRule rule) =>
        from peers in rule.Peers.Count == 0 ? [[]] : rule.Peers.Select(peer => new[] { peer })
        from ports in rule.Ports.Count == 0 ? [[]] : rule.Ports.Select(port => new[] { port })
        select rule with { Peers = peers, Ports = ports };

    private static IEnumerable<NetworkPolicyPort> Halves(NetworkPolicyPort port)
    {
        if (port is not { Port: { } first, EndPort: { } last } || first == last)
        {
            return [port];
        }
        var middle = (ushort)((first + last) / 2);
        return [port with { EndPort = middle }, port with { Port = (ushort)(middle + 1) }];
    }

    /// <summary>
    /// An exception lies in one half, or is one: that half then matches nothing, and is kept so that the rule keeps a
    /// peer.
    /// </summary>
    private static IEnumerable<NetworkPolicyPeer> Halves(NetworkPolicyPeer peer)
    {
        if (peer.IpBlock is not { Cidr: var cidr, Except: var except }
            || cidr.PrefixLength == cidr.BaseAddress.GetAddressBytes().Length * 8)
        {
            return [peer];
        }
        var upper = cidr.BaseAddress.GetAddressBytes();
        upper[cidr.PrefixLength / 8] |= (byte)(0x80 >> (cidr.PrefixLength % 8));
        return new[] { cidr.BaseAddress, new IPAddress(upper) }
            .Select(start => new IPNetwork(start, cidr.PrefixLength + 1))
            .Select(half => peer with
            {
                IpBlock = new IpBlock(half, [.. except.Where(hole => half.Contains(hole.BaseAddress))], peer.Position),
            });
    }
}
