using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Tests;

/// <summary>Traffic that NetworkPolicy does not own: facts 16 and 17, and what is no flow at all.</summary>
public sealed class UnownedTrafficFacts
{
    private static Lab Closed => new Lab()
        .Pod("x/a", "app=a").Pod("x/b", "app=b").Pod("x/host", "app=host", ["http=TCP 80"], hostNetwork: true)
        .Policy("x/deny", ingress: [], egress: []);

    [Fact]
    public void Fact16_a_pod_cannot_block_itself()
    {
        var verdict = Closed.Judge("x/a", "x/a");
        Assert.True(verdict.Allowed);
        Assert.Equal((SideBasis.Itself, SideBasis.Itself), (verdict.Leaving.Basis, verdict.Entering.Basis));
        Assert.False(Closed.Allows("x/a", "x/b"));
    }

    [Theory]
    [InlineData("node", "x/a", SideBasis.NotSelectable, SideBasis.NodeTraffic)]
    [InlineData("x/a", "node", SideBasis.NodeTraffic, SideBasis.NotSelectable)]
    [InlineData("x/host", "x/a", SideBasis.NotSelectable, SideBasis.NodeTraffic)]
    [InlineData("x/a", "x/host", SideBasis.NodeTraffic, SideBasis.NotSelectable)]
    [InlineData("node", "x/host", SideBasis.NotSelectable, SideBasis.NotSelectable)]
    [InlineData("x/host", "x/host", SideBasis.NotSelectable, SideBasis.NotSelectable)]
    [InlineData("172.17.5.9", "x/host", SideBasis.NotSelectable, SideBasis.NotSelectable)]
    [InlineData("x/host", "172.17.5.9", SideBasis.NotSelectable, SideBasis.NotSelectable)]
    public void Fact16_and_17_node_traffic_is_never_blocked(string from, string to, SideBasis leaving,
        SideBasis entering)
    {
        foreach (var family in AddressFamilies.All.Where(family => !from.Contains('.') && !to.Contains('.')
            || family == AddressFamily.InterNetwork))
        {
            var verdict = Closed.Judge(from, to, family: family);
            Assert.True(verdict.Allowed);
            Assert.Equal((leaving, entering), (verdict.Leaving.Basis, verdict.Entering.Basis));
            Assert.Empty(verdict.Leaving.IsolatedBy);
            Assert.Empty(verdict.Entering.IsolatedBy);
        }
    }

    [Fact]
    public void Fact16_node_traffic_needs_no_rule_and_no_rule_is_credited_with_it()
    {
        var lab = Closed.Policy("x/p", ingress: [Rule.Peers(Rule.Block("10.244.0.1/32"), Rule.Pods("app=host"))]);
        Assert.Null(lab.Judge("x/host", "x/a").Entering.DecidedBy);
        Assert.True(lab.Allows("node", "x/a"));
    }

    [Fact]
    public void External_endpoints_have_no_side_of_their_own()
    {
        var verdict = Closed.Judge("172.17.5.9", "x/a");
        Assert.Equal((SideBasis.NotSelectable, SideBasis.NoRuleAllows),
            (verdict.Leaving.Basis, verdict.Entering.Basis));
        verdict = Closed.Judge("x/a", "172.17.5.9");
        Assert.Equal((SideBasis.NoRuleAllows, SideBasis.NotSelectable),
            (verdict.Leaving.Basis, verdict.Entering.Basis));
    }

    [Fact]
    public void External_to_external_is_no_flow() =>
        Assert.Throws<ArgumentException>(() => Closed.Judge("172.17.5.9", "172.17.5.10"));

    [Fact]
    public void A_flow_needs_an_address_of_its_family_at_both_ends()
    {
        var lab = new Lab().Pod("x/v4", v6: false).Pod("x/both");
        Assert.True(lab.Allows("x/v4", "x/both"));
        Assert.Throws<ArgumentException>(() => lab.Judge("x/v4", "x/both", family: AddressFamily.InterNetworkV6));
        Assert.Throws<ArgumentException>(() => lab.Judge("x/both", "x/v4", family: AddressFamily.InterNetworkV6));
        var external = new Flow(new ExternalEndpoint(IPAddress.Parse("172.17.5.9")), lab.Endpoint("x/both"),
            Lab.Probe("TCP:80"), AddressFamily.InterNetworkV6);
        Assert.Throws<ArgumentException>(() => Oracle.Evaluate(lab.Cluster, external));
    }
}
