namespace Dataplane.Cli.Tests;

/// <summary>Which pods a default probe is shown for.</summary>
public sealed class CrossedMatrixTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    /// <summary>The shop, where ops/intruder declares the port of the database.</summary>
    private string[] Of(params string[] more)
    {
        var text = Shop.Text.Replace(
            "{ name: intruder, namespace: ops }\nspec: { containers: [{ name: c, image: i }] }",
            "{ name: intruder, namespace: ops }\nspec: { containers: [{ name: c, image: i, ports: "
                + "[{ containerPort: 5432 }] }] }", StringComparison.Ordinal);
        return ["matrix", "--family", "4", "-f", _cli.File("shop.yaml", text), .. more];
    }

    [Fact]
    public void A_port_is_crossed_with_pods_that_declare_it_or_that_a_policy_names_it_for()
    {
        var outcome = _cli.Run(Of("-q"));
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Equal("""
            TCP 80 · IPv4
            from ↓  to →     shop/web ×3
            ops/intruder          ✓
            shop/api ×2           ✓
            shop/debug            ✓
            shop/postgres-0       ✓
            shop/web ×3           ✓

            TCP 5432 · IPv4
            from ↓  to →     ops/intruder  shop/postgres-0
            ops/intruder          –               ·
            shop/api ×2           ✓               ✓
            shop/debug            ✓               ·
            shop/postgres-0       ✓               –
            shop/web ×3           ✓               ·

            TCP 8080 · IPv4
            from ↓  to →     shop/api ×2
            ops/intruder          ✓
            shop/api ×2           ✓
            shop/debug            ✓
            shop/postgres-0       ✓
            shop/web ×3           ✓

            ✓ allowed   · denied   – itself, or no such flow   ×N replicas that answer alike

            no column for shop/debug, for which no port is declared or named; --probe or --to asks for it

            """, outcome.Out);
        Assert.Equal("""
            to               port             reached by
            ops/intruder     TCP 5432 · IPv4  all 7
            shop/api ×2      TCP 8080 · IPv4  all 8
            shop/postgres-0  TCP 5432 · IPv4  shop/api ×2
            shop/web ×3      TCP 80 · IPv4    all 8

            no column for shop/debug, for which no port is declared or named; --probe or --to asks for it

            """, _cli.Run(Of("-q", "-o", "list")).Out);
    }

    [Fact]
    public void A_pod_that_no_port_is_for_is_named()
    {
        const string Said = "no column for shop/debug";
        Assert.Contains(Said, _cli.Run(Of("-o", "md")).Out, StringComparison.Ordinal);
        var asked = _cli.Run(Of("-q", "-o", "list", "--to", "shop/debug"));
        Assert.DoesNotContain(Said, asked.Out, StringComparison.Ordinal);
        Assert.Contains("shop/debug  TCP 80, TCP 5432, TCP 8080 · IPv4  all 7", asked.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_csv_and_named_probes_keep_the_square()
    {
        var probes = _cli.Run(Of("-q", "-o", "json")).Json["probes"]!.AsArray();
        Assert.Equal(3, probes.Count);
        Assert.All(probes, p => Assert.Equal(8, p!["matrix"]!["shop/debug"]!.AsObject().Count));
        Assert.Equal(1 + 3 * 8 * 8, _cli.Run(Of("-q", "-o", "csv")).Out.TrimEnd('\n').Split('\n').Length);
        Assert.Contains("ops/intruder  shop/api ×2  shop/debug  shop/postgres-0  shop/web ×3",
            _cli.Run(Of("-q", "--probe", "TCP:80")).Out, StringComparison.Ordinal);
    }
}
