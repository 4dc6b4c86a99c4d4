using Dataplane.Kubernetes.Diagnostics;

namespace Dataplane.Policy.Tests.Warnings;

/// <summary>Warnings about labels that no manifest shows, because a controller puts them on the pods.</summary>
public sealed class ControllerLabelWarningTests
{
    private const string Workloads = """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: cron}
        spec:
          schedule: '@daily'
          jobTemplate: {spec: {template: {metadata: {labels: {app: w}}, spec: {containers: [{name: c}]}}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          selector: {matchLabels: {app: w}}
          template: {metadata: {labels: {app: w}}, spec: {containers: [{name: c}]}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p}
        spec:
        """;

    private static IReadOnlyList<Diagnostic> Selecting(string pods) =>
        WarningsOf.Text($"{Workloads} {{podSelector: {{{pods}}}}}\n");

    private static IReadOnlyList<Diagnostic> From(string peer) =>
        WarningsOf.Text($"{Workloads} {{podSelector: {{}}, ingress: [{{from: [{{{peer}}}]}}]}}\n");

    [Theory]
    [InlineData("matchExpressions: [{key: job-name, operator: Exists}]")]
    [InlineData("matchExpressions: [{key: pod-template-hash, operator: Exists}]")]
    // Which value it will be nobody knows: it may be this one.
    [InlineData("matchLabels: {job-name: cron-28571}")]
    [InlineData("matchLabels: {app: w, pod-template-hash: 6d4cf56db6}")]
    public void Nothing_false_is_said_of_them(string selector)
    {
        Assert.Empty(Selecting(selector));
        Assert.Empty(From($"podSelector: {{{selector}}}"));
        Assert.Empty(From($"namespaceSelector: {{}}, podSelector: {{{selector}}}"));
    }

    [Theory]
    [InlineData("matchLabels: {app: x, pod-template-hash: 6d4cf56db6}")]
    [InlineData("matchExpressions: [{key: app, operator: DoesNotExist}]")]
    [InlineData("matchLabels: {jobname: cron}")]
    public void What_cannot_match_is_still_said(string selector)
    {
        Assert.Equal(["S015"], Selecting(selector).Select(w => w.Code));
        Assert.Equal(["S011"], From($"podSelector: {{{selector}}}").Select(w => w.Code));
    }

    [Fact]
    public void They_are_no_advice()
    {
        // The label of the template, and none that changes with each rollout.
        Assert.Equal("write `app: w`", Assert.Single(Selecting("matchLabels: {app: web-0}")).Help);
        foreach (var selector in new[] { "matchLabels: {app: x, pod-template-hash: z}", "matchLabels: {tier: x}" })
        {
            Assert.All(Selecting(selector),
                w => Assert.DoesNotContain("(generated)", w.Help ?? "", StringComparison.Ordinal));
        }
    }
}
