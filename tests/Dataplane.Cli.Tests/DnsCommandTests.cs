namespace Dataplane.Cli.Tests;

/// <summary><c>dns</c>: how a pod resolves names, without packets.</summary>
public sealed class DnsCommandTests : IDisposable
{
    private const string Manifests = """
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: shop }
        spec: { clusterIP: 10.96.0.20, ports: [{ port: 80 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: away, namespace: data }
        spec: { type: ExternalName, externalName: db.example.com }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: front, namespace: shop }
        spec: { containers: [{ name: c, image: i }] }

        """;

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private Outcome Run(string name, params string[] more) => _cli.Run(
        ["dns", name, "--from", "shop/front", "-f", _cli.File("m.yaml", Manifests), "-q", .. more]);

    [Fact]
    public void Each_query_and_its_answer()
    {
        var outcome = Run("web");
        Assert.Equal((0, "", """
            QUERY                        TYPE  CODE     ANSWER
            web.shop.svc.cluster.local.  A     NOERROR  10.96.0.20
            web.shop.svc.cluster.local.  AAAA  NOERROR

            """), (outcome.Exit, outcome.Error, outcome.Out));
    }

    [Theory]
    [InlineData("away", "note: a Service away exists in data: write away.data\n")]
    [InlineData("example.com", "note: example.com is no name of the cluster, and its name server asks nobody else; the "
        + "daemon's --dns-upstream says whom to ask\n")]
    [InlineData("web", "")]
    [InlineData("nothing.data.svc.cluster.local.", "")]
    public void A_name_without_an_address_is_told_what_it_may_be(string name, string said) => Assert.Equal(said,
        _cli.Run("dns", name, "--from", "shop/front", "-f", _cli.File("m.yaml", Manifests)).Error
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(l =>
                l.StartsWith("note: ", StringComparison.Ordinal)) is { } note ? $"{note}\n" : "");

    [Fact]
    public void Of_another_namespace_it_is_the_second_query()
    {
        var outcome = Run("away.data", "-o", "json");
        Assert.Equal(1, outcome.Exit);
        Assert.Equal(["away.data.shop.svc.cluster.local", "away.data.shop.svc.cluster.local",
            "away.data.svc.cluster.local", "away.data.svc.cluster.local"],
            outcome.Json.AsArray().Select(q => (string)q!["name"]!));
        Assert.Equal(["NXDOMAIN", "NXDOMAIN", "NOERROR", "NOERROR"],
            outcome.Json.AsArray().Select(q => (string)q!["code"]!));
        Assert.Equal("db.example.com", (string)outcome.Json[2]!["records"]![0]!);
    }

    [Fact]
    public void A_name_of_elsewhere_is_refused_after_three_names_of_the_cluster()
    {
        var outcome = Run("example.com", "-o", "json");
        Assert.Equal(1, outcome.Exit);
        Assert.Equal(["NXDOMAIN", "NXDOMAIN", "NXDOMAIN", "REFUSED"],
            outcome.Json.AsArray().Where(q => (string)q!["type"]! == "A").Select(q => (string)q!["code"]!));
    }

    [Fact]
    public void With_a_final_dot_a_name_is_asked_for_as_it_is() => Assert.Equal(
        ["example.com", "example.com"],
        Run("example.com.", "-o", "json").Json.AsArray().Select(q => (string)q!["name"]!));

    [Fact]
    public void A_pod_with_n_and_one_that_is_not_there()
    {
        var file = _cli.File("m.yaml", Manifests);
        Assert.Equal(0, _cli.Run("dns", "web", "--from", "front", "-n", "shop", "-f", file, "-q").Exit);
        _cli.Run("dns", "web", "--from", "front", "-f", file, "-q").ShouldFail(2, "dataplane: no pod default/front");
    }

    [Theory]
    [InlineData("dnsPolicy: Default")]
    [InlineData("dnsPolicy: None, dnsConfig: { nameservers: [192.0.2.1] }")]
    [InlineData("hostNetwork: true")]
    public void What_other_servers_answer_cannot_be_computed(string fields) => _cli.Run(
        "dns", "web", "--from", "front", "-q", "-f", _cli.File("m.yaml", Pod(fields))).ShouldFail(6,
            "dataplane: default/front does not ask the cluster's name server, by its dnsPolicy: what others answer, "
                + "a daemon can ask");

    [Fact]
    public void The_configuration_of_the_pod_says_where_a_name_is_looked_for()
    {
        var file = _cli.File("m.yaml",
            Pod("dnsConfig: { searches: [data.svc.cluster.local], options: [{ name: ndots, value: \"1\" }] }"));
        Assert.Equal(
            ["a.default.svc.cluster.local", "a.svc.cluster.local", "a.cluster.local", "a.data.svc.cluster.local", "a"],
            _cli.Run("dns", "a", "--from", "front", "-q", "-o", "json", "-f", file).Json.AsArray()
                .Select(q => (string)q!["name"]!).Distinct());
        Assert.Equal("a.b", (string)_cli.Run("dns", "a.b", "--from", "front", "-q", "-o", "json", "-f", file)
            .Json[0]!["name"]!);
    }

    private static string Pod(string fields) => "apiVersion: v1\nkind: Pod\nmetadata: { name: front }\n"
        + $"spec: {{ containers: [{{ name: c, image: i }}], {fields} }}\n";

    [Fact]
    public void To_send_questions_needs_root() => _cli.Run("dns", "web", "--from", "shop/front")
        .ShouldFail(4, "dataplane: needs root: run it with sudo dataplane dns");

    [Fact]
    public void What_is_no_name() => Run("a..b").ShouldFail(
        2, "dataplane: \"a..b.shop.svc.cluster.local\" is no name in DNS: a label has 1 to 63 characters of ASCII");
}
