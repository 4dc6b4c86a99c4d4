using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Planning;

namespace Dataplane.Daemon.Tests.State;

/// <summary>Pods that have ended, and pods that are owned, in the daemon's state.</summary>
public sealed class EndedPodTests
{
    private const string Ended = "{phase: Succeeded, podIP: 10.9.9.9}";

    private const string Set = "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: r, namespace: x}\n"
        + "spec: {replicas: 2, selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, "
        + "spec: {containers: [{name: c}]}}}\n";

    private static string Owned(string name, string? status = null) => Yaml.Pod(name, status: status)
        .Replace("metadata: {", "metadata: {ownerReferences: [{kind: ReplicaSet, name: r, controller: true}], ",
            StringComparison.Ordinal);

    private static string Pods(Plan plan) => string.Join(' ', plan.Cluster.Pods.Select(p => p.Name));

    [Fact]
    public void A_pod_that_ends_leaves_the_node_and_stays_an_object()
    {
        var plan = Given.Start.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"));
        var documents = Given.Documents("a.yaml", Yaml.Pod("a", status: Ended), Yaml.Pod("b"));
        var change = StateChange.Apply(plan.State, documents, prune: false);
        Assert.Contains(change.Changes, c => c.Key.Name == "x/a" && c.Kind == ChangeKind.Configured);
        var after = plan.After(change, NodeOptions.Default);
        Assert.Equal("x/b", Pods(after));
        Assert.DoesNotContain("x/a", after.State.Leases.Pods.Keys);
        Assert.Contains(new ObjectKey("Pod", "x/a"), after.State.Objects.Keys);
        // What holds for the change holds for the whole, as after a restart.
        Assert.Equal("x/b", Pods(Plan.Of(after.State, NodeOptions.Default)));
        Assert.Equal("x/a x/b", Pods(after.Apply("a.yaml", Yaml.Pod("a"))));
    }

    [Fact]
    public void Its_address_is_free_at_once()
    {
        var plan = Given.Start.Apply("a.yaml", Yaml.Pod("a", status: "{phase: Running, podIP: 10.9.9.9}"));
        plan = plan.Apply("a.yaml", Yaml.Pod("a", status: Ended))
            .Apply("b.yaml", Yaml.Pod("b", status: "{podIP: 10.9.9.9}"));
        Assert.Equal("x/b", Pods(plan));
    }

    [Fact]
    public void Pods_take_the_place_of_the_template_when_they_come_and_give_it_back_when_they_go()
    {
        var plan = Given.Start.Apply("r.yaml", Set);
        Assert.Equal("x/r-0 x/r-1", Pods(plan));
        plan = plan.Apply("p.yaml", Owned("p"));
        Assert.Equal("x/p", Pods(plan));
        plan = plan.Apply("p.yaml", Owned("q"));
        Assert.Equal("x/p x/q", Pods(plan));
        plan = plan.Apply("p.yaml", Owned("p", Ended));
        Assert.Equal("x/q", Pods(plan));
        Assert.Equal("x/r-0 x/r-1", Pods(plan.Delete("Pod", "x/q")));
        Assert.Equal("x/q", Pods(plan.Delete("ReplicaSet", "x/r")));
    }

    /// <summary>Two kinds with one name: the pods of one have other names, as long as the other is there.</summary>
    [Fact]
    public void Workloads_of_one_name_make_pods_of_different_names_whichever_comes_first()
    {
        var stateful = Set.Replace("kind: ReplicaSet", "kind: StatefulSet", StringComparison.Ordinal);
        var plan = Given.Start.Apply("r.yaml", Set);
        plan = plan.Apply("s.yaml", stateful);
        Assert.Equal("x/r-0 x/r-1 x/r-replicaset-0 x/r-replicaset-1", Pods(plan));
        Assert.Equal(Pods(plan), Pods(Plan.Of(plan.State, NodeOptions.Default)));
        Assert.Equal(Pods(plan), Pods(Given.Start.Apply("s.yaml", stateful).Apply("r.yaml", Set)));
        var more = plan.Apply("r.yaml", Set.Replace("replicas: 2", "replicas: 1", StringComparison.Ordinal));
        Assert.Equal("x/r-0 x/r-1 x/r-replicaset-0", Pods(more));
        Assert.Equal("x/p x/r-0 x/r-1", Pods(plan.Apply("p.yaml", Owned("p"))));
        Assert.Equal("x/r-0 x/r-1", Pods(plan.Delete("StatefulSet", "x/r")));
        Assert.Equal("x/r-0 x/r-1", Pods(plan.Delete("ReplicaSet", "x/r")));
    }
}
