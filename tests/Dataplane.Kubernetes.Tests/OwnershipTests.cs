using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>What a loaded object owns is counted once, at the level nearest to the pods.</summary>
public sealed class OwnershipTests
{
    private const string Spec = "spec: {containers: [{name: c}]}";

    private static string Object(string kind, string name, string spec, string? owner = null, string? uid = null,
        string labels = "app: w")
    {
        var version = kind switch
        {
            "Pod" or "ReplicationController" => "v1",
            "Job" or "CronJob" => "batch/v1",
            _ => "apps/v1",
        };
        var owners = owner is null ? "" : $", ownerReferences: [{{{owner}}}]";
        return $"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}, namespace: q, labels: {{{labels}}}"
            + $"{(uid is null ? "" : $", uid: {uid}")}{owners}}}\n{spec}\n---\n";
    }

    private static string Pod(string name, string? owner = null, string labels = "app: w") =>
        Object("Pod", name, Spec, owner, labels: labels);

    private static string Template(string more = "") =>
        $"selector: {{matchLabels: {{app: w}}}}, template: {{metadata: {{labels: {{app: w{more}}}}}, {Spec}}}";

    private static string Deployment(int replicas = 3, string? uid = null, string name = "w") =>
        Object("Deployment", name, $"spec: {{replicas: {replicas}, {Template()}}}", uid: uid);

    private static string ReplicaSet(string hash, int replicas, string? owner = "kind: Deployment, name: w",
        string? uid = null) =>
        Object("ReplicaSet", $"w-{hash}", $"spec: {{replicas: {replicas}, {Template($", pod-template-hash: {hash}")}}}",
            owner, uid);

    private static string Owned(string pod, string kind, string name, string labels = "app: w") =>
        Pod(pod, $"apiVersion: apps/v1, kind: {kind}, name: {name}, controller: true", labels);

    private static string[] Pods(string text)
    {
        var result = Given.Text(text);
        Assert.False(result.HasErrors, result.Report());
        return [.. result.Manifests.Pods.Select(p => p.Name)];
    }

