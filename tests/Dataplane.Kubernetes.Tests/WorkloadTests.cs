using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Kubernetes.Tests;

public sealed class WorkloadTests
{
    private const string Template = "template: {metadata: {labels: {app: a}}, spec: {hostNetwork: true, containers: "
        + "[{name: c, ports: [{name: web, containerPort: 80}]}]}}";
    private const string Selector = "selector: {matchLabels: {app: a}}";

    private static LoadResult Load(string apiVersion, string kind, params string[] spec)
        => Given.Text($"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: w, namespace: 'n', labels: {{own: "
            + $"label}}}}\nspec:\n  " + string.Join("\n  ", spec) + "\n");

    private static IReadOnlyList<PodObject> Pods(LoadResult result)
    {
        Assert.Equal(Severity.Note, result.Only(Codes.WorkloadPods).Severity);
        return result.Manifests.Pods;
    }

    [Theory]
    [InlineData("apps/v1", "Deployment")]
    [InlineData("apps/v1", "ReplicaSet")]
    [InlineData("apps/v1", "StatefulSet")]
    public void Replicas_become_pods(string apiVersion, string kind)
    {
        Assert.Equal(["n/w-0"], Pods(Load(apiVersion, kind, Selector, Template)).Select(p => p.FullName));
        Assert.Equal(["n/w-0", "n/w-1", "n/w-2"],
            Pods(Load(apiVersion, kind, "replicas: 3", Selector, Template)).Select(p => p.FullName));
        Assert.Empty(Pods(Load(apiVersion, kind, "replicas: 0", Selector, Template)));
    }

    [Fact]
    public void Pods_have_what_the_template_says()
    {
        var pod = Assert.Single(Pods(Load("apps/v1", "Deployment", Selector, Template)));
        Assert.Equal(["app=a", "pod-template-hash=(generated)"], pod.Labels.Select(l => $"{l.Key}={l.Value}"));
        Assert.Equal(("web", 80), (Assert.Single(pod.Ports).Name, pod.Ports[0].Port));
        Assert.True(pod.HostNetwork);
        Assert.Equal((6, 13), (pod.Position.Line, pod.Position.Column));
    }

    [Fact]
    public void A_daemon_set_is_one_pod_on_one_machine() =>
        Assert.Equal(["n/w-0"], Pods(Load("apps/v1", "DaemonSet", Selector, Template)).Select(p => p.FullName));

    [Fact]
    public void A_replication_controller_needs_no_selector()
    {
        Assert.Equal(2, Pods(Load("v1", "ReplicationController", "replicas: 2", Template)).Count);
        Assert.Single(Pods(Load("v1", "ReplicationController", "selector: {app: a}", Template)));
        Load("v1", "ReplicationController", "selector: {app: b}", Template).Errors().Only(Codes.SelectorMissesTemplate);
    }

    [Fact]
    public void Jobs_run_as_many_pods_at_once_as_their_parallelism()
    {
        var pods = Pods(Load("batch/v1", "Job", "parallelism: 2", "completions: 9", Template));
        Assert.Equal(["n/w-0", "n/w-1"], pods.Select(p => p.FullName));
        Assert.All(["app=a", "batch.kubernetes.io/job-name=w", "job-name=w"],
            label => Assert.Contains(label, pods[1].Labels.Select(l => $"{l.Key}={l.Value}")));
        Assert.Equal(3, Pods(Load("batch/v1", "CronJob", "schedule: '* * * * *'",
            "jobTemplate: {spec: {parallelism: 3, " + Template + "}}")).Count);
    }

    [Fact]
    public void Pods_of_a_stateful_set_carry_their_name_and_number()
    {
        var pods = Pods(Load("apps/v1", "StatefulSet", "replicas: 2", "ordinals: {start: 5}", Selector, Template));
        Assert.Equal(["n/w-5", "n/w-6"], pods.Select(p => p.FullName));
        Assert.All(["app=a", "apps.kubernetes.io/pod-index=6", "statefulset.kubernetes.io/pod-name=w-6"],
            label => Assert.Contains(label, pods[1].Labels.Select(l => $"{l.Key}={l.Value}")));
    }

