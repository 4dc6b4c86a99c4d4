using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Tests;

public sealed class MatrixTests
{
    private static readonly ExternalEndpoint Outside = new(IPAddress.Parse("172.17.5.9"));

    [Fact]
    public void Default_probes_are_the_declared_ports_once_each_sorted()
    {
        var lab = new Lab()
            .Pod("a", ports: ["SCTP 132", "x=TCP 8080", "UDP 53"]).Pod("b", ports: ["y=TCP 8080", "TCP 80"]).Pod("c");
        Assert.Equal(["TCP 80", "TCP 8080", "UDP 53", "SCTP 132"], Default(lab).Select(probe => probe.ToString()));
        Assert.Equal([Lab.Probe("TCP:80")], Default(new Lab().Pod("c")));
    }

    /// <summary>A range of all ports names none, and a name stands for declared ports.</summary>
    [Fact]
    public void Default_probes_are_also_the_ports_that_policies_name_of_a_range_both_ends()
    {
        var lab = new Lab().Pod("a", ports: ["http=TCP 8080"])
            .Policy("p", ingress: [Rule.Ports("TCP 3306", "TCP http", "UDP", "TCP 1-65535", "TCP 9000-9010")],
                egress: [Rule.Ports("UDP 53")])
            .Admin("t", 1, ingress: [TierRules.Deny(TierRules.Namespaces("{}"), "TCP 22", "SCTP 5-6")]);
        Assert.Equal(
            ["TCP 22", "TCP 3306", "TCP 8080", "TCP 9000", "TCP 9010", "UDP 53", "SCTP 5", "SCTP 6"],
            Default(lab).Select(probe => probe.ToString()));
    }

    [Fact]
    public void Too_many_default_probes_are_cut_to_those_that_most_name()
    {
        var lab = new Lab().Pod("a", ports: ["TCP 443"]).Pod("b", ports: ["TCP 443", "TCP 80"])
            .Policy("p", ingress: [Rule.Ports("TCP 22", "TCP 443", "TCP 80")]);
        var two = DefaultProbes.Of(lab.Cluster, externals: 1, AddressFamily.InterNetwork, mostFlows: 2 * 3 * 3);
        Assert.Equal(["TCP 80", "TCP 443"], two.Probes.Select(probe => probe.ToString()));
        Assert.Equal("2 of 3 ports are probed, those that most pods and policies name; name others with --probe",
            two.Cut);
        Assert.Equal(["TCP 443"],
            DefaultProbes.Of(lab.Cluster, 0, null, mostFlows: 0).Probes.Select(probe => probe.ToString()));
        Assert.Null(DefaultProbes.Of(lab.Cluster, 1, null, mostFlows: 3 * 2 * 3 * 3).Cut);
    }

    [Fact]
    public void Rows_are_sources_and_columns_destinations()
    {
        var lab = new Lab().Pod("b").Pod("a");
        var matrix =
            Assert.Single(Compute(lab, flow => flow.From.Name == "default/a", [], AddressFamily.InterNetwork).Probes);
        Assert.Equal(["default/a", "default/b"], matrix.Sources.Select(endpoint => endpoint.Name));
        Assert.Equal((true, true, false, false), (matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1]));
    }

    [Fact]
    public void Pods_without_the_family_and_external_pairs_are_left_out()
    {
        var lab = new Lab().Pod("v4", v6: false).Pod("v6", v4: false).Pod("host", hostNetwork: true);
        var matrix = Compute(lab, _ => true, [Outside, Outside], null);
        Assert.Equal([AddressFamily.InterNetwork, AddressFamily.InterNetworkV6],
            matrix.Probes.Select(probe => probe.Family));
        Assert.Equal("host v4 v6 172.17.5.9".Split(' '),
            matrix.Probes[0].Sources.Select(endpoint => endpoint.Name.Replace("default/", "")));
        Assert.Equal("XX-X XX-X ---- XX--", Cells(matrix.Probes[0]));
        Assert.Equal("X-X- ---- X-X- ----", Cells(matrix.Probes[1]));
    }

    [Fact]
    public void Only_families_that_some_pod_has_appear()
    {
        var lab = new Lab().Pod("a", v6: false);
        Assert.Equal([AddressFamily.InterNetwork],
            Compute(lab, _ => true, [], null).Probes.Select(probe => probe.Family));
        Assert.Empty(Compute(lab, _ =>
            true, [new ExternalEndpoint(IPAddress.Parse("2001:db8::1"))], AddressFamily.InterNetworkV6).Probes);
    }

    [Fact]
    public void Probes_come_once_each_and_sorted()
    {
        var matrix = ReachabilityMatrix.Compute(
            new Lab().Pod("a").Cluster, [Lab.Probe("icmp"), Lab.Probe("udp:1"), Lab.Probe("tcp:2"), Lab.Probe("tcp:2")],
            [], _ => true);
        Assert.Equal(["TCP 2 IPv4", "TCP 2 IPv6", "UDP 1 IPv4", "UDP 1 IPv6", "ICMP IPv4", "ICMP IPv6"],
            matrix.Probes.Select(probe => $"{probe.Probe} {probe.Family.Text()}"));
    }

    private static ReachabilityMatrix Compute(Lab lab, Func<Flow, bool> judge, ExternalEndpoint[] externals,
        AddressFamily? only) =>
        ReachabilityMatrix.Compute(lab.Cluster, [Lab.Probe("TCP:80")], externals, judge, only);

    private static IReadOnlyList<Probe> Default(Lab lab) =>
        DefaultProbes.Of(lab.Cluster, 0, null, long.MaxValue).Probes;

    private static string Cells(ProbeMatrix matrix)
    {
        var indices = Enumerable.Range(0, matrix.Sources.Count).ToList();
        return string.Join(' ', indices.Select(from =>
            string.Concat(indices.Select(to => matrix[from, to] switch { true => 'X', false => '.', null => '-' }))));
    }
}
