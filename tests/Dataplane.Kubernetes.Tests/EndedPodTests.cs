using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>A pod that has ended has no network: it takes part in nothing.</summary>
public sealed class EndedPodTests
{
    private static LoadResult Load(params string[] faults) =>
        ManifestLoader.Load([.. faults.Select(f => FaultFile.Path($"ended-pods/{f}"))]);

    private static string Pod(string name, string phase, string more = "") =>
        $"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: x{more}}}\n"
        + $"spec: {{containers: [{{name: c}}]}}\nstatus: {{phase: {phase}}}\n---\n";

    private const string JobSpec = "template: {spec: {containers: [{name: c}]}}";

    [Fact]
    public void Completed_and_evicted_pods_are_left_out()
    {
        var completed = Load("in.yaml");
        Assert.False(completed.HasErrors, completed.Report());
        Assert.Equal(["jobs/cli", "jobs/web-0"], completed.Manifests.Pods.Select(p => p.FullName));
        Assert.Equal("the pod `jobs/nightly-28571-abcde` has ended and is left out",
            completed.Only(Codes.EndedPods).Message);
        Assert.Equal(["jobs/cli"], Load("evicted.yaml").Manifests.Pods.Select(p => p.FullName));
    }

    [Theory]
    [InlineData("Running")]
    [InlineData("Pending")]
    [InlineData("Unknown")]
    [InlineData("''")]
    public void All_others_are_there(string phase) => Assert.Single(Given.Text(Pod("a", phase)).Clean().Pods);

    [Fact]
    public void One_note_names_some_of_them()
    {
        var many = string.Concat(Enumerable.Range(0, 5).Select(i => Pod($"p{i}", i % 2 == 0 ? "Failed" : "Succeeded")));
        var note = Given.Text(many).Only(Codes.EndedPods);
        Assert.Equal(Severity.Note, note.Severity);
        Assert.Equal("5 pods have ended and are left out: `x/p0`, `x/p1` and 3 more", note.Message);
    }

    [Fact]
    public void They_are_known_by_their_documents() =>
        Assert.Equal("x/a", Assert.Single(Given.Text(Pod("a", "Failed")).Documents[0].Objects).FullName);

    [Fact]
    public void A_job_that_has_ended_makes_no_pods()
    {
        var job = $"apiVersion: batch/v1\nkind: Job\nmetadata: {{name: j, namespace: x}}\nspec: {{{JobSpec}}}\n";
        Assert.Single(Given.Text(job).Manifests.Pods);
        const string goesOn = "status: {conditions: [{type: Suspended, status: 'True'}, "
            + "{type: Complete, status: 'False'}]}";
        Assert.Single(Given.Text($"{job}{goesOn}\n").Manifests.Pods);
        foreach (var type in new[] { "Complete", "Failed" })
        {
            var ended = Given.Text(job + $"status: {{conditions: [{{type: {type}, status: 'True'}}]}}\n");
            Assert.Empty(ended.Manifests.Pods);
            Assert.Equal("Job `x/j` counts as no pod: it has ended", ended.Only(Codes.WorkloadPods).Message);
        }
        // Its pods say so as well, where they are there.
        const string owner = ", ownerReferences: [{kind: Job, name: j, controller: true}]";
        Assert.Empty(Given.Text($"{job}---\n{Pod("j-1", "Succeeded", owner)}").Manifests.Pods);
    }

    [Fact]
    public void A_controller_replaces_a_pod_that_was_evicted()
    {
        var set = "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: r, namespace: x}\n"
            + "spec: {replicas: 2, selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, "
            + "spec: {containers: [{name: c}]}}}\n---\n";
        const string owner = ", ownerReferences: [{kind: ReplicaSet, name: r, controller: true}]";
        var evicted = set + Pod("e", "Failed", owner);
        Assert.Equal(["r-0", "r-1"], Given.Text(evicted).Manifests.Pods.Select(p => p.Name));
        var one = Given.Text(evicted + Pod("l", "Running", owner));
        Assert.Equal(["l"], one.Manifests.Pods.Select(p => p.Name));
    }
}
