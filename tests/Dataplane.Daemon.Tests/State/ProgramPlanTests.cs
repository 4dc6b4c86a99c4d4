using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Planning;

namespace Dataplane.Daemon.Tests.State;

/// <summary>What is known of programs is an input of the plan.</summary>
public sealed class ProgramPlanTests
{
    private static Plan Running => Plan.Of(
        DesiredState.Empty with { Programs = new ProgramState { IsRunning = true } }, NodeOptions.Default);

    [Fact]
    public void A_pod_is_ready_when_its_programs_are_and_others_stay_the_same_objects()
    {
        var plan = Running.Apply("a.yaml", Yaml.Pod("a", "x", "w"), Yaml.Pod("b", "x", "w"));
        Assert.Equal("x/a -, x/b -", Pods(plan));
        var next = Tell(plan, ready: ["x/a"]);
        Assert.Equal("x/a r, x/b -", Pods(next));
        Assert.Same(plan.Cluster.Pods[1], next.Cluster.Pods[1]);
        Assert.Equal(plan.Cluster.Pods[0].IPv4, next.Cluster.Pods[0].IPv4);
        // As the manifest has it: no second object for it.
        Assert.Same(next.State.Objects[new ObjectKey("Pod", "x/a")].Object, next.Cluster.Pods[0].Pod);
        Assert.Equal("x/a -, x/b -", Pods(Tell(next, unready: ["x/a"])));
        Assert.Same(next, Tell(next, ready: ["x/a"]));
    }

    [Fact]
    public void Without_programs_it_is_as_the_manifest_says_and_goes_at_once()
    {
        var plan = Given.Start.Apply("a.yaml", Yaml.Pod("a", "x", "w"));
        Assert.Equal("x/a r", Pods(plan));
        Assert.Equal("", Pods(plan.Delete("Pod", "x/a")));
    }

    [Fact]
    public void A_container_of_somebody_else_is_ready_as_its_manifest_says()
    {
        var plan = Running.Attach(Given.Container("x", "a", "c1"));
        Assert.Equal("x/a r", Pods(plan));
        Assert.Equal("", Pods(plan.Detach("c1")));
    }

    [Fact]
    public void The_name_server_is_no_pod_of_programs()
    {
        var node = NodeOptions.Default with { HasNameServer = true };
        var service = Given.Documents("a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: x}\n"
            + "spec: {selector: {app: w}, ports: [{port: 80}]}\n");
        var plan = Running.After(StateChange.Apply(Running.State, service, prune: false), node);
        Assert.Equal("kube-system/coredns r", Pods(plan));
        Assert.Equal("", Pods(plan.After(StateChange.Apply(plan.State, [], prune: true), node)));
    }

    [Fact]
    public void A_deleted_pod_terminates_until_its_programs_have_ended()
    {
        var plan = Tell(Running.Apply("a.yaml", Yaml.Pod("a", "x", "w"), Yaml.Pod("b", "x", "w")),
            ready: ["x/a", "x/b"]);
        var address = plan.Cluster.Pods[0].IPv4;
        var next = plan.After(StateChange.Delete(plan.State, [new ObjectKey("Pod", "x/a")], false) with
        {
            GraceSeconds = 3,
        }, NodeOptions.Default);
        Assert.Equal("x/a rt, x/b r", Pods(next));
        Assert.Equal(address, next.Cluster.Pods[0].IPv4);
        Assert.Equal(3, next.State.Programs.Ending["x/a"].GraceSeconds);
        Assert.Same(plan.State.Objects[new ObjectKey("Pod", "x/a")].From, next.State.Programs.Ending["x/a"].From);
        // Readiness of one that terminates matters: it serves where no other does.
        Assert.Equal("x/a t, x/b r", Pods(Tell(next, unready: ["x/a"])));
        Assert.Equal("x/b r", Pods(Tell(next, gone: ["x/a"])));
        // Stored is what manifests say: the next start does not know it.
        Assert.False(next.State.Objects.ContainsKey(new ObjectKey("Pod", "x/a")));
    }

    [Fact]
    public void A_pod_of_the_same_name_waits_and_then_comes_with_an_interface_of_its_own()
    {
        var plan = Running.Apply("a.yaml", Yaml.Pod("a", "x", "w")).Delete("Pod", "x/a")
            .Apply("b.yaml", Yaml.Pod("a", "x", "v"));
        Assert.Equal("x/a t", Pods(plan));
        Assert.Equal("w", plan.Cluster.Pods[0].Pod.Labels["app"]);
        Assert.Equal(["x/a"], plan.State.Programs.Waiting);
        Assert.False(plan.State.Programs.CanAdmit);
        var empty = Tell(plan, gone: ["x/a"]);
        // Not in one step: a network that is taken over would bring what the old pod left in it.
        Assert.Equal("", Pods(empty));
        Assert.True(empty.State.Programs.CanAdmit);
        var admitted = empty.After(StateChange.Admit(empty.State), NodeOptions.Default);
        Assert.Equal("x/a -", Pods(admitted));
        Assert.Equal("v", admitted.Cluster.Pods[0].Pod.Labels["app"]);
        Assert.Empty(admitted.State.Programs.Waiting);
        Assert.Equal(admitted.Cluster.Pods[0].IPv4, admitted.State.Leases.Pods["x/a"].IPv4);
    }

