using System.Text.Json.Nodes;

namespace Dataplane.Cli.Tests;

public sealed class MatrixTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Json_is_as_fixed()
    {
        var outcome =
            _cli.Run("matrix", "-f", _cli.Example(), "--family", "4", "--external", "172.17.5.9", "-o", "json");
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Equal("""
            {
              "probes": [
                {
                  "protocol": "TCP",
                  "port": 80,
                  "family": "IPv4",
                  "matrix": {
                    "x/client": {
                      "x/client": "allowed",
                      "x/other": "allowed",
                      "x/web": "allowed",
                      "172.17.5.9": "allowed"
                    },
                    "x/other": {
                      "x/client": "allowed",
                      "x/other": "allowed",
                      "x/web": "denied",
                      "172.17.5.9": "allowed"
                    },
                    "x/web": {
                      "x/client": "allowed",
                      "x/other": "allowed",
                      "x/web": "allowed",
                      "172.17.5.9": "allowed"
                    },
                    "172.17.5.9": {
                      "x/client": "allowed",
                      "x/other": "allowed",
                      "x/web": "denied"
                    }
                  }
                }
              ]
            }

            """, outcome.Out);
    }

    [Fact]
    public void Json_has_an_entry_per_probe_and_family_and_port_0_for_ICMP()
    {
        var probes = _cli.Run("matrix", "-f", _cli.Example(), "--probe", "icmp", "--probe", "udp/53", "-o",
            "json").Json["probes"]!.AsArray();
        Assert.Equal(["UDP 53 IPv4", "UDP 53 IPv6", "ICMP 0 IPv4", "ICMP 0 IPv6"],
            probes.Select(p => $"{p!["protocol"]} {p["port"]} {p["family"]}"));
    }

    [Fact]
    public void A_family_that_an_endpoint_lacks_leaves_it_out()
    {
        var probes = _cli
            .Run("matrix", "-f", _cli.Example(), "--external", "2001:db8::1", "-o", "json").Json["probes"]!.AsArray();
        Assert.DoesNotContain("2001:db8::1", Keys(probes[0]!["matrix"]!));
        Assert.Contains("2001:db8::1", Keys(probes[1]!["matrix"]!));

        static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(p => p.Key);
    }

    [Fact]
    public void Table_merges_what_looks_alike()
    {
        Assert.Equal("""
            TCP 80 · IPv4 and IPv6
            from ↓  to →  x/client  x/other  x/web
            x/client         –         ✓       ✓
            x/other          ✓         –       ·
            x/web            ✓         ✓       –

            UDP 53, ICMP · IPv4 and IPv6
            from ↓  to →  x/client  x/other  x/web
            x/client         –         ✓       ·
            x/other          ✓         –       ·
            x/web            ✓         ✓       –

            ✓ allowed   · denied   – itself, or no such flow

            """,
            _cli.Run("matrix", "-f", _cli.Example(), "--probe", "TCP:80", "--probe", "UDP:53", "--probe", "ICMP").Out);
    }

    [Fact]
    public void Table_numbers_its_columns_when_names_do_not_fit()
    {
        var pods = string.Join("---\n", Enumerable.Range(0, 11).Select(i =>
            $"apiVersion: v1\nkind: Pod\nmetadata: {{ name: a-long-name-{i:00}, namespace: x }}\n"
                + $"spec: {{ containers: [{{ name: c, image: i }}] }}\n"));
        var lines = _cli.RunWithInput(pods, "matrix", "-f", "-").Out.Split('\n');
        Assert.Equal("from ↓  to →           [0]  [1]  [2]  [3]  [4]  [5]  [6]  [7]  [8]  [9]  [10]", lines[1]);
        Assert.Equal("[10] x/a-long-name-10   ✓    ✓    ✓    ✓    ✓    ✓    ✓    ✓    ✓    ✓    –", lines[12]);
    }

    [Fact]
    public void Csv_has_a_flow_a_line()
    {
        var lines = _cli.Run("matrix", "-f", _cli.Example(), "-o", "csv").Out.TrimEnd('\n').Split('\n');
        Assert.Equal("protocol,port,family,from,to,verdict", lines[0]);
        Assert.Equal("TCP,80,IPv4,x/other,x/web,denied", lines[6]);
        Assert.Equal(1 + 2 * 3 * 3, lines.Length);
    }

    [Fact]
    public void Markdown() => Assert.Equal("""
        ### TCP 80 · IPv4 and IPv6

        | from \ to | x/client | x/other | x/web |
        |---|:-:|:-:|:-:|
        | x/client | – | ✓ | ✓ |
        | x/other | ✓ | – | · |
        | x/web | ✓ | ✓ | – |

        """, _cli.Run("matrix", "-f", _cli.Example(), "--probe", "TCP:80", "-o", "md").Out);

    [Fact]
    public void Several_files_behind_one_option_or_several()
    {
        _cli.Example();
        var (pods, policy) = (_cli.File("p.yaml", Cli.Pods), _cli.File("q.yaml", Cli.Policy));
        var one = _cli.Run("matrix", "-f", pods, policy, "-o", "csv");
        Assert.Equal((0, ""), (one.Exit, one.Error));
        Assert.Contains("x/other,x/web,denied", one.Out, StringComparison.Ordinal);
        Assert.Equal(one.Out, _cli.Run("matrix", "-f", pods, "-f", policy, "-o", "csv").Out);
    }

    [Fact]
    public void No_pods_is_no_flow_and_no_error()
    {
        var outcome = _cli.RunWithInput(Cli.Policy, "matrix", "-f", "-", "-o", "json");
        Assert.Equal(
            (0, "note: no pods in the manifests\nnothing to show: the manifests have no pods\n"),
            (outcome.Exit, outcome.Error));
        Assert.Empty(outcome.Json["probes"]!.AsArray());
    }

    [Fact]
    public void Rules_print_both_tables_with_an_element_for_every_pod()
    {
        var outcome = _cli.Run("rules", "--format", "nft", "-f", _cli.Example());
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Contains("table bridge dataplane {", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("table inet dataplane {", outcome.Out, StringComparison.Ordinal);
        foreach (var address in (string[])["10.244.0.2", "10.244.0.3", "10.244.0.4"])
            Assert.Contains(address, outcome.Out, StringComparison.Ordinal);
        Assert.Contains("1003 . 02:00:01:00:00:02", outcome.Out, StringComparison.Ordinal);
    }

    /// <summary>Three pods of a cluster with one family.</summary>
    private static readonly string OneFamily = string.Join("---\n", ((string[])["a", "b", "c"]).Select((name, i) =>
        Pod(name, "") + $"status: {{ podIPs: [{{ ip: 10.1.0.{i + 2} }}] }}\n"));

    private static string Pod(string name, string more) =>
        $"apiVersion: v1\nkind: Pod\nmetadata: {{ name: {name}, namespace: x }}\n"
            + $"spec: {{ {more}containers: [{{ name: c, image: i }}] }}\n";

    [Theory]
    [InlineData("table")]
    [InlineData("md")]
    [InlineData("json")]
    public void A_family_that_only_the_node_has_is_no_page_of_dashes(string format)
    {
        var text = string.Join("---\n", OneFamily, Pod("h", "hostNetwork: true, "), Pod("i", "hostNetwork: true, "));
        var outcome = _cli.Run("matrix", "-o", format, "-f", _cli.File("four.yaml", text));
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.DoesNotContain("IPv6", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("x/h", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("md")]
    public void A_family_that_no_two_pods_have_is_no_page_of_dashes(string format)
    {
        var both = Pod("d", "") + "status: { podIPs: [{ ip: 10.1.0.9 }, { ip: 'fd00::9' }] }\n";
        var outcome = _cli.Run("matrix", "-o", format, "-f", _cli.File("four.yaml", $"{OneFamily}---\n{both}"));
        Assert.Equal(0, outcome.Exit);
        Assert.Equal("no matrix of TCP 80 · IPv6: no two endpoints have that family\n", outcome.Error);
        Assert.DoesNotContain("IPv6", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("TCP 80 · IPv4", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_diagonal_is_the_same_in_every_format()
    {
        var rows = _cli.Run(
            "matrix", "-o", "md", "--family", "4", "--probe", "TCP:80", "-f", _cli.Example()).Out.Split('\n');
        Assert.Equal(["| x/client | – | ✓ | ✓ |", "| x/other | ✓ | – | · |", "| x/web | ✓ | ✓ | – |"],
            rows.Where(r => r.StartsWith("| x/", StringComparison.Ordinal)));
    }
}
