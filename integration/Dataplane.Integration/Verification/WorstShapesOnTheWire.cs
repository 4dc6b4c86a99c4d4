using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Testing.Shapes;

namespace Dataplane.Integration.Verification;

/// <summary>
/// Small random clusters have few classes; these have groups, groups of blocks, and pairs that are excepted from them.
/// </summary>
public sealed class WorstShapesOnTheWire
{
    private static readonly Probe[] Probes =
        [new(FlowProtocol.Tcp, 80), new(FlowProtocol.Tcp, 443), new(FlowProtocol.Tcp, 8001), new(FlowProtocol.Udp, 80)];
    private static readonly ExternalEndpoint[] Externals =
        [.. new[] { "20.0.0.9", "20.0.3.9", "172.16.0.9", "172.16.0.130", "40.0.0.9", "2001:db8::9" }
            .Select(a => new ExternalEndpoint(IPAddress.Parse(a)))];

    public static TheoryData<string> Shapes => [.. WorstShape.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Packets_do_what_the_oracle_says(string name)
    {
        var cluster = WorstShape.All.Single(s => s.Name == name).Of(12);
        var report = Verifier.Run(cluster, NodeOptions.Default, Probes, Externals, null, null, null,
            TestContext.Current.CancellationToken);
        Assert.Null(report.ControlFailure);
        Assert.Equal([], report.Flows.Where(f => !f.Agrees).Take(5));
        ThreadHome.AssertAllHome();
    }
}
