using Dataplane.Policy.Diff;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Tests;

/// <summary>
/// If a change is said not to tighten, every flow between endpoints that stay and that was allowed is still allowed:
/// compared with the oracle. And it says so where it matters: otherwise every change would be judged again for nothing.
/// </summary>
public sealed class TighteningTests
{
    [Fact]
    public void One_policy_less() =>
        Sound(given => given.Cluster with { NetworkPolicies = [.. given.Cluster.NetworkPolicies.Skip(1)] });

    [Fact]
    public void One_policy_more() => Sound(given => given.Cluster with
    {
        NetworkPolicies = [.. given.Cluster.NetworkPolicies,
            .. Other(given).NetworkPolicies.Take(1).Select(policy => policy with { Name = "another" })],
    });

    [Fact]
    public void Rules_of_another_policy_behind_those_of_one() => Sound(given => given.Cluster with
    {
        NetworkPolicies = [.. given.Cluster.NetworkPolicies.Select((policy, i) => i > 0 ? policy : policy with
        {
            Ingress = [.. policy.Ingress, .. Other(given).NetworkPolicies.SelectMany(other => other.Ingress).Take(1)],
            Egress = [.. policy.Egress, .. Other(given).NetworkPolicies.SelectMany(other => other.Egress).Take(1)],
        })],
    });

    [Fact]
    public void Other_rules_in_one_policy() => Sound(given => given.Cluster with
    {
        NetworkPolicies = [.. given.Cluster.NetworkPolicies.Select((policy, i) => i > 0 ? policy : policy with
        {
            Ingress = policy.Egress, Egress = policy.Ingress,
        })],
    });

    [Fact]
    public void Other_policies() =>
        Sound(given => given.Cluster with { NetworkPolicies = Other(given).NetworkPolicies });

    [Fact]
    public void Other_tier_policies() =>
        Sound(given => given.Cluster with { TierPolicies = Other(given).TierPolicies });

    [Fact]
    public void Other_namespaces() => Sound(given => given.Cluster with { Namespaces = Other(given).Namespaces });

    [Fact]
    public void One_pod_less() => Sound(given => given.Cluster with { Pods = [.. given.Cluster.Pods.Skip(1)] });

    [Fact]
    public void Pods_that_are_not_what_they_were() => Sound(given =>
    {
        var others = Other(given).Pods;
        return given.Cluster with
        {
            Pods = [.. given.Cluster.Pods.Select((pod, i) => i >= others.Count ? pod
                : pod with { Pod = pod.Pod with { Labels = others[i].Pod.Labels, Ports = others[i].Pod.Ports } })],
        };
    });

    [Fact]
    public void What_is_looked_at_decides_as_if_everything_were() => RandomCase.ForAll(given =>
    {
        var random = new Random(given.Seed);
        var (cluster, other) = (given.Cluster, Other(given));
        for (var step = 0; step < 20; step++)
        {
            var next = Step(cluster, other, random);
            Assert.Equal(WholeTightening.May(cluster, next), Tightening.May(cluster, next));
            cluster = next;
        }
        return true;
    }, tests: 60, tiers: true);

    [Fact]
    public void A_pod_that_comes_or_goes_cuts_nobody()
    {
        Assert.False(Tightening.May(Two().Cluster, Two().Pod("x/c").Cluster));
        Assert.False(Tightening.May(Two().Pod("x/c").Cluster, Two().Cluster));
        // With a policy of its own.
        Assert.False(
            Tightening.May(Two().Cluster, Two().Pod("x/c", "app=c").Policy("x/c", "app=c", ingress: []).Cluster));
    }

