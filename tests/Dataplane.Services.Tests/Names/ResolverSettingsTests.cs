using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Services.Names;

namespace Dataplane.Services.Tests.Names;

/// <summary>The resolv.conf of a pod, as the kubelet puts it together from policy, configuration and machine.</summary>
public sealed class ResolverSettingsTests
{
    private static readonly IPAddress[] Cluster = [IPAddress.Parse("10.96.0.10"), IPAddress.Parse("fd00:10:96::a")];

    private static readonly ResolverSettings Machine = ResolverSettings.Parse(
        ["# comment", "domain first.example", "nameserver 192.0.2.53", "search corp.example lab.example",
            "options edns0 ndots:2"]);

    private static string[] Lines(DnsPolicy policy, PodDns? more = null, bool hostNetwork = false,
        IPAddress[]? cluster = null) =>
        [.. ResolverSettings.Of(Pod((more ?? PodDns.Usual) with { Policy = policy }, hostNetwork), cluster ?? Cluster,
            Machine).Lines()];

    private static PodObject Pod(PodDns dns, bool hostNetwork) => new("shop", "web", new Dictionary<string, string>(),
        [], hostNetwork, [], new SourcePosition("test.yaml", 1, 1)) { Dns = dns };

    private static PodDns With(string[] servers, string[] searches, params DnsOption[] options) =>
        new(DnsPolicy.ClusterFirst, [.. servers.Select(IPAddress.Parse)], searches, options);

    private static readonly string[] OfCluster =
    [
        "nameserver 10.96.0.10", "nameserver fd00:10:96::a",
        "search shop.svc.cluster.local svc.cluster.local cluster.local", "options ndots:5",
    ];

    private static readonly string[] OfMachine =
        ["nameserver 192.0.2.53", "search corp.example lab.example", "options edns0 ndots:2"];

    [Fact]
    public void The_policy_says_whom_a_pod_asks()
    {
        Assert.Equal(OfCluster, Lines(DnsPolicy.ClusterFirst));
        Assert.Equal(OfCluster, Lines(DnsPolicy.ClusterFirstWithHostNet));
        Assert.Equal(OfCluster, Lines(DnsPolicy.ClusterFirstWithHostNet, hostNetwork: true));
        Assert.Equal(OfMachine, Lines(DnsPolicy.ClusterFirst, hostNetwork: true));
        Assert.Equal(OfMachine, Lines(DnsPolicy.Default));
        Assert.Equal(OfMachine, Lines(DnsPolicy.ClusterFirst, cluster: []));
        Assert.Equal(["nameserver 192.0.2.1"], Lines(DnsPolicy.None, With(["192.0.2.1"], [])));
    }

    [Fact]
    public void The_configuration_comes_behind_the_policy_and_nothing_is_there_twice() => Assert.Equal(
        [
            "nameserver 10.96.0.10", "nameserver fd00:10:96::a", "nameserver 192.0.2.1",
            "search shop.svc.cluster.local svc.cluster.local cluster.local example.com .",
            "options edns0 ndots:2",
        ],
        Lines(DnsPolicy.ClusterFirst, With(["10.96.0.10", "192.0.2.1", "192.0.2.2"],
            ["cluster.local", "example.com", "."], new DnsOption("edns0", null), new DnsOption("ndots", "2"))));

    [Fact]
    public void An_option_without_a_value_takes_the_place_of_one_with() => Assert.Equal(
        "options edns0 ndots", Lines(DnsPolicy.Default, With([], [], new DnsOption("ndots", "")))[^1]);

    [Fact]
    public void As_many_domains_as_resolvers_read()
    {
        var many = Lines(DnsPolicy.ClusterFirst, With([], [.. Enumerable.Range(1, 32).Select(i => $"d{i}.example")]));
        Assert.Equal(32, many[2].Split(' ').Length - 1);
        Assert.EndsWith(" d29.example", many[2], StringComparison.Ordinal);
        var wide = Lines(DnsPolicy.None, With(["192.0.2.1"], [new string('a', 1000), new string('b', 1000),
            new string('c', 47)]));
        Assert.Equal("search ".Length + 2001, wide[1].Length);
    }

    [Theory]
    [InlineData("web", "web.shop.svc.cluster.local web.svc.cluster.local web.cluster.local web")]
    [InlineData("web.", "web")]
    [InlineData("a.b.c.d.e.f", "a.b.c.d.e.f a.b.c.d.e.f.shop.svc.cluster.local a.b.c.d.e.f.svc.cluster.local "
        + "a.b.c.d.e.f.cluster.local")]
    public void Names_with_few_dots_are_looked_for_in_the_domains_first(string name, string queries) =>
        Assert.Equal(queries.Split(' '), ResolverSettings.Parse(OfCluster).Queries(name));

    [Theory]
    [InlineData("options ndots:2", "a.b", "a.b.example a.b")]
    [InlineData("options ndots:2", "a.b.c", "a.b.c a.b.c.example")]
    [InlineData("options ndots:x", "a", "a.example a")]
    [InlineData("options ndots:0", "a", "a a.example")]
    [InlineData("", "a.b", "a.b a.b.example")]
    public void The_number_of_dots_is_an_option(string options, string name, string queries) => Assert.Equal(
        queries.Split(' '), ResolverSettings.Parse(["search example.", options]).Queries(name));

    [Fact]
    public void The_domain_of_all_names_adds_nothing() =>
        Assert.Equal(["a"], ResolverSettings.Parse(["search ."]).Queries("a"));
}