    [Fact]
    public void One_that_waits_and_is_deleted_never_comes()
    {
        var plan = Running.Apply("a.yaml", Yaml.Pod("a", "x", "w")).Delete("Pod", "x/a")
            .Apply("b.yaml", Yaml.Pod("a", "x", "v")).Delete("Pod", "x/a");
        Assert.Equal("x/a t", Pods(plan));
        Assert.Empty(plan.State.Programs.Waiting);
        Assert.Equal("", Pods(Tell(plan, gone: ["x/a"])));
    }

    [Fact]
    public void Pods_of_a_workload_terminate_too_with_its_document()
    {
        static string Deployment(int replicas) => "apiVersion: apps/v1\nkind: Deployment\n"
            + $"metadata: {{name: d, namespace: x}}\nspec: {{replicas: {replicas}, selector: {{matchLabels: "
            + "{app: w}}, template: {metadata: {labels: {app: w}}, spec: {containers: [{name: c, image: i}]}}}\n";
        var plan = Running.Apply("a.yaml", Deployment(3)).Apply("a.yaml", Deployment(1));
        Assert.Equal("x/d-0 -, x/d-1 t, x/d-2 t", Pods(plan));
        Assert.Equal("a.yaml", plan.State.Programs.Ending["x/d-1"].From.File);
        Assert.Equal("x/d-0 -", Pods(Tell(plan, gone: ["x/d-1", "x/d-2"])));
        Assert.Equal("x/d-0 t, x/d-1 t, x/d-2 t", Pods(plan.Prune("a.yaml")));
    }

    [Fact]
    public void One_whose_policy_goes_before_its_programs_is_closed()
    {
        var plan = Running.Apply("a.yaml", Yaml.Pod("a", "x", "w"), Yaml.Pod("b", "y", "w"), Yaml.DenyAll("p", "x"));
        var pods = plan.After(StateChange.Delete(plan.State,
            [new ObjectKey("Pod", "x/a"), new ObjectKey("Pod", "y/b")], false), NodeOptions.Default);
        Assert.Equal("x/a t, y/b t", Pods(pods));
        Assert.Equal("y/b t", Pods(pods.Delete("NetworkPolicy", "x/p")));
        // In one request too, and the programs are ended all the same.
        var all = plan.After(StateChange.Delete(plan.State, [.. plan.State.Objects.Keys], false), NodeOptions.Default);
        Assert.Equal("y/b t", Pods(all));
        Assert.Equal(["x/a", "y/b"], all.State.Programs.Ending.Keys);
        Assert.Equal("", Pods(plan.Prune("a.yaml").After(new ProgramNews(new Dictionary<string, bool>(),
            new HashSet<string> { "x/a", "y/b" }), NodeOptions.Default)));
    }

    [Fact]
    public void Its_namespace_stays_as_it_was_until_it_has_gone()
    {
        var plan = Running.Apply("a.yaml",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: x, labels: {team: t}}\n", Yaml.Pod("a", "x", "w"));
        var next = plan.Delete("Namespace", "x");
        Assert.Equal("x/a t", Pods(next));
        Assert.Equal("t", next.Cluster.NamespaceLabels("x")["team"]);
        Assert.DoesNotContain("x", Tell(next, gone: ["x/a"]).Cluster.Namespaces.Keys);
    }

    [Fact]
    public void One_that_has_what_another_asks_for_makes_room()
    {
        var plan = Running.Apply("a.yaml", Yaml.Pod("a", "x", "w", "{podIP: 10.244.9.9}")).Delete("Pod", "x/a")
            .Apply("b.yaml", Yaml.Pod("b", "x", "w", "{podIP: 10.244.9.9}"));
        Assert.Equal("x/b -", Pods(plan));
        Assert.False(plan.State.Programs.Ending["x/a"].HasNetwork);
    }

    /// <summary>r: ready; t: terminating; -: neither.</summary>
    private static string Pods(Plan plan) => string.Join(", ", plan.Cluster.Pods.Select(p => $"{p.Name} "
        + ((p.Pod.IsReady ? "r" : "") + (p.Pod.IsTerminating ? "t" : "") is { Length: > 0 } flags ? flags : "-")));

    private static Plan Tell(Plan plan, string[]? ready = null, string[]? unready = null, string[]? gone = null) =>
        plan.After(new ProgramNews((ready ?? []).Select(p => (p, true)).Concat((unready ?? []).Select(p => (p, false)))
            .ToDictionary(), (gone ?? []).ToHashSet()), NodeOptions.Default);
}
