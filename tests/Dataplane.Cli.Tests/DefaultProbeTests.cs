namespace Dataplane.Cli.Tests;

/// <summary>The probes of a command that names none: declared ports, and those that policies name.</summary>
public sealed class DefaultProbeTests : IDisposable
{
    /// <summary>A database without <c>containerPort</c>, whose policy names 3306.</summary>
    private const string Database = """
        apiVersion: v1
        kind: Pod
        metadata: { name: db, namespace: x, labels: { app: db } }
        spec: { containers: [{ name: c, image: mysql }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: api, namespace: x, labels: { app: api } }
        spec: { containers: [{ name: c, image: i }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: db, namespace: x }
        spec:
          podSelector: { matchLabels: { app: db } }
          ingress: [{ from: [{ podSelector: { matchLabels: { app: api } } }], ports: [{ port: 3306 }] }]

        """;

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private string[] ProbesOf(string text)
    {
        var outcome = _cli.Run("matrix", "-f", _cli.File("all.yaml", text), "--family", "4", "-o", "json");
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        return [.. outcome.Json["probes"]!.AsArray().Select(p => $"{p!["protocol"]} {p["port"]}")];
    }

    [Fact]
    public void A_port_that_only_a_policy_names()
    {
        Assert.Equal(["TCP 3306"], ProbesOf(Database));
        var csv = _cli.Run("matrix", "-f", _cli.File("db.yaml", Database), "-o", "csv").Out;
        Assert.Contains("TCP,3306,IPv4,x/api,x/db,allowed\n", csv, StringComparison.Ordinal);
    }

    [Fact]
    public void Declared_and_named_ports_once_each_for_every_pair()
    {
        Assert.Equal(["TCP 80", "TCP 443", "TCP 3306", "TCP 8000", "TCP 8010", "TCP 8080", "UDP 53", "SCTP 7000"],
            ProbesOf(Database + """
                ---
                apiVersion: v1
                kind: Pod
                metadata: { name: web, namespace: other }
                spec:
                  containers:
                    - { name: c, image: i, ports: [{ containerPort: 80, name: http }, { containerPort: 8080 }] }
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: { name: web, namespace: other }
                spec:
                  podSelector: {}
                  policyTypes: [Ingress, Egress]
                  ingress:
                    - ports: [{ port: http }, { port: 80 }, { port: 8000, endPort: 8010 }, { protocol: SCTP }]
                  egress:
                    - ports: [{ port: 53, protocol: UDP }, { port: 7000, protocol: SCTP }]
                    - ports: [{ port: 443 }, { port: 1, endPort: 65535 }]

                """));
    }

    [Fact]
    public void Ports_that_cluster_wide_policies_name() => Assert.Equal(["TCP 22", "TCP 3306", "TCP 9000", "TCP 9009"],
        ProbesOf(Database + """
            ---
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: { name: ssh }
            spec:
              priority: 5
              subject: { namespaces: {} }
              ingress:
                - action: Deny
                  from: [{ namespaces: {} }]
                  ports:
                    - portNumber: { protocol: TCP, port: 22 }
                    - portRange: { protocol: TCP, start: 9000, end: 9009 }
                    - namedPort: http

            """));

    [Fact]
    public void No_port_at_all_is_TCP_80() => Assert.Equal(["TCP 80"], ProbesOf("""
        apiVersion: v1
        kind: Pod
        metadata: { name: a, namespace: x }
        spec: { containers: [{ name: c, image: i }] }

        """));

    /// <summary>A destination that declares nothing is asked for the ports that its policies let in.</summary>
    [Fact]
    public void Why_asks_for_the_ports_of_the_policies_where_none_is_declared()
    {
        var file = _cli.File("db.yaml", Database);
        Assert.Equal("3306", _cli.Run("why", "x/api", "x/db", "-f", file, "-o", "json").Json["port"]!.ToString());
        Assert.Equal("80", _cli.Run("why", "x/db", "x/api", "-f", file, "-o", "json").Json["port"]!.ToString());
        var outside = _cli.File("out.yaml", Database.Replace("port: 3306 }] }]", "port: 3306 }] }]\n"
            + "  policyTypes: [Ingress, Egress]\n  egress: [{ ports: [{ port: 443 }] }]", StringComparison.Ordinal));
        Assert.Equal("443", _cli.Run("why", "x/db", "192.0.2.1", "-f", outside, "-o", "json").Json["port"]!.ToString());
    }

    [Fact]
    public void Assertions_without_a_port_ask_for_the_same()
    {
        _cli.File("db.yaml", Database);
        var path = _cli.File("expect.yaml", "expect: [{ from: x/api, to: x/db, want: allow }]\n");
        Assert.Equal("x/api -> x/db TCP 3306",
            _cli.Run("test", path, "-o", "json").Json["results"]![0]!["name"]!.ToString());
        path = _cli.File("expect.yaml", "default: allow\n");
        Assert.Equal(["x/api -> x/db TCP 3306", "x/db -> x/api TCP 3306"],
            _cli.Run("test", path, "-o", "json").Json["results"]!.AsArray().Select(r => $"{r!["name"]}"));
    }
}
