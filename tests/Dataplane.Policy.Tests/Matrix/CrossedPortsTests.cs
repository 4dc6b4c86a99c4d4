using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Tests;

/// <summary>Which columns a table of default probes has: a port with the pods that it is about.</summary>
public sealed class CrossedPortsTests
{
    private static string Of(Lab lab, params string[] probes)
    {
        Probe[] asked = [.. probes.Select(Lab.Probe)];
        var crossed = new CrossedPorts(lab.Cluster, asked);
        return string.Join("; ", lab.Cluster.Pods.Select(pod => $"{pod.Pod.Name} {(crossed.HasAny(pod)
            ? string.Join(" ", asked.Where(p => crossed.Has(pod, p))) : "-")}"));
    }

    [Fact]
    public void A_pod_has_the_ports_that_it_declares() => Assert.Equal("a TCP 80; b UDP 53; c -",
        Of(new Lab().Pod("a", ports: ["TCP 80"]).Pod("b", ports: ["UDP 53"]).Pod("c"), "TCP:80", "UDP:53"));

    /// <summary>A rule about what enters is about the pods of its policy, whatever they declare.</summary>
    [Fact]
    public void And_those_that_its_policies_name() => Assert.Equal("a TCP 80 TCP 3306; b TCP 3306", Of(
        new Lab().Pod("a", ports: ["TCP 80"]).Pod("b").Policy("p", ingress: [Rule.Ports("TCP 3306")]),
        "TCP:80", "TCP:3306"));

    [Fact]
    public void A_range_has_both_of_its_ends_and_all_ports_are_none() => Assert.Equal("a TCP 9000 TCP 9010",
        Of(new Lab().Pod("a").Policy("p", ingress: [Rule.Ports("TCP 9000-9010"), Rule.Ports("TCP 1-65535")]),
            "TCP:80", "TCP:9000", "TCP:9010"));

    [Fact]
    public void What_is_not_asked_for_is_left_out() =>
        Assert.Equal("a -", Of(new Lab().Pod("a", ports: ["TCP 80"]), "TCP:81"));
}
