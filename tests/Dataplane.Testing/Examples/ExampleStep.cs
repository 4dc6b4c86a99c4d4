using Dataplane.Kubernetes.Assertions;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Planning;
using Dataplane.Policy.Assertions;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Testing.Examples;

/// <summary>One state of an example, and what its assertion file expects of it.</summary>
public sealed record ExampleStep(string Name, Cluster Cluster, AssertionPlan Plan)
{
    /// <summary>
    /// The steps of an example's <c>expect.yaml</c>. An error in it or in its manifests fails the test with the
    /// loader's own words.
    /// </summary>
    public static IReadOnlyList<ExampleStep> Read(string example)
    {
        var folder = ExampleFolder.Full(example);
        var path = Path.Combine(folder, "expect.yaml");
        var file = AssertionReader.Read($"{example}/expect.yaml", File.ReadAllText(path), out var diagnostics);
        Assert.True(file is not null, Text(diagnostics));
        return [.. file.Steps.Select((step, i) => Read(folder, step, $"{example}, {step.Name ?? $"step {i + 1}"}"))];
    }

    private static ExampleStep Read(string folder, AssertionStep step, string name)
    {
        var loaded = ManifestLoader.Load([.. step.Manifests.Select(manifest => Path.Combine(folder, manifest))]);
        Assert.False(loaded.HasErrors, $"{name}: {Text(loaded.Diagnostics)}");
        var built = ClusterBuilder.Build(loaded.Manifests, NodeOptions.Default);
        Assert.True(built.Cluster is not null, $"{name}: {Text(built.Diagnostics)}");
        var names = new QuestionNames(built.Cluster, NodeOptions.Default.PodNetworks);
        var plan = AssertionPlan.Of(step, names);
        Assert.True(plan.Problems.Count == 0, $"{name}: {Text(plan.Problems)}");
        Assert.NotEmpty(plan.Checks);
        return new ExampleStep(name, names.Cluster, plan);
    }

    /// <summary>Fails where an answer is not what the example expects.</summary>
    /// <param name="who">Whose answers they are.</param>
    public void ShouldHold(string who, Func<Flow, FlowAnswer> answer)
    {
        var wrong = AssertionRun.Of(Plan, answer).Where(result => !result.Ok)
            .Select(result => $"{result.Name}: want {result.WantText} "
                + $"({result.Position.File}:{result.Position.Line}), {who}: {result.Because}").ToList();
        Assert.True(wrong.Count == 0,
            $"{Name}: {wrong.Count} of {Plan.Checks.Count} checks are wrong:\n{string.Join('\n', wrong.Take(20))}");
    }

    private static string Text(IEnumerable<Diagnostic> diagnostics) =>
        string.Join('\n', diagnostics.Select(d => $"{d.Position}: {d.Message}"));
}