    [Fact]
    public void A_deployment_its_replica_set_and_its_pod_are_one_pod()
    {
        var result = ManifestLoader.Load([FaultFile.Path("dump/in.yaml")]);
        Assert.False(result.HasErrors, result.Report());
        var pod = Assert.Single(result.Manifests.Pods);
        Assert.Equal("q/web-6d4cf56db6-x7k2p", pod.FullName);
        Assert.Equal("10.244.0.9", Assert.Single(pod.RequestedAddresses).ToString());
        Assert.Equal(["Deployment `q/web` counts as the ReplicaSet `web-6d4cf56db6` that it owns",
            "ReplicaSet `q/web-6d4cf56db6` counts as the pod `web-6d4cf56db6-x7k2p` that it owns"],
            result.Diagnostics.Where(d => d.Code == Codes.WorkloadPods).Select(d => d.Message)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_level_nearest_to_the_pods_counts()
    {
        Assert.Equal(["w-abc-0", "w-abc-1"], Pods(Deployment() + ReplicaSet("abc", 2) + ReplicaSet("old", 0)));
        Assert.Equal(["a", "b"], Pods(Deployment() + ReplicaSet("abc", 3) + ReplicaSet("old", 0)
            + Owned("a", "ReplicaSet", "w-abc") + Owned("b", "ReplicaSet", "w-abc")));
        // In the middle of a rollout both have some, and of one the pods are not loaded.
        Assert.Equal(["a", "w-new-0"], Pods(Deployment() + ReplicaSet("old", 2) + ReplicaSet("new", 1)
            + Owned("a", "ReplicaSet", "w-old")));
    }

    [Fact]
    public void Labels_come_from_the_level_that_counts()
    {
        var pod = Assert.Single(Given.Text(Deployment() + ReplicaSet("abc", 1)).Manifests.Pods);
        Assert.Equal(["app=w", "pod-template-hash=abc"], pod.Labels.Select(l => $"{l.Key}={l.Value}"));
    }

    [Theory]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    [InlineData("ReplicaSet")]
    public void Pods_count_instead_of_what_owns_them(string kind)
    {
        var replicas = kind == "DaemonSet" ? "" : "replicas: 2, ";
        var owner = Object(kind, "w", $"spec: {{{replicas}{Template()}}}");
        Assert.Equal(["w-0"], Pods(owner + Owned("w-0", kind, "w")));
        // Whatever stands first.
        Assert.Equal(["w-0"], Pods(Owned("w-0", kind, "w") + owner));
    }

    [Fact]
    public void Controllers_of_version_1_own_too() => Assert.Equal(["p"], Pods(
        Object("ReplicationController", "w", $"spec: {{template: {{metadata: {{labels: {{app: w}}}}, {Spec}}}}}")
        + Pod("p", "apiVersion: v1, kind: ReplicationController, name: w, controller: true")));

    [Fact]
    public void A_deployment_and_its_pods_without_the_replica_set()
    {
        string Replica(string name, string hash, string deployment = "w") =>
            Owned(name, "ReplicaSet", $"{deployment}-{hash}", $"app: w, pod-template-hash: {hash}");

        Assert.Equal(["w-abc-1", "w-abc-2"],
            Pods(Deployment() + Replica("w-abc-1", "abc") + Replica("w-abc-2", "abc")));
        // Another Deployment, whose name begins alike.
        Assert.Equal(["w-0", "w-1", "w-2", "w-x-abc-1"], Pods(Deployment() + Replica("w-x-abc-1", "abc", "w-x")));
    }

    [Fact]
    public void A_cron_job_its_jobs_and_their_pods()
    {
        var job = $"template: {{metadata: {{labels: {{app: w}}}}, {Spec}}}";
        var cron = Object("CronJob", "w", $"spec: {{schedule: '@daily', jobTemplate: {{spec: {{{job}}}}}}}");
        var one = Object("Job", "w-28571", $"spec: {{{job}}}", "kind: CronJob, name: w, controller: true");
        var pod = Pod("w-28571-abcde", "apiVersion: batch/v1, kind: Job, name: w-28571, controller: true");
        Assert.Equal(["w-28571-0"], Pods(cron + one));
        Assert.Equal(["w-28571-abcde"], Pods(cron + one + pod));
        Assert.Equal(["w-28571-abcde"], Pods(cron + pod));
        // A Job that was made by hand, and whose name is not one that the controller gives.
        Assert.Equal(["p", "w-0"], Pods(cron + Pod("p", "kind: Job, name: w-by-hand, controller: true")));
    }

    [Fact]
    public void Uids_tell_namesakes_apart()
    {
        Assert.Equal(["a"], Pods(Deployment(1, "one")
            + ReplicaSet("abc", 1, "kind: Deployment, name: w, uid: one", "two")
            + Pod("a", "kind: ReplicaSet, name: w-abc, uid: two")));
        // The Deployment was made anew; the pod is the old one's.
        Assert.Equal(["w-0", "w-abc-0"],
            Pods(Deployment(1, "new") + ReplicaSet("abc", 1, "kind: Deployment, name: w, uid: old")));
        // Not everybody has one, and it need not be a string.
        Assert.Equal(["w-abc-0"], Pods(Deployment(1) + ReplicaSet("abc", 1, "kind: Deployment, name: w, uid: 7")));
        Assert.Equal(["w-abc-0"], Pods(Deployment(1, "one") + ReplicaSet("abc", 1, "kind: Deployment, name: w")));
    }

    [Fact]
    public void Other_owners_count_for_nothing()
    {
        Assert.Equal(["a", "w-0"], Pods(Deployment(1) + Pod("a", "kind: Deployment, name: other, controller: true")));
        Assert.Equal(["a", "w-0"],
            Pods(Deployment(1) + Pod("a", "apiVersion: example.com/v1, kind: Deployment, name: w")));
        // Of another namespace, which comes later.
        Assert.Equal(["w-0", "a"], Pods(Deployment(1)
            + Pod("a", "kind: Deployment, name: w").Replace("namespace: q", "namespace: r", StringComparison.Ordinal)));
        // It is in the care of another.
        Assert.Equal(["a", "w-0"], Pods(Deployment(1)
            + Pod("a", "kind: Deployment, name: w}, {kind: Foo, name: x, controller: true")));
    }

    [Fact]
    public void Two_that_own_each_other_count_both() => Assert.Equal(["v-0", "w-0"], Pods(
        Object("ReplicaSet", "w", $"spec: {{replicas: 1, {Template()}}}", "kind: ReplicaSet, name: v")
        + Object("ReplicaSet", "v", $"spec: {{replicas: 1, {Template()}}}", "kind: ReplicaSet, name: w")));

    /// <summary>A Deployment, a StatefulSet and a CronJob may have one name; their pods do not.</summary>
    [Fact]
    public void Workloads_of_one_name_all_count()
    {
        var set = Object("StatefulSet", "w", $"spec: {{replicas: 2, {Template()}}}");
        var cron = Object("CronJob", "w", $"spec: {{schedule: x, jobTemplate: {{spec: {{template: {{{Spec}}}}}}}}}");
        string[] all = ["w-0", "w-1", "w-cronjob-0", "w-deployment-0"];
        Assert.Equal(all, Pods(Deployment(1) + set + cron));
        Assert.Equal(all, Pods(cron + set + Deployment(1)));
        Assert.Equal(["w-0", "w-cronjob-0"], Pods(cron + Deployment(1)));
        Assert.All(Given.Text(set + Deployment(1)).Manifests.Pods, p => Assert.Equal("w", p.Workload));
        Assert.Contains("Deployment `q/w` counts as the pod `w-deployment-0`",
            Given.Text(Deployment(1) + set).Diagnostics.Select(d => d.Message));
    }
}
