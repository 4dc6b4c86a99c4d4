using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Diff;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Tests;

/// <summary>What a change opens to and closes for pods that policies select and that are not loaded.</summary>
public sealed class ExposureTests
{
    private static Lab Lab => new Lab().Namespace("x", "team=a").Pod("x/web", "app=web");

    private static ClusterDiff Diff(NetworkPolicyRule[] before, NetworkPolicyRule[] after) =>
        ClusterDiff.Between(
            Lab.Policy("x/p", "app=web", ingress: before).Cluster,
            Lab.Policy("x/p", "app=web", ingress: after).Cluster);

    private static string[] Lines(IEnumerable<FlowChange> changes) =>
    [
        .. changes.Select(change => $"{change.FromText} -> {change.ToText} {change.PortsText} "
            + string.Join('+', change.Families.Select(family => family.Text()))).Order(StringComparer.Ordinal),
    ];

    private static void Exposed(ClusterDiff diff, string[] opened, string[] closed)
    {
        Assert.Equal((0, 0), (diff.Opened.Count, diff.Closed.Count));
        Assert.Equal(opened, Lines(diff.Exposure.Opened));
        Assert.Equal(closed, Lines(diff.Exposure.Closed));
        Assert.Equal(opened.Length + closed.Length > 0, diff.Differs);
    }

    [Fact]
    public void A_namespace_that_is_not_loaded() => Exposed(
        Diff([Rule.Of([Rule.Namespaces("kubernetes.io/metadata.name=monitoring")], ["TCP 80"])],
            [Rule.Of([Rule.Namespaces("kubernetes.io/metadata.name notin (x)")], ["TCP 80", "TCP 22"])]),
        [
            "pods of namespaces kubernetes.io/metadata.name!=x -> x/web TCP 22, TCP 80 IPv4+IPv6",
            "pods of namespaces kubernetes.io/metadata.name=monitoring -> x/web TCP 22 IPv4+IPv6",
        ], []);

    [Fact]
    public void Pods_of_the_own_namespace_and_of_any() => Exposed(
        Diff([Rule.Of([Rule.Pods("app=client")], ["TCP 80"])], [Rule.Of([Rule.Both("{}", "role=probe")], ["TCP 81"])]),
        ["pods role=probe of any namespace -> x/web TCP 81 IPv4+IPv6"],
        ["pods app=client of x -> x/web TCP 80 IPv4+IPv6"]);

    [Fact]
    public void All_namespaces_where_only_the_own_pod_is_loaded() => Exposed(
        Diff([], [Rule.Of([Rule.Namespaces("{}")], ["TCP 80"])]),
        ["pods of any namespace -> x/web TCP 80 IPv4+IPv6"], []);

    [Fact]
    public void What_another_rule_allows_already_is_not_opened() => Exposed(
        Diff([Rule.Of([Rule.Namespaces("{}")], ["TCP 80"])],
            [Rule.Of([Rule.Namespaces("{}"), Rule.Both("team=b", "app=client")], ["TCP 80"])]),
        [], []);

    /// <summary>Labels that <c>NotIn</c> leaves out are no labels of the selection without it.</summary>
    [Theory]
    [InlineData("env notin (prod)", "env in (prod)")]
    [InlineData("!env", "env")]
    public void What_a_negative_requirement_left_out(string left, string part)
    {
        var diff = Diff([Rule.Of([Rule.Both("{}", left)], ["TCP 80"])], [Rule.Of([Rule.Both("{}", "{}")], ["TCP 80"])]);
        Exposed(diff, [$"pods {Selector.Of(part).Text()} of any namespace -> x/web TCP 80 IPv4+IPv6"], []);
    }

    [Fact]
    public void Each_value_of_a_list_is_compared() => Exposed(
        Diff([Rule.Of([Rule.Pods("app in (a,b)")], ["TCP 80"])], [Rule.Of([Rule.Pods("app in (a,c)")], ["TCP 80"])]),
        ["pods app=c of x -> x/web TCP 80 IPv4+IPv6"], ["pods app=b of x -> x/web TCP 80 IPv4+IPv6"]);

    [Fact]
    public void Egress_too()
    {
        static Lab With(string port) => Lab.Policy("x/p", "app=web", egress: [Rule.Of([Rule.Pods("app=db")], [port])]);
        Exposed(ClusterDiff.Between(With("TCP 5432").Cluster, With("TCP 5433").Cluster),
            ["x/web -> pods app=db of x TCP 5433 IPv4+IPv6"], ["x/web -> pods app=db of x TCP 5432 IPv4+IPv6"]);
    }

