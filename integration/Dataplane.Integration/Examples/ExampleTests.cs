using Dataplane.Linux.Namespaces;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Assertions;
using Dataplane.Policy.Model;
using Dataplane.Testing.Examples;

namespace Dataplane.Integration.Examples;

/// <summary>What every example expects is what packets do.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Examples => [.. ExampleFolder.Names];

    [Theory, MemberData(nameof(Examples))]
    public void Packets_do_what_is_expected(string example)
    {
        foreach (var step in ExampleStep.Read(example))
        {
            var measured = Measure(step);
            step.ShouldHold("packets", flow => measured[flow] switch
            {
                { Measured: Measured.Allowed } => new FlowAnswer(true, "captured at the destination"),
                { Measured: Measured.Denied } result => new FlowAnswer(false, $"dropped: {result.DropReason}"),
                _ => new FlowAnswer(null, "undecided"),
            });
        }
        ThreadHome.AssertAllHome();
    }

    /// <summary>
    /// A pod that may not open anything still answers: the reply belongs to a connection that was allowed.
    /// </summary>
    [Fact]
    public void Replies_pass_where_the_reverse_is_denied()
    {
        var step = ExampleStep.Read("13-stateful-replies")[^1];
        var answered = Measure(step).Values.Where(result => result.Flow
            is { From.Name: "default/api", To.Name: "default/db", Probe: { Protocol: FlowProtocol.Tcp, Port: 3306 } })
                .ToList();
        Assert.NotEmpty(answered);
        Assert.All(answered, result => Assert.NotNull(result.Reply));
    }

    private static Dictionary<Flow, FlowResult> Measure(ExampleStep step)
    {
        var flows = step.Plan.Checks.SelectMany(check => check.Flows).Distinct().ToList();
        var report =
            Verifier.Run(step.Cluster, NodeOptions.Default, flows, null, TestContext.Current.CancellationToken);
        Assert.Null(report.ControlFailure);
        return report.Flows.ToDictionary(result => result.Flow);
    }
}
