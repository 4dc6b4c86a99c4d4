using System.Text.Json.Nodes;

namespace Dataplane.Cli.Tests;

/// <summary>
/// Addresses of a Service beside its ClusterIP: whom they lead where, and what a change of them changes.
/// </summary>
public sealed class ServiceAddressTests : IDisposable
{
    /// <summary>Web at every kind of address, which other machines of one network alone may use as a load
    /// balancer's; and another Service, that claims one of the addresses in vain.</summary>
    private const string Addressed = """
        {apiVersion: v1, kind: Service, metadata: {name: web, namespace: x},
          spec: {type: LoadBalancer, clusterIP: 10.96.3.4, selector: {app: web}, externalIPs: [192.0.2.44],
            loadBalancerSourceRanges: [203.0.113.0/24], ports: [{port: 80, targetPort: 8080, nodePort: 30080}]},
          status: {loadBalancer: {ingress: [{ip: 192.0.2.55}]}}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: zweb, namespace: x},
          spec: {clusterIP: 10.96.3.6, selector: {app: none}, externalIPs: [192.0.2.44], ports: [{port: 80}]}}

        """;

    private readonly Cli _cli = new();
    private readonly string _pods, _service;

    public ServiceAddressTests() =>
        (_pods, _service) =
            (_cli.File("pods.yaml", WebService.Manifests), _cli.File("service.yaml", WebService.Service));

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("192.0.2.44", "80", "PARTIAL", "ExternalIP 192.0.2.44 TCP 80, sent to one of 2 backends")]
    [InlineData("10.244.0.1", "30080", "PARTIAL", "NodePort 10.244.0.1 TCP 30080, sent to one of 2 backends")]
    [InlineData("node", "30080", "PARTIAL", "NodePort 10.244.0.1 TCP 30080, sent to one of 2 backends")]
    [InlineData("192.0.2.55", "80", "DENIED", "LoadBalancer 192.0.2.55 TCP 80: x/a is not in loadBalancerSourceRanges")]
    public void An_address_of_a_Service_is_the_Service(string to, string port, string verdict, string way)
    {
        var service = _cli.File("addressed.yaml", Addressed);
        var outcome = _cli.Run("why", "x/a", to, "-p", port, "-f", _pods, service);
        Assert.Equal([$"{verdict}   x/a → service:x/web   TCP 80 · IPv4", way], outcome.Out.Split('\n')[..2]);
        Assert.EndsWith(" of Service x/web: the answer is about that\n", outcome.Error, StringComparison.Ordinal);

        var got = verdict.ToLowerInvariant();
        var rows = _cli.Run("matrix", "--from", "x/a", "--to", to, "--probe", port, "-o", "csv", "-q", "-f", _pods,
            service).Out;
        Assert.Contains($"TCP,{port},IPv4,x/a,{(to == "node" ? "10.244.0.1" : to)},{got}\n", rows,
            StringComparison.Ordinal);
        var file = _cli.File("at.yaml", "manifests: [pods.yaml, addressed.yaml]\nexpect:\n"
            + $"- {{from: x/a, to: '{to}', port: {port}, want: allow}}\n");
        Assert.Contains(_cli.Run("test", file, "-o", "json").Json["results"]!.AsArray(),
            result => Text(result!["got"]) == got);
    }

    [Fact]
    public void Another_port_of_the_node_is_the_nodes() =>
        Assert.StartsWith("ALLOWED   x/a → node   TCP 30081", _cli.Run("why", "x/a", "node", "-p", "30081", "-f",
            _pods, _cli.File("addressed.yaml", Addressed)).Out, StringComparison.Ordinal);

    [Fact]
    public void What_other_machines_reach_is_told_of_each_address()
    {
        var service = _cli.File("addressed.yaml", Addressed.Replace("app: web", "app: web, closed: \"true\"",
            StringComparison.Ordinal));
        var open = _cli.File("open.yaml", WebService.Manifests.Replace("name: close,", "name: close, labels: {a: b},",
            StringComparison.Ordinal).Replace("matchLabels: {closed: \"true\"}", "matchLabels: {none: none}",
            StringComparison.Ordinal));
        var outcome = _cli.Run("why", "198.51.100.1", "service:x/web", "-o", "json", "-q", "-f", open, service);
        Assert.Equal("partial", Text(outcome.Json["verdict"]));
        Assert.Equal(["ExternalIP allowed", "NodePort allowed", "LoadBalancer denied"],
            outcome.Json["frontends"]!.AsArray().Select(f => $"{f!["kind"]} {f["verdict"]}"));
        Assert.StartsWith("ALLOWED", _cli.Run("why", "203.0.113.9", "service:x/web", "-q", "-f", open, service).Out,
            StringComparison.Ordinal);
        Assert.Contains("not by LoadBalancer 192.0.2.55:80", _cli.Run("matrix", "--from", "198.51.100.1", "--to",
            "service:x/web", "-q", "-f", open, service).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_two_Services_claim_is_not_the_second_ones()
    {
        var lines = _cli.Run("why", "203.0.113.9", "service:x/zweb", "-q", "-f", _pods,
            _cli.File("addressed.yaml", Addressed)).Out.Split('\n');
        Assert.Equal(["REFUSED   203.0.113.9 → service:x/zweb   TCP 80 · IPv4",
            "x/zweb has no address of its own for other machines",
            "not ExternalIP 192.0.2.44 TCP 80: Service x/web claims it too, and gets its packets"], lines[..3]);
    }

    [Fact]
    public void A_diff_tells_what_a_changed_Service_opens_and_closes()
    {
        var other = _cli.File("other.yaml",
            WebService.Service.Replace("app: web", "app: none", StringComparison.Ordinal));
        var outcome = _cli.Run("diff", "-f", _pods, "-f", _service, "--against", _pods, other, "-o", "json", "-q");
        Assert.Equal((1, ""), (outcome.Exit, outcome.Error));
        Assert.Contains("""{"kind":"Service","name":"x/web","change":"changed",""",
            outcome.Json["objects"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["x/a service:x/web TCP 80", "x/w-0 service:x/web TCP 80", "x/w-1 service:x/web TCP 80"],
            outcome.Json["opened"]!.AsArray().Select(f => $"{f!["from"]} {f["to"]} {f["ports"]}")
                .Where(line => line.StartsWith("x/", StringComparison.Ordinal)
                    && !line.Contains('@', StringComparison.Ordinal)));
        Assert.Empty(outcome.Json["closed"]!.AsArray());
    }

    [Theory]
    [InlineData("opened", "closed")]
    [InlineData("closed", "opened")]
    public void A_diff_tells_what_other_addresses_of_a_Service_open_and_close(string changed, string not)
    {
        var more = _cli.File("addressed.yaml", Addressed);
        var less = _cli.File("less.yaml", WebService.Service.Replace("type: NodePort,", "", StringComparison.Ordinal)
            .Replace(", nodePort: 30080", "", StringComparison.Ordinal));
        var (now, before) = changed == "opened" ? (more, less) : (less, more);
        var outcome = _cli.Run("diff", "-f", _pods, now, "--against", _pods, before, "-o", "json", "-q");
        Assert.Equal((1, ""), (outcome.Exit, outcome.Error));
        var lines = outcome.Json[changed]!.AsArray().Select(f => $"{f!["from"]} {f["to"]} {f["ports"]}").ToList();
        Assert.Contains("0.0.0.0/0 service:x/web@10.244.0.1:30080 TCP 30080", lines);
        Assert.Contains("node service:x/web@192.0.2.44:80 TCP 80", lines);
        Assert.Contains("203.0.113.0/24 service:x/web@192.0.2.55:80 TCP 80", lines);
        foreach (var none in (string[])["0.0.0.0/0 service:x/web@192.0.2.55", "service:x/web ", "x/zweb@"])
            Assert.DoesNotContain(lines, line => line.Contains(none, StringComparison.Ordinal));
        Assert.Empty(outcome.Json[not]!.AsArray());
    }

    [Fact]
    public void A_diff_tells_who_outside_a_load_balancer_lets_in_or_keeps_out()
    {
        const string Balancer = """
            {apiVersion: v1, kind: Service, metadata: {name: lb, namespace: x},
              spec: {type: LoadBalancer, clusterIP: 10.96.3.9, allocateLoadBalancerNodePorts: false,
                loadBalancerSourceRanges: [RANGES], selector: {app: web}, ports: [{port: 80, targetPort: 8080}]},
              status: {loadBalancer: {ingress: [{ip: 203.0.113.7}]}}}

            """;
        var before = File("before.yaml", "192.168.4.0/23");
        var after = File("after.yaml", "192.168.5.0/24, 10.9.0.0/16");
        var json = _cli.Run("diff", "-f", _pods, "-f", after, "--against", _pods, before, "-o", "json", "-q").Json;
        Assert.Equal("10.9.0.0/16 service:x/lb@203.0.113.7:80 TCP 80", Of(json["opened"]!));
        Assert.Equal("192.168.4.0/24 service:x/lb@203.0.113.7:80 TCP 80", Of(json["closed"]!));

        string File(string name, string ranges) =>
            _cli.File(name, Balancer.Replace("RANGES", ranges, StringComparison.Ordinal));

        static string Of(JsonNode flows) =>
            string.Join(' ', flows.AsArray().Select(f => $"{f!["from"]} {f["to"]} {f["ports"]}"));
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
