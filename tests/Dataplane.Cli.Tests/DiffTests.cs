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
        Assert.Equal("{\n  \"opened\": [],\n  \"closed\": [],\n  \"objects\": []\n}\n",
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

            2 objects changed, 1 group of flows closed, 0 opened

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

        - changed: NetworkPolicy `x/web` (DIR/new.yaml:1)

        """, Diff(Cli.Policy, Edited("port: 80", "port: 80, endPort: 90"), "-o", "md").Out);

    [Fact]
    public void A_new_pod_moves_no_address()
    {
        const string ByAddress =
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a, namespace: x }\n"
                + "spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.244.0.2/32 } }] }] }\n";
        var before = _cli.File("a.yaml", Cli.Pods + "---\n" + ByAddress);
        var after = _cli.File("b.yaml", Cli.Pods + "---\n" + ByAddress + "---\n" + "apiVersion: v1\nkind: Pod\n"
            + "metadata: { name: aaa, namespace: x }\nspec: { containers: [{ name: c, image: i }] }\n");
        var outcome = _cli.Run("diff", "-f", after, "--against", before);
        Assert.Equal((0, "OBJECTS\n+  Pod  x/aaa  DIR/b.yaml:21\n\n1 object changed, no flow opened or closed\n"),
            (outcome.Exit, outcome.Out));
    }

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
