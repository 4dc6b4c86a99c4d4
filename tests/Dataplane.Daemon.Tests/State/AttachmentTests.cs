using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;

namespace Dataplane.Daemon.Tests.State;

/// <summary>Containers as part of the desired state.</summary>
public sealed class AttachmentTests
{
    [Fact]
    public void A_manifest_says_what_the_pod_is_and_the_container_where()
    {
        var plan = Given.Start.Attach(Given.Container("x", "a", "c1"));
        Assert.Equal(("c1", "ns-c1"), Pod(plan));
        var address = plan.Cluster.Pods[0].IPv4;
        plan = plan.Apply("a.yaml", Yaml.Pod("a", "x", "declared"));
        Assert.Equal(("declared", "ns-c1"), Pod(plan));
        Assert.Equal(address, plan.Cluster.Pods[0].IPv4);
        Assert.Equal(("declared", null), Pod(plan.Detach("c1")));
        Assert.Equal(("c1", "ns-c1"), Pod(plan.Delete("Pod", "x/a")));
        // A hostNetwork pod is not the container.
        var host = Yaml.Pod("a", "x").Replace("spec: {", "spec: {hostNetwork: true, ", StringComparison.Ordinal);
        Assert.Equal(("c1", "ns-c1"), Pod(plan.Apply("a.yaml", host)));
        Assert.Equal(RefusalKind.Taken, Assert.Throws<RefusalException>(() =>
            Given.Start.Apply("a.yaml", host).Attach(Given.Container("x", "a", "c1"))).Kind);
    }

    [Fact]
    public void What_has_gone_has_no_network_until_it_comes_again()
    {
        var plan = Given.Start.Apply("a.yaml", Yaml.Pod("a", "x")).Attach(Given.Container("x", "a", "c1")).Lose("x/a");
        Assert.Empty(plan.Cluster.Pods);
        Assert.Single(plan.State.Attachments);
        // The same container again, or another one.
        Assert.Single(plan.Attach(Given.Container("x", "a", "c1")).Cluster.Pods);
        Assert.Equal("ns-c2", Pod(plan.Attach(Given.Container("x", "a", "c2"))).Netns);
        Assert.Null(Pod(plan.Detach("c1")).Netns);
        Assert.Same(plan, plan.Lose("x/a"));
    }

    [Fact]
    public void A_pod_has_one_container_and_a_container_is_one_pod()
    {
        var plan = Given.Start.Attach(Given.Container("x", "a", "c1"));
        Assert.Same(plan, plan.Attach(Given.Container("x", "a", "c1")));
        foreach (var other in (HeldAttachment[])[Given.Container("x", "a", "c2"), Given.Container("x", "b", "c1"),
            Given.Container("x", "a", "c1", "10.9.9.9")])
        {
            Assert.Equal(RefusalKind.Taken, Assert.Throws<RefusalException>(() => plan.Attach(other)).Kind);
        }
        var newest = plan.Attach(Given.Container("x", "a", "c2"), isPodsOnly: true);
        Assert.Equal("ns-c2", Pod(newest).Netns);
        Assert.Same(newest, newest.Detach("c1"));
    }

    [Fact]
    public void Manifests_leave_containers_alone()
    {
        var plan = Given.Start.Attach(Given.Container("x", "a", "c1")).Apply("n.yaml",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n");
        Assert.Equal("ns-c1", Pod(plan.Delete("Namespace", "x")).Netns);
        Assert.Equal("ns-c1", Pod(plan.Prune("none.yaml")).Netns);
    }

    private static (string App, string? Netns) Pod(Plan plan)
    {
        var pod = Assert.Single(plan.Cluster.Pods).Pod;
        return (pod.Labels["app"], pod.NetnsName);
    }
}
