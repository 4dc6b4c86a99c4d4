using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Loading;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Daemon.Tests.Reconcile;

/// <summary>Which packets prove a change: those that the changed policies are about.</summary>
public sealed class ProofFlowsTests
{
    private static Lab Lab => new Lab().Namespace("x").Pod("x/db", "app=db").Pod("x/api", "app=api")
        .Pod("x/web", "app=web", ["TCP 8080"]);

    private static ProofFlows Of(
        Lab before, Lab after, params (string Kind, string Name, ChangeKind Change)[] changes) =>
        new(before.Cluster, after.Cluster,
            [.. changes.Select(c => new ObjectChange(new ObjectKey(c.Kind, c.Name), c.Change))]);

    private static string[] Names(ProofFlows proof) =>
        [.. proof.Flows.Select(flow => $"{flow.From.Name} -> {flow.To.Name} {flow.Probe}")];

    private static Lab Database =>
        Lab.Policy("x/p", "app=db", ingress: [Rule.Of([Rule.Pods("app=api")], ["TCP 3306"])]);

    [Fact]
    public void A_policy_is_proved_on_its_own_port_by_a_peer_and_by_another()
    {
        var proof = Of(Lab, Database, ("NetworkPolicy", "x/p", ChangeKind.Created));
        Assert.Equal(["x/api -> x/db TCP 3306", "x/web -> x/db TCP 3306"], Names(proof));
        Assert.Empty(proof.Unproven);
    }

    [Fact]
    public void A_policy_that_is_deleted_is_proved_by_the_flows_it_was_about()
    {
        var proof = Of(Database, Lab, ("NetworkPolicy", "x/p", ChangeKind.Deleted));
        Assert.Equal(["x/api -> x/db TCP 3306"], Names(proof));
        Assert.Empty(proof.Unproven);
    }

    [Fact]
    public void Egress_and_a_name_that_the_destination_resolves()
    {
        var after = new Lab().Namespace("x").Pod("x/api", "app=api").Pod("x/db", "app=db", ["sql=TCP 5432"])
            .Policy("x/p", "app=api", egress: [Rule.Of([Rule.Pods("app=db")], ["TCP sql"])]);
        Assert.Equal(["x/api -> x/db TCP 5432"],
            Names(Of(after, after, ("NetworkPolicy", "x/p", ChangeKind.Configured))));
    }

    [Fact]
    public void Each_policy_of_a_change_is_proved()
    {
        var after = Database.Policy("x/q", "app=web", ingress: []);
        var proof = Of(
            Lab, after, ("NetworkPolicy", "x/p", ChangeKind.Created), ("NetworkPolicy", "x/q", ChangeKind.Created));
        Assert.Equal(["x/api -> x/db TCP 3306", "x/web -> x/db TCP 3306", "x/db -> x/web TCP 8080"], Names(proof));
    }

    [Fact]
    public void A_Service_is_proved_by_the_pods_behind_it_at_its_target()
    {
        var loaded = ManifestLoader.LoadText("s.yaml", "{apiVersion: v1, kind: Service, metadata: {name: s, "
            + "namespace: x}, spec: {ipFamilies: [IPv4], selector: {app: db}, ports: [{port: 80, targetPort: 9090}]}}");
        var cluster = Lab.Cluster with { Services = [.. loaded.Manifests.Services.Select(PlacedService.AsAsked)] };
        var proof = new ProofFlows(
            cluster, cluster, [new ObjectChange(new ObjectKey("Service", "x/s"), ChangeKind.Created)]);
        Assert.Contains(Names(proof), name => name.EndsWith("-> x/db TCP 9090", StringComparison.Ordinal));
        Assert.Empty(proof.Unproven);
    }

    [Fact]
    public void A_policy_that_selects_no_pod_proves_nothing()
    {
        var proof = Of(
            Lab, Lab.Policy("x/p", "app=none", ingress: []), ("NetworkPolicy", "x/p", ChangeKind.Created));
        Assert.Empty(proof.Flows);
        Assert.Equal(["NetworkPolicy x/p selects no pod"], proof.Unproven);
    }

    [Fact]
    public void A_lone_pod_proves_nothing_about_its_policy()
    {
        var lone = new Lab().Namespace("x").Pod("x/a").Policy("x/p", ingress: []);
        var proof = Of(lone, lone, ("NetworkPolicy", "x/p", ChangeKind.Configured));
        Assert.Empty(proof.Flows);
        Assert.Equal(["NetworkPolicy x/p: there is no other pod to send a packet from or to"], proof.Unproven);
    }

    [Fact]
    public void A_cluster_wide_policy()
    {
        var after = Lab.Admin(
            "p", 1, ingress: [TierRules.Deny(TierRules.Pods("{}", "app=web"), "TCP 22")], pods: "app=db");
        Assert.Equal(["x/web -> x/db TCP 22", "x/api -> x/db TCP 22"],
            Names(Of(Lab, after, ("ClusterNetworkPolicy", "p", ChangeKind.Created))));
    }

    [Fact]
    public void Pods_are_proved_among_each_other_or_with_the_node()
    {
        Assert.Equal(["x/api -> x/db TCP 80"], Names(Of(Lab, Lab, ("Pod", "x/db", ChangeKind.Created))));
        var lone = new Lab().Namespace("x").Pod("x/a");
        Assert.Equal(["node -> x/a TCP 80"], Names(Of(lone, lone, ("Namespace", "x", ChangeKind.Created))));
        Assert.Equal(["Pod x/gone is deleted", "Deployment x/none has no pod"],
            Of(lone, lone, ("Pod", "x/gone", ChangeKind.Deleted), ("Deployment", "x/none", ChangeKind.Created))
                .Unproven);
    }
}