    /// <summary>The pod that is loaded says it for the others of its selection.</summary>
    [Fact]
    public void A_loaded_pod_of_the_selection_stands_for_it()
    {
        static Lab With(string port) => Lab.Pod("x/a", "app=client,tier=front")
            .Policy("x/p", "app=web", ingress: [Rule.Of([Rule.Pods("app=client")], [port])]);
        var diff = ClusterDiff.Between(With("TCP 80").Cluster, With("TCP 81").Cluster);
        Assert.Equal(["x/a -> x/web TCP 81 IPv4+IPv6"], Lines(diff.Opened));
        Assert.Equal(0, diff.Exposure.Count);
    }

    /// <summary>A loaded pod of the selection for which nothing changes says nothing for the others.</summary>
    [Fact]
    public void A_selection_that_gets_wider_than_what_is_loaded()
    {
        static Lab With(NetworkPolicyPeer peer) => Lab.Namespace("y").Pod("y/b")
            .Policy("x/p", "app=web", ingress: [Rule.Peers(peer)]);
        Exposed(
            ClusterDiff.Between(
                With(Rule.Namespaces("kubernetes.io/metadata.name=y")).Cluster,
                With(Rule.Namespaces("kubernetes.io/metadata.name!=x")).Cluster),
            ["pods of namespaces kubernetes.io/metadata.name!=x -> x/web all IPv4+IPv6"], []);
    }

    /// <summary>A pod that is not loaded obeys the policies that are.</summary>
    [Fact]
    public void The_other_end_is_isolated_too()
    {
        static Lab With(params NetworkPolicyPeer[] peers) => Lab.Policy("x/quiet", "app=client", egress: [])
            .Policy("x/p", "app=web", ingress: [Rule.Peers([Rule.Pods("app=none"), .. peers])]);
        Exposed(ClusterDiff.Between(With().Cluster, With(Rule.Pods("app=client")).Cluster), [], []);
    }

    [Fact]
    public void A_policy_whose_own_pods_are_not_loaded()
    {
        static Lab With(string port) => new Lab().Namespace("x").Pod("x/api", "app=api")
            .Policy("x/p", "app=db", ingress: [Rule.Of([Rule.Pods("app=api"), Rule.Pods("app=job")], [port])]);
        Exposed(ClusterDiff.Between(With("TCP 1").Cluster, With("TCP 2").Cluster),
            ["pods app=job of x, x/api -> pods app=db of x TCP 2 IPv4+IPv6"],
            ["pods app=job of x, x/api -> pods app=db of x TCP 1 IPv4+IPv6"]);
    }

    [Fact]
    public void Policies_without_any_pod()
    {
        static Lab With(string block) => new Lab().Namespace("x")
            .Policy("x/p", ingress: [Rule.Of([Rule.Block(block)], ["TCP 80"])]);
        Exposed(ClusterDiff.Between(With("192.0.2.0/25").Cluster, With("192.0.2.0/24").Cluster),
            ["192.0.2.128/25 -> pods of x TCP 80 IPv4"], []);
    }

    [Fact]
    public void A_pod_that_policies_select_by_a_new_label()
    {
        static Lab With(string labels) => new Lab().Namespace("x").Pod("x/web", labels)
            .Policy("x/p", "app=web", ingress: [Rule.Of([Rule.Namespaces("team=ops")], ["TCP 22"])])
            .Policy("x/q", ingress: []);
        Exposed(ClusterDiff.Between(With("app=wep").Cluster, With("app=web").Cluster),
            ["pods of namespaces team=ops -> x/web TCP 22 IPv4+IPv6"], []);
    }

    [Fact]
    public void Cluster_wide_policies()
    {
        static Lab With(string port) =>
            Lab.Admin("p", 1, ingress: [TierRules.Deny(TierRules.Namespaces("tenant"), port)]);
        Exposed(ClusterDiff.Between(With("TCP 80").Cluster, With("TCP 81").Cluster),
            ["pods of namespaces tenant -> x/web TCP 80 IPv4+IPv6"],
            ["pods of namespaces tenant -> x/web TCP 81 IPv4+IPv6"]);
    }

    [Fact]
    public void Too_many_selections_are_counted()
    {
        var diff = Diff([], [.. Enumerable.Range(0, 300).Select(i => Rule.Peers(Rule.Pods($"app=a{i}")))]);
        Assert.Equal(44, diff.NotCompared);
    }
}
