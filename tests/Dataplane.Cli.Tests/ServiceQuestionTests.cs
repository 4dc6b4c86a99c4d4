using System.Text.Json.Nodes;

namespace Dataplane.Cli.Tests;

/// <summary>Questions about Services: where packets go, and what policies say of each backend.</summary>
public sealed class ServiceQuestionTests : IDisposable
{
    private readonly Cli _cli = new();
    private readonly string _pods, _service;

    public ServiceQuestionTests() =>
        (_pods, _service) =
            (_cli.File("pods.yaml", WebService.Manifests), _cli.File("service.yaml", WebService.Service));

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("service:x/web")]
    [InlineData("svc/web.x")]
    [InlineData("web.x.svc.cluster.local")]
    [InlineData("10.96.3.4")]
    public void Why_says_what_becomes_of_each_backend(string to)
    {
        var lines = Run("why", "x/a", to).Out.Split('\n');
        Assert.Equal("PARTIAL   x/a → service:x/web   TCP 80 · IPv4", lines[0]);
        Assert.Equal("ClusterIP 10.96.3.4 TCP 80, sent to one of 2 backends", lines[1]);
        Assert.Contains(lines, l => l.StartsWith("ALLOWED   x/w-0 at 10.244.0.", StringComparison.Ordinal)
            && l.EndsWith(", TCP 8080", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("DENIED   x/w-1 at 10.244.0.", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("2. entering x/w-1   DENIED", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("node")]
    [InlineData("10.244.0.1")]
    [InlineData("x/on-node")]
    public void Why_about_a_port_of_the_node_that_leads_to_a_pod_is_about_the_pod(string to)
    {
        var pods = _cli.File("host-ports.yaml", """
            {apiVersion: v1, kind: Pod, metadata: {name: on-node, namespace: x},
              spec: {hostNetwork: true, containers: [{name: c}]}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: x, labels: {closed: "true"}},
              spec: {containers: [{name: c, ports: [{containerPort: 8080, hostPort: 80}]}]}}

            """);
        var outcome = _cli.Run("why", "x/a", to, "--port", "80", "-f", _pods, pods);
        Assert.StartsWith("DENIED   x/a → x/b   TCP 8080", outcome.Out, StringComparison.Ordinal);
        Assert.Equal("note: TCP 80 at 10.244.0.1 is a hostPort of x/b: the answer is about TCP 8080 of that pod\n",
            outcome.Error);
        Assert.StartsWith("ALLOWED   x/a → ", _cli.Run("why", "x/a", to, "--port", "81", "-f", _pods, pods).Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Why_in_json_has_the_backends_with_their_sides()
    {
        var json = Run("why", "x/a", "service:x/web", "-o", "json").Json;
        Assert.Equal(("partial", "service:x/web", 80, "ClusterIP"), (Text(json["verdict"]), Text(json["to"]),
            json["port"]!.GetValue<int>(), Text(json["frontend"]!["kind"])));
        Assert.Equal(["x/w-0 8080 allowed", "x/w-1 8080 denied"],
            json["backends"]!.AsArray().Select(b => $"{b!["backend"]} {b["port"]} {b["verdict"]}"));
        Assert.Equal("x/close", Text(json["backends"]![1]!["sides"]![1]!["isolatedBy"]![0]!["name"]));
    }

    [Theory]
    [InlineData("service:x/none", null, "ClusterIP 10.96.3.5 TCP 80: no pod of x has app=none; x/w-0 has app=web")]
    [InlineData("service:x/web", "81", "x/web has no port TCP 81")]
    public void What_nobody_serves_is_refused(string to, string? port, string reason)
    {
        var lines = (port is null ? Run("why", "x/a", to) : Run("why", "x/a", to, "-p", port)).Out.Split('\n');
        Assert.StartsWith("REFUSED   x/a → ", lines[0], StringComparison.Ordinal);
        Assert.Equal(reason, lines[1]);
    }

    /// <summary>Each cause is named, with its place, by every command that is asked.</summary>
    [Theory]
    [InlineData("selector: {app: wbe}, ports: [{port: 80}]", "no pod of x has app=wbe; x/w-0 has app=web", "3:")]
    [InlineData("selector: {app: web}, ports: [{port: 80, targetPort: htpp}]",
        "no pod that it selects names a port htpp; there is http", "3:")]
    [InlineData("selector: {app: web}, ports: [{port: 80, targetPort: http, protocol: UDP}]",
        "x/w-0 has http for TCP, and the Service asks for UDP", "3:")]
    [InlineData("ports: [{port: 80}]", "it has no selector, and no Endpoints or EndpointSlice lists an address for it",
        "2:1")]
    [InlineData("selector: {wait: 'yes'}, ports: [{port: 80}]", "none of its endpoints is ready: x/w-1", "5:")]
    [InlineData("selector: {app: far}, ports: [{port: 80}]", "no pod of x has app=far; z/far is in another namespace",
        "3:")]
    public void The_cause_of_a_refusal_is_told_with_its_place(string spec, string cause, string place)
    {
        var file = _cli.File("gap.yaml", $$$"""
            # a Service, on one line
            {apiVersion: v1, kind: Service, metadata: {name: s, namespace: x},
              spec: {clusterIP: 10.96.3.9, {{{spec}}} }}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: w-1, namespace: x, labels: {wait: "yes"}},
              status: {conditions: [{type: Ready, status: "False"}]}, spec: {containers: [{name: c}]}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: w-0, namespace: x, labels: {app: web}},
              spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: far, namespace: z, labels: {app: far}},
              spec: {containers: [{name: c}]}}

            """);
        var port = spec.Contains("UDP", StringComparison.Ordinal) ? "UDP/80" : "TCP/80";
        var lines = _cli.Run("why", "x/w-1", "service:x/s", "-p", port, "-q", "-f", file).Out.Split('\n');
        Assert.StartsWith("REFUSED", lines[0], StringComparison.Ordinal);
        Assert.EndsWith($": {cause}", lines[1], StringComparison.Ordinal);
        Assert.Contains($"gap.yaml:{place.Split(':')[0]}", lines[2], StringComparison.Ordinal);
        var expect = _cli.File("expect.yaml", "manifests: [gap.yaml]\nexpect:\n"
            + $"- {{from: x/w-1, to: 'service:x/s', port: {port}, want: allow}}\n");
        var because = Text(_cli.Run("test", expect, "-o", "json").Json["results"]![0]!["because"]);
        Assert.StartsWith(cause, because, StringComparison.Ordinal);
        Assert.Contains($"gap.yaml:{place}", because, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hl", "Service x/hl has no address of its own: ask for the pods, whose addresses its name stands for: "
        + "x/w-0, x/w-1")]
    [InlineData("alias", "Service x/alias has no address of its own: it is an alias, and names db.example.com")]
    public void A_Service_without_an_address_says_what_to_ask_for(string name, string sentence)
    {
        var file = _cli.File("names.yaml", """
            {apiVersion: v1, kind: Service, metadata: {name: hl, namespace: x},
              spec: {clusterIP: None, selector: {app: web}, ports: [{port: 80}]}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: alias, namespace: x},
              spec: {type: ExternalName, externalName: db.example.com}}

            """);
        var expect = _cli.File("expect.yaml", "manifests: [pods.yaml, names.yaml]\nexpect:\n"
            + $"- {{from: x/a, to: 'service:x/{name}', port: 80, want: allow}}\n");
        foreach (var arguments in (string[][])[["why", "x/a", $"service:x/{name}", "-f", _pods, "-f", file],
            ["matrix", "--from", "x/a", "--to", $"service:x/{name}", "-f", _pods, "-f", file], ["test", expect]])
        {
            var outcome = _cli.Run(arguments);
            Assert.NotEqual(0, outcome.Exit);
            Assert.Contains(sentence, outcome.Error + outcome.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_name_that_is_a_Service_says_how_to_ask_for_it() => Assert.Contains(
        "web.x is a Service (port 80 to 8080); ask for service:x/web, or for the pods behind it",
        _cli.Run("why", "x/a", "web.x", "-f", _pods, "-f", _service).Error, StringComparison.Ordinal);

    [Fact]
    public void The_Services_of_a_matrix_in_Markdown_have_a_heading() =>
        Assert.Contains("\n\n### Services\n\n| service |", Run("matrix", "-o", "md").Out, StringComparison.Ordinal);

    [Fact]
    public void Other_machines_come_by_the_frontends_that_are_for_them()
    {
        Assert.Contains("NodePort 10.244.0.1 TCP 30080, sent to one of 2 backends",
            Run("why", "192.0.2.1", "service:x/web").Out, StringComparison.Ordinal);
        Assert.Contains("x/none has no such port for other machines: ClusterIP",
            Run("why", "192.0.2.1", "service:x/none").Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allow", "service:x/web", 1)]
    [InlineData("deny", "service:x/web", 1)]
    [InlineData("deny", "service:x/none", 1)]
    public void A_Service_that_allows_in_part_or_refuses_is_neither(string expect, string to, int exit) =>
        Assert.Equal(exit, _cli.Run("why", "x/a", to, "--expect", expect, "-f", _pods, "-f", _service).Exit);

    [Fact]
    public void A_Service_that_is_not_there()
    {
        var outcome = _cli.Run("why", "x/a", "service:x/wbe", "-f", _pods);
        Assert.Equal(2, outcome.Exit);
        Assert.Contains("no Service x/wbe", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_matrix_has_the_Services()
    {
        var services = Run("matrix", "-o", "json").Json["services"]!.AsArray();
        Assert.Equal(["x/none 80 TCP IPv4", "x/web 80 TCP IPv4"],
            services.Select(s => $"{s!["service"]} {s["port"]} {s["protocol"]} {s["family"]}"));
        Assert.Equal("""{"verdict":"partial","backends":{"x/w-0":"allowed","x/w-1":"denied"}}""",
            services[1]!["matrix"]!["x/a"]!.ToJsonString());
        Assert.Equal("""{"verdict":"refused","backends":{}}""", services[0]!["matrix"]!["x/a"]!.ToJsonString());
        Assert.Contains("TCP,80,IPv4,x/a,service:x/web,partial\n", Run("matrix", "-o", "csv").Out,
            StringComparison.Ordinal);
        Assert.Contains("| x/web | TCP 80 IPv4 | PARTIAL | x/a, x/w-0 | ✓ x/w-0, · x/w-1 |",
            Run("matrix", "-o", "md").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_matrix_of_one_Service_alone()
    {
        Assert.Equal(
            """
            Services
            service  port         verdict  from       backends
            x/web    TCP 80 IPv4  PARTIAL  x/a, x/w-0  ✓ x/w-0, · x/w-1
            x/web    TCP 80 IPv4  ALLOWED  x/w-1       x/w-0, x/w-1

            """.Replace("from       ", "from        ", StringComparison.Ordinal),
            Run("matrix", "--to", "service:x/web").Out);
        Assert.Equal(2, _cli.Run("matrix", "--to", "service:x/wbe", "-f", _pods).Exit);
    }

    [Theory]
    [InlineData("allow", "allowed", 0)]
    [InlineData("partial", "partial", 0)]
    [InlineData("deny", "partial", 1)]
    [InlineData("refused", "partial", 1)]
    public void Assertions_about_a_Service(string want, string got, int exit)
    {
        var from = got == "allowed" ? "x/w-1" : "x/a";
        var file = _cli.File("expect.yaml", $"manifests: [pods.yaml, service.yaml]\nexpect:\n"
            + $"- {{from: {from}, to: 'service:x/web', want: {want}}}\n"
            + "- {from: x/a, to: 'service:x/none', port: 80, want: refused}\n");
        var outcome = _cli.Run("test", file, "-o", "json");
        Assert.Equal(exit, outcome.Exit);
        var result = outcome.Json["results"]![0]!;
        Assert.Equal((want, got, exit == 0), (Text(result["want"]), Text(result["got"]), (bool)result["ok"]!));
        if (exit == 0) return;
        Assert.StartsWith("x/w-0: no policy isolates it for ingress", Text(result["because"]),
            StringComparison.Ordinal);
    }

    private Outcome Run(string command, params string[] arguments)
    {
        var outcome = _cli.Run([command, .. arguments, "-q", "-f", _pods, "-f", _service]);
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        return outcome;
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
