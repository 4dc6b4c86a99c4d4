using Dataplane.Kubernetes.Diagnostics;

namespace Dataplane.Policy.Tests.Warnings;

/// <summary>Warnings about labels that no manifest shows, because a controller puts them on the pods.</summary>
public sealed class ControllerLabelWarningTests
{
    private const string Template = "template: {metadata: {labels: {app: w}}, spec: {containers: [{name: c}]}}";

    private const string Workloads =
        $"{{apiVersion: batch/v1, kind: CronJob, metadata: {{name: cron}}, spec: {{schedule: '@daily', jobTemplate: {{spec: {{{Template}}}}}}}}}\n---\n"
        + $"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: web}}, spec: {{selector: {{matchLabels: {{app: w}}}}, {Template}}}}}\n---\n";

    private static IReadOnlyList<Diagnostic> Of(string spec) => WarningsOf.Text(Workloads
        + $"{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: p}}, spec: {{{spec}}}}}\n");

    [Theory]
    [InlineData("podSelector: {matchExpressions: [{key: job-name, operator: Exists}]}")]
    [InlineData("podSelector: {}, ingress: [{from: [{podSelector: {matchExpressions: [{key: pod-template-hash, operator: Exists}]}}]}]")]
    // Which value it will be nobody knows: it may be this one.
    [InlineData("podSelector: {matchLabels: {job-name: cron-28571}}")]
    [InlineData("podSelector: {matchLabels: {pod-template-hash: 6d4cf56db6}}")]
    [InlineData("podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: w, pod-template-hash: 6d4cf56db6}}}]}]")]
    [InlineData("podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {batch.kubernetes.io/job-name: cron-28571}}}]}]")]
    public void Nothing_false_is_said_of_them(string spec) => Assert.Empty(Of(spec));

    [Theory]
    [InlineData("podSelector: {matchLabels: {app: x, pod-template-hash: 6d4cf56db6}}", "S015")]
    [InlineData("podSelector: {}, ingress: [{from: [{podSelector: {matchExpressions: [{key: job-name, operator: DoesNotExist}, {key: app, operator: DoesNotExist}]}}]}]", "S011")]
    [InlineData("podSelector: {matchLabels: {jobname: cron}}", "S015")]
    public void What_cannot_match_is_still_said(string spec, string code) => Assert.Equal([code], Of(spec).Select(w => w.Code));

    [Fact]
    public void They_are_no_advice()
    {
        var only = Assert.Single(Of("podSelector: {matchLabels: {app: web-0}}"));
        // The label of the template, and none that changes with each rollout.
        Assert.Equal("write `app: w`", only.Help);
        foreach (var spec in new[] { "podSelector: {matchLabels: {app: x, pod-template-hash: z}}", "podSelector: {matchLabels: {tier: x}}" })
        {
            Assert.All(Of(spec), w => Assert.DoesNotContain("(generated)", w.Help ?? "", StringComparison.Ordinal));
        }
    }
}
