using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Suggestions;

namespace Dataplane.Policy.Tests;

public sealed class SuggestionTests
{
    private static Lab Lab => new Lab().Namespace("x").Namespace("y")
        .Pod("x/web", "app=web").Pod("x/client", "app=client").Pod("y/client", "app=client");

    private static string[] Find(Lab lab, string from, string to, bool allow, string probe = "TCP:80")
    {
        var suggestion = Suggestion.Find(lab.Cluster, lab.Flow(from, to, probe), allow);
        Assert.NotNull(suggestion);
        return [.. suggestion.Edits.Select(edit => edit.ToString())];
    }

    private static Lab With(params Kubernetes.Objects.NetworkPolicyRule[] rules) =>
        Lab.Policy("x/p", "app=web", ingress: rules);

    [Fact]
    public void Nothing_to_do() => Assert.Empty(Find(Lab, "x/client", "x/web", allow: true));

    [Fact]
    public void A_port_is_added_where_the_peer_matches() => Assert.Equal(
        ["NetworkPolicy x/p (test.yaml:1): add to ingress[0].ports: {protocol: TCP, port: 80}"],
        Find(With(Rule.Of([Rule.Pods("app=client")], ["TCP 81"])), "x/client", "x/web", allow: true));

    [Fact]
    public void A_peer_is_added_where_the_port_matches() => Assert.Equal(
        ["NetworkPolicy x/p (test.yaml:1): add to ingress[0].from: {ipBlock: {cidr: 172.17.5.9/32}}"],
        Find(With(Rule.Of([Rule.Pods("app=z")], ["TCP 80"])), "172.17.5.9", "x/web", allow: true));

    [Fact]
    public void A_pod_is_labelled_where_that_is_less_than_a_peer_of_another_namespace() => Assert.Equal(
        ["Pod y/client (test.yaml:5): label role=ok"],
        Find(With(Rule.Of([Rule.Both("{}", "app=client, role=ok")], ["TCP 80"])), "y/client", "x/web", allow: true));

    [Fact]
    public void An_exception_is_taken_back() => Assert.Equal(
        ["NetworkPolicy x/p (test.yaml:1): remove from ingress[0].from[0].ipBlock.except: 172.17.5.0/24"],
        Find(With(Rule.Peers(Rule.Block("172.17.0.0/16", "172.17.4.0/24", "172.17.5.0/24"))), "172.17.5.9", "x/web",
            allow: true));

    [Fact]
    public void A_rule_is_added_to_a_policy_without() => Assert.Equal(
        ["NetworkPolicy x/p (test.yaml:6): add to ingress: {from: [{namespaceSelector: {matchLabels: "
            + "{kubernetes.io/metadata.name: \"y\"}}, podSelector: {matchLabels: {app: client}}}], ports: [{protocol: "
            + "UDP, port: 53}]}"],
        Find(With(), "y/client", "x/web", allow: true, "UDP:53"));

    [Fact]
    public void Each_denied_side_gets_its_edit()
    {
        var edits = Find(With().Policy("y/out", egress: [Rule.Ports("UDP 53")]), "y/client", "x/web", allow: true);
        Assert.Equal(2, edits.Length);
        Assert.Equal("NetworkPolicy y/out (test.yaml:1): add to egress[0].ports: {protocol: TCP, port: 80}", edits[0]);
    }

    [Fact]
    public void A_rule_of_a_tier_is_overruled_in_front_of_it() => Assert.Equal(
        ["ClusterNetworkPolicy p (test.yaml:1): add before ingress[0]: {action: Accept, from: [{pods: "
            + "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: x}}, "
            + "podSelector: {matchLabels: {app: client}}}}], protocols: [{tcp: {destinationPort: {number: 80}}}]}"],
        Find(Lab.Admin("p", 1, [TierRules.Deny(TierRules.Namespaces())]), "x/client", "x/web", allow: true));

    [Fact]
    public void One_policy_that_denies_both_sides_is_edited_twice()
    {
        var everything = new[] { TierRules.Deny(TierRules.Namespaces()) };
        Assert.Equal(2, Find(Lab.Admin("p", 1, everything, everything), "x/client", "x/web", allow: true).Length);
    }

    [Fact]
    public void The_only_rule_that_allows_is_narrowed()
    {
        Assert.Equal([
            "NetworkPolicy x/p (test.yaml:1): add to ingress[0].from ipBlock 172.17.0.0/16: except 172.17.5.9/32"],
            Find(With(Rule.Peers(Rule.Block("172.17.0.0/16"))), "172.17.5.9", "x/web", allow: false));
        Assert.Equal(["NetworkPolicy x/p (test.yaml:1): remove from ingress[0].from what matches x/client"],
            Find(With(Rule.Peers(Rule.Pods("app=client"), Rule.Pods("app=z"))), "x/client", "x/web", allow: false));
        Assert.Equal(["NetworkPolicy x/p (test.yaml:1): remove from ingress[0].ports: TCP 80"],
            Find(With(Rule.Of([Rule.Pods("app=client")], ["TCP 80", "TCP 81"])), "x/client", "x/web", allow: false));
        Assert.Equal(["NetworkPolicy x/p (test.yaml:1): remove ingress[0]"],
            Find(With(Rule.Of([Rule.Pods("app=client")], ["TCP 80"])), "x/client", "x/web", allow: false));
    }

    [Fact]
    public void An_open_pod_is_isolated_and_the_cost_of_that_is_said() => Assert.Equal(
        ["new NetworkPolicy x/isolate-web: podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]; "
            + "closes all other ingress of x/web too, until a rule allows it"],
        Find(Lab, "172.17.5.9", "x/web", allow: false));

    [Fact]
    public void What_nothing_can_close_has_no_suggestion()
    {
        Assert.Null(Suggestion.Find(Lab.Cluster, Lab.Flow("node", "x/web"), allow: false));
        var lab = Lab;
        Assert.Null(Suggestion.Find(lab.Cluster, new Flow(lab.Cluster.Pods[0], lab.Cluster.Pods[0], Lab.Probe("TCP:80"),
            System.Net.Sockets.AddressFamily.InterNetwork), allow: false));
    }

    [Fact]
    public void Whatever_is_denied_can_be_allowed() => RandomCase.ForAll(given => RandomCluster.Flows(given.Cluster)
        .Where((_, i) => i % 17 == given.Seed % 17)
        .Where(flow => !Oracle.Evaluate(given.Cluster, flow).Allowed)
        .All(flow => Suggestion.Find(given.Cluster, flow, allow: true) is { Edits.Count: > 0 }), tests: 40,
        tiers: true);
}
