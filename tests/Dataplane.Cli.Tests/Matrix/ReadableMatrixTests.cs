namespace Dataplane.Cli.Tests;

/// <summary>Matrices as people read them: replicas folded, no wider than the terminal, or as a list.</summary>
public sealed class ReadableMatrixTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private string[] Of(params string[] more) =>
        ["matrix", "-q", "--family", "4", "--probe", "TCP:5432", "-f", _cli.File("shop.yaml", Shop.Text), .. more];

    [Fact]
    public void Replicas_that_answer_alike_are_one_row_and_one_column()
    {
        Assert.Equal("""
            TCP 5432 · IPv4
            from ↓  to →     ops/intruder  shop/api ×2  shop/debug  shop/postgres-0  shop/web ×3
            ops/intruder          –             ✓           ✓              ·              ✓
            shop/api ×2           ✓             ✓           ✓              ✓              ✓
            shop/debug            ✓             ✓           –              ·              ✓
            shop/postgres-0       ✓             ✓           ✓              –              ✓
            shop/web ×3           ✓             ✓           ✓              ·              ✓

            ✓ allowed   · denied   – itself, or no such flow   ×N replicas that answer alike

            """, _cli.Run(Of()).Out);
        Assert.Contains(
            "| shop/web ×3 | ✓ | ✓ | ✓ | · | ✓ |\n", _cli.Run(Of("-o", "md")).Out, StringComparison.Ordinal);
    }

    /// <summary>One of three replicas carries a label that lets it in.</summary>
    [Fact]
    public void A_replica_that_answers_otherwise_is_a_row_of_its_own()
    {
        var text = Shop.Text.Replace("podSelector: { matchLabels: { app: api } }",
            "podSelector: { matchLabels: { statefulset.kubernetes.io/pod-name: web-1 } }", StringComparison.Ordinal);
        text = text.Replace("kind: Deployment", "kind: StatefulSet", StringComparison.Ordinal)
            .Replace("  replicas:", "  serviceName: s\n  replicas:", StringComparison.Ordinal);
        var lines = _cli.Run("matrix", "-q", "--family", "4", "--probe", "TCP:5432", "-f",
            _cli.File("odd.yaml", text)).Out.Split('\n');
        Assert.Equal(
            "from ↓  to →     ops/intruder  shop/api ×2  shop/debug  shop/postgres-0  shop/web-0 +1  shop/web-1",
            lines[1]);
        Assert.Equal(
            "shop/web-1            ✓             ✓           ✓              ✓               ✓            –", lines[7]);
        Assert.EndsWith("+N other replicas that answer alike", lines[9], StringComparison.Ordinal);
    }

    [Fact]
    public void Replicas_that_do_not_reach_each_other_stay_apart_from_those_that_do()
    {
        var text = Shop.Workload("web", 2, 80) + "---\n" + """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: all, namespace: shop }
            spec: { podSelector: {}, policyTypes: [Ingress] }

            """;
        var outcome = _cli.Run("matrix", "-q", "--family", "4", "-f", _cli.File("in.yaml", text));
        Assert.Equal("""
            TCP 80 · IPv4
            from ↓  to →  shop/web ×2
            shop/web ×2        ·

            ✓ allowed   · denied   – itself, or no such flow   ×N replicas that answer alike

            """, outcome.Out);
    }

    [Fact]
    public void Json_and_csv_keep_every_replica()
    {
        Assert.Equal(8, _cli.Run(Of("-o", "json")).Json["probes"]![0]!["matrix"]!.AsObject().Count);
        Assert.Equal(1 + 8 * 8, _cli.Run(Of("-o", "csv")).Out.TrimEnd('\n').Split('\n').Length);
    }

    [Theory]
    [InlineData("85", "from ↓  to →     ops/intruder  shop/api ×2  shop/debug  shop/postgres-0  shop/web ×3")]
    [InlineData("60", "from ↓  to →         [0]  [1]  [2]  [3]  [4]")]
    [InlineData("30", "to               port             reached by")]
    public void What_fits_the_terminal_is_printed(string columns, string head)
    {
        _cli.Variables["COLUMNS"] = columns;
        Assert.Equal(head, _cli.Run(Of()).Out.Split('\n')[1]);
    }

    [Fact]
    public void Few_sources_and_many_destinations_are_transposed()
    {
        _cli.Variables["COLUMNS"] = "40";
        Assert.Equal("""
            TCP 5432 · IPv4
            to ↓  from →     ops/intruder
            ops/intruder          –
            shop/api ×2           ✓
            shop/debug            ✓
            shop/postgres-0       ·
            shop/web ×3           ✓

            ✓ allowed   · denied   – itself, or no such flow   ×N replicas that answer alike

            """, _cli.Run(Of("--from", "ops/intruder")).Out);
    }

    [Fact]
    public void A_list_says_who_reaches_each()
    {
        Assert.Equal("""
            to               port             reached by
            ops/intruder     TCP 5432 · IPv4  all 7
            shop/api ×2      TCP 5432 · IPv4  all 8
            shop/debug       TCP 5432 · IPv4  all 7
            shop/postgres-0  TCP 5432 · IPv4  shop/api ×2
            shop/web ×3      TCP 5432 · IPv4  all 8

            """, _cli.Run(Of("-o", "list")).Out);
    }

    [Fact]
    public void A_list_of_one_source_says_what_it_reaches()
    {
        Assert.Equal("""
            from          port             reaches
            ops/intruder  TCP 5432 · IPv4  shop/api ×2, shop/debug, shop/web ×3

            """, _cli.Run(Of("-o", "list", "--from", "ops/intruder")).Out);
    }

    [Fact]
    public void Ports_with_the_same_answer_share_a_line_and_none_is_said()
    {
        Assert.Equal("""
            to               port                            reached by
            shop/postgres-0  TCP 80, UDP 53 · IPv4 and IPv6  nobody
            shop/postgres-0  TCP 5432 · IPv4 and IPv6        shop/api ×2

            """,
            _cli.Run("matrix", "-q", "-o", "list", "--to", "shop/postgres", "--probe", "TCP:80", "--probe", "UDP:53",
                "--probe", "TCP:5432", "-f", _cli.File("shop.yaml", Shop.Text)).Out);
    }

    [Fact]
    public void A_whole_namespace_is_one_word()
    {
        var policy = """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: own, namespace: shop }
            spec:
              podSelector: { matchLabels: { app: web } }
              ingress: [{ from: [{ podSelector: {} }] }]

            """;
        Assert.Contains("shop/web ×3      TCP 5432 · IPv4  shop/* (7)\n",
            _cli.Run([.. Of("-o", "list"), "-f", _cli.File("own.yaml", policy)]).Out, StringComparison.Ordinal);
    }
}
