namespace Dataplane.Cli.Tests;

public sealed class DiffTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    /// <summary>From one policy text to another, the pods being the same.</summary>
    private Outcome Diff(string before, string after, params string[] more)
    {
        var pods = _cli.File("pods.yaml", Cli.Pods);
        return _cli.Run(["diff", "-f", pods, _cli.File("new.yaml", after), "--against", pods,
            _cli.File("old.yaml", before), .. more]);
    }

    private static string Edited(string from, string to) => Cli.Policy.Replace(from, to, StringComparison.Ordinal);

    [Fact]
    public void Equal_manifests()
    {
        var same = Diff(Cli.Policy, "# the same\n" + Cli.Policy);
        Assert.Equal((0, "", "0 objects changed, no flow opened or closed\n"), (same.Exit, same.Error, same.Out));
        Assert.Equal(
            "{\n  \"opened\": [],\n  \"closed\": [],\n  \"exposure\": {\n    \"opened\": [],\n"
                + "    \"closed\": []\n  },\n  \"objects\": []\n}\n",
            Diff(Cli.Policy, Cli.Policy, "-o", "json").Out);
    }

    [Fact]
    public void An_object_that_changes_no_flow()
    {
        var outcome = Diff(Cli.Policy, Edited("namespace: x", "namespace: x, labels: { team: a }"));
        Assert.Equal(
            (0, "OBJECTS\n~  NetworkPolicy  x/web  DIR/new.yaml:1\n\n1 object changed, no flow opened or closed\n"),
            (outcome.Exit, outcome.Out));
    }

    [Fact]
    public void Table()
    {
        var outcome = Diff(Cli.Policy,
            Edited("app: client", "app: other").Replace("name: web,", "name: fresh,", StringComparison.Ordinal));
        Assert.Equal((1, "", """
            OBJECTS
            +  NetworkPolicy  x/fresh  DIR/new.yaml:1
            -  NetworkPolicy  x/web    DIR/old.yaml:1

            FLOWS
            -  x/client  → x/web  TCP 80  IPv4 and IPv6  closed

            EXPOSURE to pods that policies select and that are not loaded
            +  pods app=other of x  → x/web  TCP 80  IPv4 and IPv6  opened

            2 objects changed, 1 group of flows closed, 0 opened; of pods that are not loaded 0 closed, 1 opened

            """), (outcome.Exit, outcome.Error, outcome.Out));
    }

    [Fact]
    public void Ranges_of_ports_and_addresses_outside()
    {
        var outcome = Diff(Cli.Policy, Edited("[{ podSelector: { matchLabels: { app: client } } }]",
            "[{ ipBlock: { cidr: 172.17.0.0/16, except: [172.17.1.0/24] } }]")
            .Replace("port: 80", "port: 80, endPort: 90", StringComparison.Ordinal));
        Assert.Equal(1, outcome.Exit);
        Assert.Matches(@"\n-  x/client +→ x/web  TCP 80     IPv4 and IPv6  closed\n", outcome.Out);
        Assert.Matches(@"\n\+  172\.17\.0\.0/16 except 172\.17\.1\.0/24 +→ x/web  TCP 80-90  IPv4           opened\n",
            outcome.Out);
    }

    [Fact]
    public void Json_is_as_fixed() => Assert.Equal("""
        {
          "opened": [
            {
              "from": "x/client",
              "to": "x/web",
              "ports": "TCP 81-90",
              "family": "IPv4"
            },
            {
              "from": "x/client",
              "to": "x/web",
              "ports": "TCP 81-90",
              "family": "IPv6"
            }
          ],
          "closed": [],
          "exposure": {
            "opened": [],
            "closed": []
          },
          "objects": [
            {
              "kind": "NetworkPolicy",
              "name": "x/web",
              "change": "changed",
              "file": "DIR/new.yaml",
              "line": 1
            }
          ]
        }

        """, Diff(Cli.Policy, Edited("port: 80", "port: 80, endPort: 90"), "-o", "json").Out);

    /// <summary>A group becomes every pair of it, but for a pod to itself; a CIDR only in its own family.</summary>
    [Fact]
    public void Json_has_every_pair()
    {
        const string Closed = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
            + "metadata: { name: closed, namespace: x }\nspec: { podSelector: {} }\n";
        var closed = Diff(Cli.Policy, Cli.Policy + "---\n" + Closed, "-o", "json").Json["closed"]!.AsArray();
        var six = closed.Where(c => c!["family"]!.GetValue<string>() == "IPv6")
            .Select(c => $"{c!["from"]} {c["to"]} {c["ports"]}")
            .ToList();
        Assert.Equal(["::/0 x/client all", "::/0 x/other all", "x/client x/other all", "x/other x/client all",
            "x/web x/client all", "x/web x/other all"], six);
    }

    [Fact]
    public void Markdown() => Assert.Equal("""
        ### Network policy: 1 object changed, 0 groups of flows closed, 1 opened

        | | from | to | ports | |
        |---|---|---|---|---|
        | **opened** | `x/client` | `x/web` | TCP 81-90 | IPv4 and IPv6 |

        - changed: NetworkPolicy `x/web` (`DIR/new.yaml:1`)

        """, Diff(Cli.Policy, Edited("port: 80", "port: 80, endPort: 90"), "-o", "md").Out);

    /// <summary>The new pod's flows are opened; the others keep their addresses, and so their flows.</summary>
    [Fact]
    public void A_new_pod_moves_no_address_and_opens_its_flows()
    {
        const string ByAddress = """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: a, namespace: x }
            spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.244.0.2/32 } }] }] }

            """;
        const string Pod = """
            apiVersion: v1
            kind: Pod
            metadata: { name: aaa, namespace: x }
            spec: { containers: [{ name: c, image: i }] }

            """;
        var before = _cli.File("a.yaml", Cli.Pods + "---\n" + ByAddress);
        var after = _cli.File("b.yaml", Cli.Pods + "---\n" + ByAddress + "---\n" + Pod);
        var outcome = _cli.Run("diff", "-f", after, "--against", before);
        Assert.Equal((1, """
            OBJECTS
            +  Pod  x/aaa  DIR/b.yaml:21

            FLOWS
            +  x/aaa                    → 0.0.0.0/0, ::/0  all  IPv4 and IPv6  opened
            +  x/aaa                    → node             all  IPv4 and IPv6  opened
            +  x/client, 10.244.0.2/32  → x/aaa            all  IPv4           opened

            1 object changed, 0 groups of flows closed, 3 opened

            """), (outcome.Exit, outcome.Out));
    }

    /// <summary>The peers of the old and the new rule stand for nobody who is loaded.</summary>
    [Fact]
    public void A_rule_for_namespaces_that_are_not_loaded()
    {
        var (old, now) = (_cli.File("old.yaml", UnloadedOld), _cli.File("new.yaml", UnloadedNew));
        var outcome = _cli.Run("diff", "-f", now, "--against", old);
        Assert.Equal((1, """
            OBJECTS
            ~  NetworkPolicy  a/api  DIR/new.yaml:6

            EXPOSURE to pods that policies select and that are not loaded
            +  pods of namespaces kubernetes.io/metadata.name!=a          → a/api  TCP 22, TCP 80  IPv4 and IPv6  opened
            +  pods of namespaces kubernetes.io/metadata.name=monitoring  → a/api  TCP 22          IPv4 and IPv6  opened

            1 object changed, no flow of loaded pods opened or closed; of pods that are not loaded 0 closed, 2 opened

            """), (outcome.Exit, outcome.Out));
        var json = _cli.Run("diff", "-f", now, "--against", old, "-o", "json").Json;
        Assert.Equal("[]", json["opened"]!.ToJsonString());
        Assert.Equal(
            [
                "pods of namespaces kubernetes.io/metadata.name!=a a/api TCP 22, TCP 80 IPv4",
                "pods of namespaces kubernetes.io/metadata.name!=a a/api TCP 22, TCP 80 IPv6",
                "pods of namespaces kubernetes.io/metadata.name=monitoring a/api TCP 22 IPv4",
                "pods of namespaces kubernetes.io/metadata.name=monitoring a/api TCP 22 IPv6",
            ],
            json["exposure"]!["opened"]!.AsArray().Select(f => $"{f!["from"]} {f["to"]} {f["ports"]} {f["family"]}"));
        Assert.Equal("[]", json["exposure"]!["closed"]!.ToJsonString());
        Assert.Contains(
            "| **opened** | `pods of namespaces kubernetes.io/metadata.name!=a` | `a/api` | TCP 22, TCP 80 |",
            _cli.Run("diff", "-f", now, "--against", old, "-o", "md").Out, StringComparison.Ordinal);
    }

    private const string UnloadedPod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: api, namespace: a, labels: {app: api}}
        spec: {containers: [{name: c, image: x, ports: [{containerPort: 80}]}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: api, namespace: a}
        spec:
          podSelector: {}
          ingress:

        """;

    private const string UnloadedOld = UnloadedPod + """
          - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
            ports: [{port: 80}]

        """;

    private const string UnloadedNew = UnloadedPod + """
          - from: [{namespaceSelector: {matchExpressions: [
              {key: kubernetes.io/metadata.name, operator: NotIn, values: [a]}]}}]
            ports: [{port: 80}, {port: 22}]

        """;

    [Fact]
    public void Input_that_is_refused()
    {
        var outcome = Diff(Cli.Policy, Edited("ingress:", "ingres:"));
        Assert.Equal((3, ""), (outcome.Exit, outcome.Out));
        _cli.Run("diff", "-f", _cli.Example(), "--against", "/no/such")
            .ShouldFail(3, "dataplane: /no/such: no such file or directory");
        _cli.Run("diff", "-f", _cli.Example()).ShouldFail(4, "dataplane: no daemon answers at DIR/s; start it with: "
            + "sudo dataplane daemon, or name the manifests with -f PATH");
        _cli.Run("diff", "-f", "-", "--against", "-")
            .ShouldFail(2, "dataplane: -f - and --against -: standard input is read once");
    }
}
