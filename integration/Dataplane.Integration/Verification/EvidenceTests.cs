using System.Diagnostics;
using Dataplane.Node.Addressing;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;
using Dataplane.Policy.Tests;
namespace Dataplane.Integration.Verification;

/// <summary>The file of <c>verify --pcap</c> is for other programs to read.</summary>
public sealed class EvidenceTests
{
    [Fact]
    public void Tcpdump_reads_what_arrived_and_what_was_dropped()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tcpdump"), "tcpdump is not installed");
        var path = Path.Combine(Path.GetTempPath(), $"dpt-{Guid.NewGuid():n}.pcapng");
        try
        {
            var cluster = new Lab().Namespace("x").Pod("x/a").Pod("x/b").Policy("x/closed", ingress: []).Cluster;
            var report = Verifier.Run(cluster, NodeOptions.Default, [new Probe(FlowProtocol.Tcp, 80)], [], null, path, null, TestContext.Current.CancellationToken);
            Assert.Equal(report.Flows.Count, report.Agree);
            var lines = Tcpdump("-nr", path);
            // Each to itself, and nothing to the other: the denied ones are there because they were logged.
            foreach (var (from, to) in new[] { (0, 1), (1, 0) })
                Assert.Contains(lines, l => l.Contains($" IP {cluster.Pods[from].IPv4}.", StringComparison.Ordinal) && l.Contains($"> {cluster.Pods[to].IPv4}.80: Flags [S]", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string[] Tcpdump(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/tcpdump", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput.ReadToEnd().Split('\n');
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return lines;
    }
}
