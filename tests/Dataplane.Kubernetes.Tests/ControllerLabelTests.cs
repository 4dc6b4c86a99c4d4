using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>Pods of workloads carry the labels that the controllers of Kubernetes put on pods.</summary>
public sealed class ControllerLabelTests
{
    private const string Unknown = "(generated)";
    private const string Template = "template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c}]}}";
    private const string Selector = "selector: {matchLabels: {app: a}}";

    private static string Workload(string apiVersion, string kind, string spec, string metadata = "") =>
        $"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: w, namespace: ns{metadata}}}\nspec: {{{spec}}}\n";

    /// <summary>The labels of each pod, without those of the template.</summary>
    private static string[] Labels(string text)
    {
        var result = Given.Text(text);
        Assert.False(result.HasErrors, result.Report());
        return
        [
            .. result.Manifests.Pods.Select(p =>
                string.Join(' ', p.Labels.Where(l => l.Key != "app").Select(l => $"{l.Key}={l.Value}"))),
        ];
    }

    [Theory]
    [InlineData("apps/v1", "Deployment", $"pod-template-hash={Unknown}")]
    [InlineData("apps/v1", "ReplicaSet", "")]
    [InlineData("apps/v1", "DaemonSet", $"controller-revision-hash={Unknown} pod-template-generation={Unknown}")]
    [InlineData("apps/v1", "StatefulSet", $"apps.kubernetes.io/pod-index=0 controller-revision-hash={Unknown} "
        + "statefulset.kubernetes.io/pod-name=w-0")]
    [InlineData("v1", "ReplicationController", "")]
    public void Labels_of_each_kind(string apiVersion, string kind, string labels)
    {
        var selector = kind == "ReplicationController" ? "selector: {app: a}" : Selector;
        Assert.Equal([labels], Labels(Workload(apiVersion, kind, $"{selector}, {Template}")));
    }

    [Fact]
    public void A_job_is_known_by_its_name_and_its_uid()
    {
        const string names = "batch.kubernetes.io/job-name=w controller-uid={0} job-name=w";
        Assert.Equal([$"batch.kubernetes.io/controller-uid={Unknown} {string.Format(null, names, Unknown)}"],
            Labels(Workload("batch/v1", "Job", Template)));
        const string uid = "1b4e28ba-2fa1-11d2-883f-0016d3cca427";
        Assert.Equal([$"batch.kubernetes.io/controller-uid={uid} {string.Format(null, names, uid)}"],
            Labels(Workload("batch/v1", "Job", Template, $", uid: {uid}")));
    }

    [Fact]
    public void Jobs_with_a_selector_of_their_own_get_no_labels() =>
        Assert.Equal([""], Labels(Workload("batch/v1", "Job", $"manualSelector: true, {Selector}, {Template}")));

    [Fact]
    public void The_name_of_a_cron_jobs_job_is_not_known()
    {
        var labels = $"batch.kubernetes.io/controller-uid={Unknown} batch.kubernetes.io/job-name={Unknown} "
            + $"controller-uid={Unknown} job-name={Unknown}";
        Assert.Equal([labels],
            Labels(Workload("batch/v1", "CronJob", $"schedule: '@daily', jobTemplate: {{spec: {{{Template}}}}}")));
    }

    [Fact]
    public void Pods_of_an_indexed_job_have_their_index()
    {
        const string spec = $"completionMode: Indexed, completions: 2, parallelism: 5, {Template}";
        string[] jobs = [Workload("batch/v1", "Job", spec),
            Workload("batch/v1", "CronJob", $"schedule: '@daily', jobTemplate: {{spec: {{{spec}}}}}")];
        foreach (var job in jobs)
        {
            var labels = Labels(job);
            // Never more at once than are to complete.
            Assert.Equal(2, labels.Length);
            Assert.Contains("batch.kubernetes.io/job-completion-index=0 ", labels[0], StringComparison.Ordinal);
            Assert.Contains("batch.kubernetes.io/job-completion-index=1 ", labels[1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_controllers_value_wins_over_the_templates()
    {
        var template = Template.Replace("app: a", "app: a, pod-template-hash: abc", StringComparison.Ordinal);
        Assert.Equal([$"pod-template-hash={Unknown}"], Labels(Workload("apps/v1", "Deployment",
            $"{Selector}, {template}")));
        // The template of a ReplicaSet that a Deployment made has the true one.
        Assert.Equal(["pod-template-hash=abc"], Labels(Workload("apps/v1", "ReplicaSet", $"{Selector}, {template}")));
    }

    [Fact]
    public void What_a_dump_says_is_known()
    {
        var generation = ", annotations: {deprecated.daemonset.template.generation: \"4\"}";
        Assert.Equal([$"controller-revision-hash={Unknown} pod-template-generation=4"],
            Labels(Workload("apps/v1", "DaemonSet", $"{Selector}, {Template}", generation)));
        var set = Workload("apps/v1", "StatefulSet", $"{Selector}, {Template}");
        Assert.Contains("controller-revision-hash=w-5d9 ",
            Labels(set + "status: {currentRevision: w-5d9, updateRevision: w-5d9}\n")[0], StringComparison.Ordinal);
        // While a new template is rolled out, a pod may be of either.
        Assert.Contains($"controller-revision-hash={Unknown} ",
            Labels(set + "status: {currentRevision: w-5d9, updateRevision: w-77c}\n")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_labels_of_the_workload_itself_are_the_templates()
    {
        var loaded = ManifestLoader.LoadText("m.yaml", Workload("apps/v1", "Deployment", $"{Selector}, {Template}"));
        Assert.Equal("app", Assert.Single(loaded.Documents[0].Objects[0].Labels).Key);
    }
}