    [Fact]
    public void Pods_of_a_stateful_set_have_names_below_that_of_its_service() =>
        Assert.Equal([("w-0", "db"), ("w-1", "db")],
            Pods(Load("apps/v1", "StatefulSet", "replicas: 2", "serviceName: db", Selector, Template))
                .Select(p => (p.HostName, p.Subdomain)));

    [Fact]
    public void Pods_of_a_deployment_have_the_names_of_its_template() =>
        Assert.Equal(("h", "s"), Pods(Load("apps/v1", "Deployment", Selector,
            Template.Replace("hostNetwork: true", "hostname: h, subdomain: s", StringComparison.Ordinal)))
                .Select(p => (p.HostName, p.Subdomain)).Single());

    [Fact]
    public void A_service_that_no_pod_can_have_its_name_below() =>
        Load("apps/v1", "StatefulSet", "serviceName: a.b", Selector, Template).Errors().Only(Codes.InvalidName);

    [Theory]
    [InlineData("replicas: 1001", Codes.InvalidValue)]
    [InlineData("replicas: -1", Codes.InvalidValue)]
    [InlineData("replicas: '2'", Codes.WrongType)]
    [InlineData("replica: 2", Codes.UnknownField)]
    public void Wrong_replicas(string line, string code) =>
        Load("apps/v1", "Deployment", line, Selector, Template).Errors().Only(code);

    [Fact]
    public void A_thousand_replicas_are_taken() =>
        Assert.Equal(1000, Pods(Load("apps/v1", "Deployment", "replicas: 1000", Selector, Template)).Count);

    [Theory]
    [InlineData("selector: {matchLabels: {app: b}}", Codes.SelectorMissesTemplate)]
    [InlineData("selector: {matchExpressions: [{key: app, operator: In, values: [b]}]}", Codes.SelectorMissesTemplate)]
    [InlineData("paused: true", Codes.MissingField)]
    public void The_selector_must_select_the_template(string line, string code) =>
        Load("apps/v1", "Deployment", line, Template).Errors().Only(code);

    [Theory]
    [InlineData("template: {spec: {containers: [{name: c}]}}")]
    [InlineData("template: {metadata: {}, spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}}")]
    public void A_template_needs_the_labels_of_the_selector(string template) =>
        Load("apps/v1", "Deployment", Selector, template).Errors().Only(Codes.SelectorMissesTemplate);

    [Theory]
    [InlineData("template: {metadata: {labels: {app: a}}, spec: {hostnetwork: true, containers: [{name: c}]}}",
        Codes.UnknownField)]
    [InlineData("template: {metadata: {labels: {app: a}}, spec: {containers: []}}", Codes.MissingField)]
    [InlineData("template: {metadata: {labels: {app: a}}}", Codes.MissingField)]
    public void The_template_is_read_as_strictly_as_a_pod(string template, string code)
        => Assert.Equal([code],
            Load("apps/v1", "Deployment", Selector, template).Diagnostics.Where(d => d.Severity == Severity.Error)
                .Select(d => d.Code));

    [Fact]
    public void A_pod_of_the_same_name_is_a_duplicate()
    {
        var deployment =
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: w}, spec: {selector: {matchLabels: {app: a}}, "
                + Template
                + "}}\n---\n";
        Given.Text(deployment + "{apiVersion: v1, kind: Pod, metadata: {name: w-0}, spec: {containers: [{name: c}]}}\n")
            .Errors()
            .Only(Codes.DuplicateObject);
        Given.Text(deployment + deployment).Errors().Only(Codes.DuplicateObject);
    }

    [Fact]
    public void A_few_lines_do_not_become_gigabytes()
    {
        var many = string.Concat(Enumerable.Range(0, 101).Select(i
            => $"{{apiVersion: v1, kind: ReplicationController, metadata: {{name: w{i}}}, spec: {{replicas: 1000, "
                + $"{Template}}}}}\n---\n"));
        var result = Given.Text(many);
        result.Errors().Only(Codes.TooManyItems);
        Assert.Equal(100_000, result.Manifests.Pods.Count);
    }
}
