namespace Dataplane.Policy.Tests;

/// <summary>Which ports a rule is about: facts 3, 9, 10, 12, 13 and the ICMP half of 18.</summary>
public sealed class PortFacts
{
    private static Lab Pods => new Lab()
        .Pod("x/client", "app=client", ["http=TCP 9999"])
        .Pod("x/web", "app=web", ["http=TCP 80", "dns=UDP 53", "dns=TCP 5353"])
        .Pod("x/alt", "app=web", ["http=TCP 8080"])
        .Pod("x/bare", "app=web");

    private static Lab Enter(params string[] ports) => Pods.Policy("x/p", "app=web", ingress: [Rule.Ports(ports)]);

    private static Lab Leave(params string[] ports) => Pods.Policy("x/p", "app=client", egress: [Rule.Ports(ports)]);

    [Theory]
    [InlineData("TCP:1", true)]
    [InlineData("TCP:65535", true)]
    [InlineData("UDP:80", false)]
    [InlineData("SCTP:80", false)]
    [InlineData("ICMP", false)]
    public void Fact03_protocol_alone_is_every_port_of_it(string probe, bool allowed) =>
        Assert.Equal(allowed, Enter("TCP").Allows("x/client", "x/web", probe));

    [Theory]
    [InlineData("x/web", 80, true)]
    [InlineData("x/web", 8080, false)]
    [InlineData("x/web", 9999, false)]
    [InlineData("x/web", 5353, false)]
    [InlineData("x/alt", 8080, true)]
    [InlineData("x/alt", 80, false)]
    [InlineData("x/bare", 80, false)]
    public void Fact09_a_named_port_resolves_per_destination_pod(string to, int port, bool allowed)
    {
        Assert.Equal(allowed, Enter("TCP http").Allows("x/client", to, $"TCP:{port}"));
        Assert.Equal(allowed, Leave("TCP http").Allows("x/client", to, $"TCP:{port}"));
    }

    [Theory]
    [InlineData("TCP dns", "TCP:5353", true)]
    [InlineData("TCP dns", "TCP:53", false)]
    [InlineData("TCP dns", "UDP:53", false)]
    [InlineData("UDP dns", "UDP:53", true)]
    [InlineData("UDP dns", "UDP:5353", false)]
    [InlineData("UDP dns", "TCP:5353", false)]
    [InlineData("UDP http", "UDP:80", false)]
    [InlineData("SCTP dns", "SCTP:53", false)]
    public void Fact09_the_protocol_belongs_to_a_named_port(string port, string probe, bool allowed)
    {
        Assert.Equal(allowed, Enter(port).Allows("x/client", "x/web", probe));
        Assert.Equal(allowed, Leave(port).Allows("x/client", "x/web", probe));
    }

    [Fact]
    public void Fact09_two_containers_may_declare_one_name_and_both_count()
    {
        var lab = new Lab().Pod("x/client").Pod("x/web", "app=web", ["http=TCP 80", "http=TCP 8080"])
            .Policy("x/p", "app=web", ingress: [Rule.Ports("TCP http")]);
        Assert.True(lab.Allows("x/client", "x/web", "TCP:80"));
        Assert.True(lab.Allows("x/client", "x/web", "TCP:8080"));
        Assert.False(lab.Allows("x/client", "x/web", "TCP:81"));
    }

    [Fact]
    public void Fact09_a_named_egress_port_never_matches_an_external_address()
    {
        var lab = Leave("TCP http");
        Assert.False(lab.Allows("x/client", "172.17.5.9", "TCP:80"));
        Assert.False(lab.Allows("x/client", "172.17.5.9", "TCP:9999"));
    }

    [Fact]
    public void Fact09_a_named_port_resolves_for_external_sources_too() =>
        Assert.True(Enter("TCP http").Allows("172.17.5.9", "x/alt", "TCP:8080"));

    [Theory]
    [InlineData(7999, false)]
    [InlineData(8000, true)]
    [InlineData(8500, true)]
    [InlineData(9000, true)]
    [InlineData(9001, false)]
    public void Fact10_endPort_is_inclusive(int port, bool allowed)
    {
        Assert.Equal(allowed, Enter("TCP 8000-9000").Allows("x/client", "x/web", $"TCP:{port}"));
        Assert.Equal(allowed, Leave("TCP 8000-9000").Allows("x/client", "172.17.5.9", $"TCP:{port}"));
        Assert.False(Enter("TCP 8000-9000").Allows("x/client", "x/web", $"UDP:{port}"));
    }

    [Fact]
    public void Fact10_a_range_of_one_and_a_range_to_the_end()
    {
        Assert.True(Enter("TCP 80-80").Allows("x/client", "x/web", "TCP:80"));
        Assert.False(Enter("TCP 80-80").Allows("x/client", "x/web", "TCP:81"));
        Assert.True(Enter("TCP 1-65535").Allows("x/client", "x/web", "TCP:65535"));
    }

    [Fact]
    public void Ports_of_a_rule_are_ored()
    {
        var lab = Enter("TCP 80", "UDP 53");
        Assert.True(lab.Allows("x/client", "x/web", "TCP:80"));
        Assert.True(lab.Allows("x/client", "x/web", "UDP:53"));
        Assert.False(lab.Allows("x/client", "x/web", "UDP:80"));
    }

    [Fact]
    public void Fact12_undeclared_ports_are_reachable_and_enforced_all_the_same()
    {
        Assert.True(Pods.Allows("x/client", "x/bare", "TCP:4711"));
        Assert.True(Enter("TCP 4711").Allows("x/client", "x/bare", "TCP:4711"));
        Assert.False(Enter("TCP 80").Allows("x/client", "x/bare", "TCP:4711"));
    }

    [Fact]
    public void Fact13_SCTP_is_neither_TCP_nor_UDP()
    {
        var lab = Enter("SCTP 80");
        Assert.True(lab.Allows("x/client", "x/web", "SCTP:80"));
        Assert.False(lab.Allows("x/client", "x/web", "TCP:80"));
        Assert.False(lab.Allows("x/client", "x/web", "UDP:80"));
        Assert.False(Enter("TCP 80", "UDP 80").Allows("x/client", "x/web", "SCTP:80"));
    }

    [Fact]
    public void Fact18_ICMP_passes_where_a_rule_without_ports_or_no_isolation_allows_it()
    {
        Assert.True(Pods.Allows("x/client", "x/web", "ICMP"));
        Assert.True(Enter().Allows("x/client", "x/web", "ICMP"));
        Assert.False(Enter("TCP", "UDP", "SCTP").Allows("x/client", "x/web", "ICMP"));
        Assert.False(Pods.Policy("x/p", "app=web", ingress: []).Allows("x/client", "x/web", "ICMP"));
    }
}
