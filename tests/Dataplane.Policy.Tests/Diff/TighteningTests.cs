namespace Dataplane.Policy.Tests;

/// <summary>
/// Where a change is said not to tighten, whatever was allowed between endpoints that stay is allowed still: held against the oracle.
/// And it says so where it matters: otherwise every change would be judged again for nothing.
/// </summary>
public sealed class TighteningTests
{
    [Fact]
    public void One_policy_less() => Sound(given => given.Cluster with { NetworkPolicies = [.. given.Cluster.NetworkPolicies.Skip(1)] });

    [Fact]
    public void One_policy_more() => Sound(given => given.Cluster with
    {
        NetworkPolicies = [.. given.Cluster.NetworkPolicies, .. Other(given).NetworkPolicies.Take(1).Select(policy => policy with { Name = "another" })],
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
        NetworkPolicies = [.. given.Cluster.NetworkPolicies.Select((policy, i) => i > 0 ? policy : policy with { Ingress = policy.Egress, Egress = policy.Ingress })],
    });

    [Fact]
    public void Other_policies() => Sound(given => given.Cluster with { NetworkPolicies = Other(given).NetworkPolicies });

    [Fact]
    public void Other_tier_policies() => Sound(given => given.Cluster with { TierPolicies = Other(given).TierPolicies });

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
            Pods = [.. given.Cluster.Pods.Select((pod, i) => i >= others.Count ? pod : pod with { Pod = pod.Pod with { Labels = others[i].Pod.Labels, Ports = others[i].Pod.Ports } })],
        };
    });

    [Fact]
    public void A_pod_that_comes_or_goes_cuts_nobody()
    {
        Assert.False(Tightening.May(Two().Cluster, Two().Pod("x/c").Cluster));
        Assert.False(Tightening.May(Two().Pod("x/c").Cluster, Two().Cluster));
        // With a policy of its own.
        Assert.False(Tightening.May(Two().Cluster, Two().Pod("x/c", "app=c").Policy("x/c", "app=c", ingress: []).Cluster));
    }

    [Fact]
    public void A_policy_tightens_where_it_isolates_and_opens_where_it_goes()
    {
        var isolated = Two().Policy("x/b", "app=b", ingress: []).Cluster;
        Assert.True(Tightening.May(Two().Cluster, isolated));
        Assert.False(Tightening.May(isolated, Two().Cluster));
        // Isolated already: another policy only allows more.
        var more = Two().Policy("x/b", "app=b", ingress: []).Policy("x/more", "app=b", ingress: [Rule.Everything]).Cluster;
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
        Assert.True(Oracle.Evaluate(isolated, new Flow(isolated.Pods[0], isolated.Pods[1], new Probe(FlowProtocol.Tcp, 80), System.Net.Sockets.AddressFamily.InterNetwork)).Allowed);
        Assert.True(Tightening.May(isolated, Baseline().Cluster));
    }

    [Fact]
    public void A_new_label_may_tighten_and_a_moved_object_does_not()
    {
        Assert.True(Tightening.May(Two().Cluster, new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=other").Cluster));
        Assert.True(Tightening.May(Two().Cluster, new Lab().Namespace("x", "team=red").Pod("x/a", "app=a").Pod("x/b", "app=b").Cluster));
        // The same on other lines of the file.
        Assert.False(Tightening.May(Two().Policy("x/b", "app=b", ingress: []).Cluster, new Lab().Namespace("y").Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b")
            .Policy("x/b", "app=b", ingress: []).Cluster));
    }

    private static Lab Two() => new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b");

    private static Lab Baseline() => Two().Baseline(ingress: [TierRules.Deny(TierRules.Namespaces())]);

    private static Cluster Other(RandomCase given) => RandomCluster.Generate(given.Seed ^ 1, 6, tiers: true);

    private static void Sound(Func<RandomCase, Cluster> change) => RandomCase.ForAll(given =>
    {
        var after = change(given);
        if (Tightening.May(given.Cluster, after)) return true;
        var now = after.Pods.ToDictionary(pod => pod.Name, Endpoint (pod) => pod);
        return RandomCluster.Flows(given.Cluster).Where(flow => Stays(flow.From) && Stays(flow.To)).All(flow =>
            !Oracle.Evaluate(given.Cluster, flow).Allowed || Oracle.Evaluate(after, flow with { From = At(flow.From), To = At(flow.To) }).Allowed);

        bool Stays(Endpoint end) => end is not PodEndpoint || now.ContainsKey(end.Name);

        Endpoint At(Endpoint end) => end is PodEndpoint ? now[end.Name] : end;
    }, tests: 60, tiers: true);
}
