using System.Net;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Policy.Tests.Services;

/// <summary>Ports of the node that lead to pods.</summary>
public sealed class HostPortOracleTests
{
    private static readonly Cluster Cluster = new Lab().Namespace("x").Pod("x/a")
        .Pod("x/b", hostPorts: ["TCP 80 8080", "TCP 81 8081 192.0.2.7", "TCP 82 8082 127.0.0.1", "TCP 83 8083 ::"])
        .Pod("x/c", v6: false, hostPorts: ["UDP 80 8080", "TCP 85 8085"])
        .Pod("x/n", hostNetwork: true, hostPorts: ["TCP 84 84"])
        .Cluster;

    [Theory]
    [InlineData("10.244.0.1", "TCP:80", "10.244.0.3:8080")]
    [InlineData("fd00:10:244::1", "TCP:80", "fd00:10:244::3:8080")]
    [InlineData("10.244.0.1", "UDP:80", "10.244.0.4:8080")]
    [InlineData("fd00:10:244::1", "UDP:80", null)]
    [InlineData("192.0.2.7", "TCP:80", null)]
    [InlineData("192.0.2.7", "TCP:81", "10.244.0.3:8081")]
    [InlineData("10.244.0.1", "TCP:81", null)]
    [InlineData("127.0.0.1", "TCP:82", null)]
    [InlineData("10.244.0.1", "TCP:83", null)]
    [InlineData("fd00:10:244::1", "TCP:83", "fd00:10:244::3:8083")]
    [InlineData("10.244.0.1", "TCP:84", null)]
    [InlineData("10.244.0.3", "TCP:80", null)]
    public void A_packet_to_one_becomes_a_packet_to_the_pod(string to, string probe, string? backend)
    {
        foreach (var source in new Endpoint[] { Cluster.Pods[0], Cluster.Node, Outside(to) })
        {
            var answer = ServiceOracle.Ask(Cluster, source, IPAddress.Parse(to), Lab.Probe(probe));
            Assert.Equal((backend is null ? ServiceFate.NotForService : ServiceFate.Translated, backend),
                (answer.Fate, answer.Backends is [var only] ? $"{only.Address}:{only.Port}" : null));
        }

        static ExternalEndpoint Outside(string to) =>
            new(IPAddress.Parse(to.Contains(':', StringComparison.Ordinal) ? "2001:db8::9" : "198.51.100.9"));
    }

    [Fact]
    public void No_packet_is_to_show_that_one_arrives_at_the_node()
    {
        var flows = ReachabilityMatrix.Flows(Cluster, [Lab.Probe("TCP:80"), Lab.Probe("TCP:81")], []);
        Assert.DoesNotContain(flows, f => f.To.Name == "x/n" && f.Probe.Port == 80);
        Assert.Contains(flows, f => f.To.Name == "x/n" && f.Probe.Port == 81);
        Assert.Contains(flows, f => f.To.Name == "x/b" && f.Probe.Port == 80);
    }
}
