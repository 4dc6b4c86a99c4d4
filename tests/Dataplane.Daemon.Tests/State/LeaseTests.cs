using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Planning;

namespace Dataplane.Daemon.Tests.State;

public sealed class LeaseTests
{
    [Fact]
    public void A_pod_keeps_its_address_whatever_comes_before_it_in_the_alphabet()
    {
        var plan = Given.Start.Apply("a.yaml", Yaml.Pod("m", "x"));
        var before = AddressOf(plan, "x/m");
        Assert.Equal(before, AddressOf(plan.Apply("b.yaml", Yaml.Pod("a", "x")), "x/m"));
    }

    [Fact]
    public void A_freed_address_is_not_the_next_pods()
    {
        var plan = Given.Start.Apply("a.yaml", Yaml.Pod("a", "x"));
        var freed = AddressOf(plan, "x/a");
        plan = plan.Delete("Pod", "x/a").Apply("b.yaml", Yaml.Pod("b", "x"));
        Assert.NotEqual(freed, AddressOf(plan, "x/b"));
    }

    [Fact]
    public void At_the_end_of_the_network_the_search_begins_anew()
    {
        var small = new NodeOptions
        {
            PodNetworkIPv4 = System.Net.IPNetwork.Parse("10.1.0.0/29"),
            PodNetworkIPv6 = System.Net.IPNetwork.Parse("fd01::/64"),
        };
        var plan = Given.Start;
        // .0 is the network's, .1 the gateway's, .7 the broadcast address: five are left.
        var seen = new List<string?>();
        for (var i = 0; i < 12; i++)
        {
            plan = plan.After(
                StateChange.Apply(plan.State, Given.Documents("p.yaml", Yaml.Pod($"p{i}", "x")), prune: true), small);
            seen.Add(AddressOf(plan, $"x/p{i}"));
        }
        Assert.Equal(["10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5", "10.1.0.6", "10.1.0.2"], seen[..6]);
    }

    [Fact]
    public void A_network_without_a_free_address_is_full()
    {
        var small = new NodeOptions { PodNetworkIPv4 = System.Net.IPNetwork.Parse("10.1.0.0/30") };
        var documents = Given.Documents("p.yaml", Yaml.Pod("a", "x"), Yaml.Pod("b", "x"));
        Assert.Throws<RefusalException>(
            () => Given.Start.After(StateChange.Apply(Given.Start.State, documents, prune: false), small));
    }

    [Fact]
    public void Nobody_can_ask_for_what_another_pod_has()
    {
        var plan = Given.Start.Apply("a.yaml", Yaml.Pod("a", "x"));
        var thief = Yaml.Pod("b", "x") + $"status: {{podIP: {AddressOf(plan, "x/a")}}}\n";
        Assert.Contains("pod x/a has it", Assert.Throws<RefusalException>(() => plan.Apply("b.yaml", thief)).Message,
            StringComparison.Ordinal);
    }

    private static string? AddressOf(Plan plan, string pod) =>
        plan.Cluster.Pods.Single(p => p.Name == pod).IPv4?.ToString();
}
