using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>Kinds of others that make pods: expanded where they have a plain template, else named in a note.</summary>
public sealed class PodMakerTests
{
    private const string MakesPods = "K041";

    private const string Template =
        "template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}}";

    private static LoadResult Of(string apiVersion, string kind, string spec) => Given.Text(
        $"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: web, namespace: x}}\nspec: {{{spec}}}\n");

    [Theory]
    [InlineData("apps.openshift.io/v1", "DeploymentConfig")]
    [InlineData("v1", "DeploymentConfig")]
    [InlineData("argoproj.io/v1alpha1", "Rollout")]
    [InlineData("apps.kruise.io/v1alpha1", "CloneSet")]
    [InlineData("apps.kruise.io/v1beta1", "StatefulSet")]
    [InlineData("example.com/v1", "WebApp")]
    public void A_plain_template_counts_as_pods(string apiVersion, string kind)
    {
        var loaded = Of(apiVersion, kind, $"replicas: 2, {Template}");
        loaded.Only(Codes.WorkloadPods);
        Assert.Equal(["x/web-0", "x/web-1"], loaded.Manifests.Pods.Select(p => p.FullName));
        Assert.All(loaded.Manifests.Pods, p => Assert.Equal("web", p.Labels["app"]));
        Assert.All(loaded.Manifests.Pods, p => Assert.Equal(80, Assert.Single(p.Ports).Port));
    }

    [Fact]
    public void Pods_of_a_DeploymentConfig_have_its_name_as_a_label() => Assert.Equal("web",
        Of("apps.openshift.io/v1", "DeploymentConfig", Template).Manifests.Pods.Single().Labels["deploymentconfig"]);

    [Fact]
    public void Pods_of_an_advanced_StatefulSet_have_their_names_as_labels() => Assert.Equal("web-0",
        Of("apps.kruise.io/v1beta1", "StatefulSet", Template).Manifests.Pods.Single()
            .Labels["statefulset.kubernetes.io/pod-name"]);

    [Fact]
    public void Two_kinds_of_one_name_are_two_objects()
    {
        const string other = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web, namespace: x}\n"
            + "spec: {replicas: 0, selector: {matchLabels: {app: web}}, " + Template + "}\n---\n";
        Assert.False(Given.Text(other + "apiVersion: apps.kruise.io/v1beta1\nkind: StatefulSet\n"
            + $"metadata: {{name: web, namespace: x}}\nspec: {{{Template}}}\n").HasErrors);
    }

    [Fact]
    public void A_slip_in_the_template_of_a_known_kind_is_an_error() => Of("argoproj.io/v1alpha1", "Rollout",
        "template: {spec: {containers: [{name: c, prots: []}]}}").Errors().Only(Codes.UnknownField);

    [Theory]
    [InlineData("{spec: {containers: [{image: x, size: big}]}}", Codes.WorkloadPods)]
    [InlineData("{metadata: {labels: {a: 1}}, spec: {containers: [{name: c}]}}", MakesPods)]
    public void Of_an_unknown_kind_it_is_not(string template, string code) =>
        Of("example.com/v1", "WebApp", $"template: {template}").Only(code);

    [Theory]
    [InlineData("kubevirt.io/v1", "VirtualMachine")]
    [InlineData("monitoring.coreos.com/v1", "Prometheus")]
    [InlineData("monitoring.coreos.com/v1", "Alertmanager")]
    [InlineData("kafka.strimzi.io/v1beta2", "Kafka")]
    [InlineData("elasticsearch.k8s.elastic.co/v1", "Elasticsearch")]
    [InlineData("postgres-operator.crunchydata.com/v1beta1", "PostgresCluster")]
    [InlineData("serving.knative.dev/v1", "Service")]
    [InlineData("argoproj.io/v1alpha1", "Workflow")]
    [InlineData("sparkoperator.k8s.io/v1beta2", "SparkApplication")]
    [InlineData("ray.io/v1", "RayCluster")]
    [InlineData("tekton.dev/v1", "PipelineRun")]
    [InlineData("batch.volcano.sh/v1alpha1", "Job")]
    [InlineData("nvidia.com/v1", "ClusterPolicy")]
    [InlineData("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet")]
    public void Pods_that_cannot_be_worked_out_are_named_in_a_note(string apiVersion, string kind)
    {
        var note = Of(apiVersion, kind, "x: 1").Only(MakesPods);
        Assert.Equal((Severity.Note, $"`{kind}` of `{apiVersion}` makes pods, which are not in the answers"),
            (note.Severity, note.Message));
    }

    [Fact]
    public void A_Rollout_of_another_objects_template_is_named_too() => Of("argoproj.io/v1alpha1", "Rollout",
        "replicas: 2, workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}").Only(MakesPods);

    [Theory]
    [InlineData("argoproj.io/v1alpha1", "Application")]
    [InlineData("helm.toolkit.fluxcd.io/v2", "HelmRelease")]
    [InlineData("kustomize.toolkit.fluxcd.io/v1", "Kustomization")]
    [InlineData("operators.coreos.com/v1alpha1", "Subscription")]
    public void So_is_what_installs_other_objects(string apiVersion, string kind) =>
        Assert.Contains("installs other objects", Of(apiVersion, kind, "x: 1").Only(MakesPods).Message);

    [Fact]
    public void Of_an_unknown_kind_nobody_knows() =>
        Assert.Equal("`Widget` of `example.com/v1` is skipped; it may make pods",
            Of("example.com/v1", "Widget", "x: 1").Only(MakesPods).Message);
}
