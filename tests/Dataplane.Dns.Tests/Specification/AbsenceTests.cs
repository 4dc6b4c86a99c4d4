using Dataplane.Dns.Zones;

namespace Dataplane.Dns.Tests.Specification;

/// <summary>What is not there, and what is not for us.</summary>
public sealed class AbsenceTests
{
    private static readonly Zone Zone = Names.Zone("""
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {clusterIP: 10.96.0.20, ports: [{name: http, port: 80}]}
        """);

    private static readonly string[] Authority =
        ["cluster.local 5 SOA ns.dns.cluster.local hostmaster.cluster.local 7 7200 1800 86400 5"];

    [Theory]
    [InlineData("nobody.shop.svc.cluster.local")]
    [InlineData("x.web.shop.svc.cluster.local")]
    [InlineData("web.other.svc.cluster.local")]
    [InlineData("other.svc.cluster.local")]
    [InlineData("web.shop.cluster.local")]
    public void No_such_name(string name)
    {
        var answer = Asked.Of(Zone, name, Asked.A);
        Assert.Equal(3, answer.Code);
        Assert.True(answer.IsAuthoritative);
        Assert.Equal(Authority, answer.Authority);
        Assert.Empty(answer.Answers);
    }

    [Theory]
    [InlineData("web.shop.svc.cluster.local", Asked.Aaaa)]
    [InlineData("web.shop.svc.cluster.local", Asked.Mx)]
    [InlineData("cluster.local", Asked.A)]
    [InlineData("svc.cluster.local", Asked.A)]
    [InlineData("pod.cluster.local", Asked.A)]
    [InlineData("shop.svc.cluster.local", Asked.A)]
    [InlineData("_tcp.web.shop.svc.cluster.local", Asked.Srv)]
    public void A_name_without_that_type_and_a_name_that_only_has_names_below_it(string name, int type)
    {
        var answer = Asked.Of(Zone, name, type);
        Assert.Equal(0, answer.Code);
        Assert.Equal(Authority, answer.Authority);
        Assert.Empty(answer.Answers);
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("local")]
    [InlineData("")]
    [InlineData("xcluster.local")]
    [InlineData("cluster.local.example.com")]
    public void Names_of_elsewhere_are_refused(string name)
    {
        var answer = Asked.Of(Zone, name, Asked.A);
        Assert.Equal(5, answer.Code);
        Assert.False(answer.IsAuthoritative);
        Assert.False(answer.OffersRecursion);
    }

    /// <summary>nslookup of BIND asks the next server where the bit RA is missing.</summary>
    [Theory]
    [InlineData("web.shop.svc.cluster.local")]
    [InlineData("no.shop.svc.cluster.local")]
    public void Names_of_the_cluster_send_nobody_to_another_server(string name) =>
        Assert.True(Asked.Of(Zone, name, Asked.A).OffersRecursion);

    [Fact]
    public void An_address_without_a_name()
    {
        var answer = Asked.Of(Zone, "1.2.3.4.in-addr.arpa", Asked.Ptr);
        Assert.Equal(3, answer.Code);
        Assert.StartsWith("in-addr.arpa 5 SOA", Assert.Single(answer.Authority), StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_first_names_nothing_is_known() =>
        Assert.Equal(2, Asked.Of(null, Asked.Query("web.shop.svc.cluster.local", Asked.A))!.Code);

    [Theory]
    [InlineData(252)]
    [InlineData(251)]
    public void The_whole_zone_is_for_nobody(int type) => Assert.Equal(5, Asked.Of(Zone, "cluster.local", type).Code);

    [Theory]
    [InlineData(3)]
    [InlineData(255)]
    public void Other_classes_are_refused(int @class) =>
        Assert.Equal(5, Asked.Of(Zone, Asked.Query("cluster.local", Asked.Soa, @class: @class))!.Code);

    [Fact]
    public void A_name_goes_with_its_last_record_and_its_parents_with_it()
    {
        var table = Names.Table("""
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {clusterIP: 10.96.0.20, ports: [{name: http, port: 80}]}
            """);
        var zone = new Zone();
        zone.Apply([], [.. table.Records]);
        table.Remove("shop/web");
        var change = table.Step();
        zone.Apply(change.Removed, change.Added);
        Assert.Empty(table.Records);
        Assert.Equal(3, Asked.Of(zone, "web.shop.svc.cluster.local", Asked.A).Code);
        Assert.Equal(3, Asked.Of(zone, "shop.svc.cluster.local", Asked.A).Code);
        Assert.Equal(0, Asked.Of(zone, "svc.cluster.local", Asked.A).Code);
        Assert.Equal(3, Asked.Of(zone, "10.in-addr.arpa", Asked.Ptr).Code);
        Assert.Equal(0, Asked.Of(zone, "in-addr.arpa", Asked.Ptr).Code);
    }
}
