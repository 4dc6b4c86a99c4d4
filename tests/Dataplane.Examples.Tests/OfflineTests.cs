using Dataplane.Kubernetes.Assertions;
using Dataplane.Policy.Assertions;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Evaluation;
using Dataplane.Testing.Examples;

namespace Dataplane.Examples.Tests;

/// <summary>What every example expects is what the policies say, by both evaluators.</summary>
public sealed class OfflineTests
{
    public static TheoryData<string> Examples => [.. ExampleFolder.Names];

    [Theory, MemberData(nameof(Examples))]
    public void The_oracle_and_the_compiled_classes_say_what_is_expected(string example)
    {
        foreach (var step in ExampleStep.Read(example))
        {
            var compiled = new CompiledEvaluator(step.Cluster, Compiler.Compile(step.Cluster));
            step.ShouldHold("the oracle", flow => Answer(Oracle.Evaluate(step.Cluster, flow).Allowed));
            step.ShouldHold("the compiled classes", flow => Answer(compiled.IsAllowed(flow)));
        }
    }

    /// <summary>
    /// An example that only ever allows, or only denies with no other word, would not notice a program that does the
    /// same.
    /// </summary>
    [Theory, MemberData(nameof(Examples))]
    public void Every_example_asks_about_something_that_is_allowed(string example) =>
        Assert.Contains(
            ExampleStep.Read(example).SelectMany(step => step.Plan.Checks), check => check.Want == Wanted.Allow);

    [Fact]
    public void There_are_enough_of_them() => Assert.InRange(ExampleFolder.Names.Count, 20, 99);

    private static FlowAnswer Answer(bool allowed) => new(allowed, allowed ? "allowed" : "denied");
}
