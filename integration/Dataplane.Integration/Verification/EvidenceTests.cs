using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Verification;

/// <summary>The file of <c>verify --pcap</c> is for other programs to read.</summary>
public sealed class EvidenceTests
{
    [Fact]
    public void Tcpdump_reads_what_arrived_and_what_was_dropped()
    {
        using var directory = new TempDirectory();
        var path = directory["evidence.pcapng"];
        var cluster = new Lab().Namespace("x").Pod("x/a").Pod("x/b").Policy("x/closed", ingress: []).Cluster;
        var report = Verifier.Run(cluster, NodeOptions.Default, [new Probe(FlowProtocol.Tcp, 80)], [], null, path, null,
            TestContext.Current.CancellationToken);
        Assert.Equal(report.Flows.Count, report.Agree);
        var lines = Tool.Tcpdump("-nr", path);
        // Each to itself, and nothing to the other: the denied ones are there because they were logged.
        foreach (var (from, to) in new[] { (0, 1), (1, 0) })
        {
            Assert.Contains(lines,
                l => l.Contains($" IP {cluster.Pods[from].IPv4}.", StringComparison.Ordinal)
                    && l.Contains($"> {cluster.Pods[to].IPv4}.80: Flags [S]", StringComparison.Ordinal));
        }
    }
}