    /// <summary>A policy judges the packet behind a Service: nobody's verdict is another one.</summary>
    [Fact]
    public void What_becomes_of_Services_and_their_endpoints_tightens_nothing()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new RandomServices(seed);
            var (one, other) = (random.On(RandomCluster.Generate(seed, 6)), random.On(RandomCluster.Generate(seed, 6)));
            // The pods are the same but for their state.
            Assert.False(Tightening.May(one, other with { NodeName = one.NodeName }));
        }
    }

    [Fact]
    public void A_policy_tightens_where_it_isolates_and_opens_where_it_goes()
    {
        var isolated = Two().Policy("x/b", "app=b", ingress: []).Cluster;
        Assert.True(Tightening.May(Two().Cluster, isolated));
        Assert.False(Tightening.May(isolated, Two().Cluster));
        // Isolated already: another policy only allows more.
        var more = Two()
            .Policy("x/b", "app=b", ingress: [])
            .Policy("x/more", "app=b", ingress: [Rule.Everything]).Cluster;
        Assert.False(Tightening.May(isolated, more));
        Assert.True(Tightening.May(more, isolated));
        // Nobody's.
        Assert.False(Tightening.May(Two().Cluster, Two().Policy("x/none", "app=none", ingress: []).Cluster));
    }

    [Fact]
    public void More_rules_only_open_and_fewer_do_not()
    {
        var (few, many) = (Two().Policy("x/b", "app=b", ingress: [Rule.Of([], ["TCP 80"])]).Cluster,
            Two().Policy("x/b", "app=b", ingress: [Rule.Of([], ["TCP 80"]), Rule.Of([], ["TCP 81"])]).Cluster);
        Assert.False(Tightening.May(few, many));
        Assert.True(Tightening.May(many, few));
    }

    [Fact]
    public void Without_its_isolation_a_pod_is_the_Baseline_tiers()
    {
        var isolated = Baseline().Policy("x/b", "app=b", ingress: [Rule.Everything]).Cluster;
        Assert.True(Oracle.Evaluate(isolated, new Flow(isolated.Pods[0], isolated.Pods[1],
            new Probe(FlowProtocol.Tcp, 80), System.Net.Sockets.AddressFamily.InterNetwork)).Allowed);
        Assert.True(Tightening.May(isolated, Baseline().Cluster));
    }

    [Fact]
    public void A_new_label_may_tighten_and_a_moved_object_does_not()
    {
        Assert.True(Tightening.May(Two().Cluster,
            new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=other").Cluster));
        Assert.True(Tightening.May(Two().Cluster,
            new Lab().Namespace("x", "team=red").Pod("x/a", "app=a").Pod("x/b", "app=b").Cluster));
        // The same on other lines of the file.
        Assert.False(Tightening.May(Two().Policy("x/b", "app=b", ingress: []).Cluster,
            new Lab().Namespace("y").Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b")
            .Policy("x/b", "app=b", ingress: []).Cluster));
    }

    /// <summary>
    /// One or two objects come, go, change, or are only read once more; pods with other addresses too.
    /// </summary>
    private static Cluster Step(Cluster cluster, Cluster other, Random random)
    {
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            cluster = random.Next(5) switch
            {
                0 => cluster with
                {
                    Pods = Change(cluster.Pods, [.. other.Pods.Where(o => cluster.Pods.All(p => p.Name != o.Name))],
                        random, pod => random.Next(4) switch
                {
                    0 => pod with
                    {
                        Pod = pod.Pod with { Labels = other.Pods[random.Next(other.Pods.Count)].Pod.Labels },
                    },
                    1 => pod with { IPv4 = System.Net.IPAddress.Parse($"10.99.{random.Next(256)}.{random.Next(256)}") },
                    _ => pod with { Pod = pod.Pod with { } },
                })
                },
                1 => cluster with
                {
                    NetworkPolicies = Change(cluster.NetworkPolicies,
                        [.. other.NetworkPolicies.Select(p => p with { Name = $"other-{random.Next()}" })], random,
                        policy => random.Next(4) switch
                {
                    0 => policy with
                    {
                        Ingress = [.. policy.Ingress, .. other.NetworkPolicies.SelectMany(o => o.Ingress).Take(1)],
                    },
                    1 => policy with { Ingress = policy.Egress },
                    2 => policy with { PodSelector = other.NetworkPolicies.Select(o => o.PodSelector)
                        .FirstOrDefault(policy.PodSelector) },
                    _ => policy with { },
                })
                },
                2 => cluster with
                {
                    TierPolicies = Change(cluster.TierPolicies,
                        other.TierPolicies.Where(o => cluster.TierPolicies.All(p => p.FullName != o.FullName)), random,
                        policy => policy with { }),
                },
                3 => cluster with { Namespaces =
                    cluster.Namespaces.ToDictionary(n => n.Key, n => random.Next(3) > 0 ? n.Value : n.Value with { }) },
                _ => cluster with { Namespaces = cluster.Namespaces.Where(_ => random.Next(3) > 0)
                    .Concat(other.Namespaces).DistinctBy(n => n.Key).ToDictionary() },
            };
        }
        return cluster;
    }

    private static IReadOnlyList<T> Change<T>(IReadOnlyList<T> all, IEnumerable<T> others, Random random,
        Func<T, T> changed)
    {
        var at = random.Next(all.Count + 1);
        return random.Next(3) switch
        {
            0 => [.. all.Take(at), .. others.Take(1), .. all.Skip(at)],
            1 => [.. all.Take(at), .. all.Skip(at + 1)],
            _ => [.. all.Take(at), .. all.Skip(at).Take(1).Select(changed), .. all.Skip(at + 1)],
        };
    }

    private static Lab Two() => new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b");

    private static Lab Baseline() => Two().Baseline(ingress: [TierRules.Deny(TierRules.Namespaces())]);

    private static Cluster Other(RandomCase given) => RandomCluster.Generate(given.Seed ^ 1, 6, tiers: true);

    private static void Sound(Func<RandomCase, Cluster> change) => RandomCase.ForAll(given =>
    {
        var after = change(given);
        var may = Tightening.May(given.Cluster, after);
        Assert.Equal(WholeTightening.May(given.Cluster, after), may);
        if (may) return true;
        var now = after.Pods.ToDictionary(pod => pod.Name, Endpoint (pod) => pod);
        return RandomCluster.Flows(given.Cluster).Where(flow => Stays(flow.From) && Stays(flow.To)).All(flow =>
            !Oracle.Evaluate(given.Cluster, flow).Allowed
                || Oracle.Evaluate(after, flow with { From = At(flow.From), To = At(flow.To) }).Allowed);

        bool Stays(Endpoint end) => end is not PodEndpoint || now.ContainsKey(end.Name);

        Endpoint At(Endpoint end) => end is PodEndpoint ? now[end.Name] : end;
    }, tests: 60, tiers: true);
}
