using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Verification;

/// <summary>Which addresses take part and which cannot: <see cref="HostAddress"/> against the kernel.</summary>
public sealed class ExternalAddressTests
{
    /// <summary>The edges of ranges that ipBlocks name, as test collections like to use them.</summary>
    [Fact]
    public void Addresses_at_the_edge_of_networks_take_part()
    {
        string[] edges = ["0.0.0.1", "0.255.255.255", "1.0.0.0", "9.255.255.255", "10.0.0.0", "10.255.255.255",
            "126.255.255.255", "128.0.0.0",
            "169.254.1.1", "192.168.255.255", "223.255.255.255", "240.0.0.0", "255.255.255.254", "::2", "2001:db8::",
            "fd00::", "fec0::1", "2002:a00:1::1"];
        var report = Run(edges);
        Assert.Empty(report.Warnings);
        Assert.Empty(
            report.Flows.Where(f => !f.Agrees).Select(f => $"{f.Flow.From.Name} -> {f.Flow.To.Name} {f.Measured}"));
        Assert.All(edges, e => Assert.Contains(report.Flows, f => f.Flow.From.Name == e));
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void Addresses_no_machine_can_have_are_left_out_and_named()
    {
        string[] impossible = ["0.0.0.0", "127.0.0.1", "127.255.255.255", "224.0.0.1", "239.255.255.255",
            "255.255.255.255", "::", "::1", "ff02::1", "fe80::1"];
        var report = Run([.. impossible, "10.0.0.0"]);
        Assert.Equal(impossible.Length, report.Warnings.Count);
        Assert.All(impossible, address =>
            Assert.Contains(report.Warnings, w => w.StartsWith($"{address} is left out", StringComparison.Ordinal)));
        Assert.Equal(["10.0.0.0", "x/a"],
            report.Flows.Select(f => f.Flow.From.Name).Distinct().Order(StringComparer.Ordinal));
        ThreadHome.AssertAllHome();
    }

    private static VerifyReport Run(string[] externals)
    {
        var lab = new Lab().Namespace("x").Pod("x/a", "app=a")
            .Policy("x/a", "app=a", ingress: [Rule.Of([Rule.Block("0.0.0.0/0"), Rule.Block("::/0")], ["UDP 53"])]);
        var report = Verifier.Run(lab.Cluster, NodeOptions.Default,
            [new Probe(FlowProtocol.Udp, 53), new Probe(FlowProtocol.Tcp, 80)],
            [.. externals.Select(e => new ExternalEndpoint(IPAddress.Parse(e)))], null, null, null,
            TestContext.Current.CancellationToken);
        Assert.Null(report.ControlFailure);
        return report;
    }
}
