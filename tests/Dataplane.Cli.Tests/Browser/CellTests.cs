using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Dataplane.Testing.Browser;

namespace Dataplane.Cli.Tests.Browser;

/// <summary>The page says of each cell what <c>-o json</c> says: its DOM is read, and what it draws.</summary>
public sealed class CellTests(SharedBrowser shared) : IClassFixture<SharedBrowser>, IDisposable
{
    private readonly Cli _cli = new();

    [Theory]
    [InlineData(2, 1)]
    [InlineData(12, 1)]
    [InlineData(60, 1)]
    [InlineData(100, 1)]
    [InlineData(400, 10)]
    public async Task Each_cell_is_as_in_json(int pods, int replicas)
    {
        var browser = await shared.StartedAsync();
        string[] question = ["matrix", "-q", "-f", _cli.File("p.yaml", Cluster(pods, replicas)), "--probe", "TCP:80",
            "--probe", "UDP:53", "--external", "192.0.2.7", .. pods < 100 ? [] : (string[])["--family", "4"]];
        await Compare(browser, question, leastCells: pods * pods);
    }

    /// <summary>The colours of 160,000 squares.</summary>
    [Fact(Explicit = true)]
    public async Task Of_400_pods_that_all_differ_too()
    {
        var browser = await shared.StartedAsync();
        await Compare(browser, ["matrix", "-q", "-f", _cli.File("p.yaml", Cluster(400, 1)), "--probe", "TCP:80",
            "--family", "4"], leastCells: 400 * 400);
    }

    [Fact]
    public async Task Services_too()
    {
        var browser = await shared.StartedAsync();
        await Compare(browser, ["matrix", "-q", "-f", SourceTree.Full("examples/33-service")], leastCells: 4);
    }

    public void Dispose() => _cli.Dispose();

    private async Task Compare(Chromium browser, string[] question, int leastCells)
    {
        var json = _cli.Run([.. question, "-o", "json"]).Json;
        await using var report = await Report.OpenAsync(browser, _cli.Run([.. question, "-o", "html"]).Out);
        var (compared, left) = (0, Expected(json));
        foreach (var (title, asked) in await report.Matrices())
        {
            var cells = await report.Cells(title);
            var ofTitle = asked.Select(a => left[$"{a.Probe} {a.Family}"]).ToList();
            foreach (var expected in ofTitle)
            {
                foreach (var ((from, to), verdict) in expected)
                {
                    var said = cells.GetValueOrDefault(from)?.GetValueOrDefault(to);
                    // Of replicas in one row a pod to itself is not shown: it is always allowed.
                    if (said is null && from == to) said = "allowed";
                    if (said != verdict) Assert.Fail($"{title}: {from} to {to}: {said} instead of {verdict}");
                    compared++;
                }
            }
            Assert.Empty(from row in cells from cell in row.Value where cell.Value != "no such flow"
                where !ofTitle.Exists(e => e.ContainsKey((row.Key, cell.Key)))
                select $"{title}: {row.Key} to {cell.Key} is not in the JSON");
            foreach (var (probe, family) in asked) left.Remove($"{probe} {family}");
        }
        Assert.Empty(left);
        Assert.True(compared >= leastCells, $"{compared} cells");
        Assert.Empty(report.Page.Errors);
    }

    /// <summary>By probe and family, as titles have them: the verdict of each pair.</summary>
    private static Dictionary<string, Dictionary<(string From, string To), string>> Expected(JsonNode json)
    {
        var all = new Dictionary<string, Dictionary<(string, string), string>>();
        foreach (var block in json["probes"]!.AsArray())
        {
            foreach (var row in block!["matrix"]!.AsObject())
                foreach (var cell in row.Value!.AsObject()) Of(block)[(row.Key, cell.Key)] = (string)cell.Value!;
        }
        foreach (var block in json["services"]?.AsArray() ?? [])
        {
            var to = (string?)block!["address"] is { } address ? address[..address.LastIndexOf(':')].Trim('[', ']')
                : $"service:{block["service"]}";
            foreach (var row in block["matrix"]!.AsObject()) Of(block)[(row.Key, to)] = (string)row.Value!["verdict"]!;
        }
        return all;

        Dictionary<(string, string), string> Of(JsonNode block)
        {
            var probe = (int)block["port"]! == 0 ? $"{block["protocol"]}" : $"{block["protocol"]} {block["port"]}";
            var key = $"{probe} {block["family"]}";
            return all.TryGetValue(key, out var known) ? known : all[key] = [];
        }
    }

    /// <summary>Every third pod is isolated, and lets in those of the same remainder, each by a rule of its
    /// own.</summary>
    private static string Cluster(int pods, int replicas)
    {
        var text = new StringBuilder();
        for (var i = 0; i < pods / replicas; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Workload(i, replicas)}---\n");
            if (i % 3 != 0) continue;
            text.Append(CultureInfo.InvariantCulture, $$"""
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: { name: of-p{{i}}, namespace: n{{i % 4}} }
                spec:
                  podSelector: { matchLabels: { app: p{{i}} } }
                  ingress:
                    - from:
                        - namespaceSelector: {}
                          podSelector:
                            matchExpressions: [{ key: group, operator: In, values: [g{{i % 7}}, g{{i % 5}}] }]
                        - namespaceSelector: {}
                          podSelector: { matchLabels: { app: p{{(i * 31 + 7) % (pods / replicas)}} } }
                      ports: [{ port: 80 }]
                ---

                """);
        }
        return text.ToString();
    }

    private static string Workload(int i, int replicas)
    {
        var labels = $"{{ app: p{i}, group: g{i % 7} }}";
        return replicas == 1
            ? $$"""
                kind: Pod
                apiVersion: v1
                metadata: { name: p{{i}}, namespace: n{{i % 4}}, labels: {{labels}} }
                spec: { containers: [{ name: c, image: i }] }

                """
            : $$"""
                kind: Deployment
                apiVersion: apps/v1
                metadata: { name: p{{i}}, namespace: n{{i % 4}} }
                spec:
                  replicas: {{replicas}}
                  selector: { matchLabels: {{labels}} }
                  template:
                    metadata: { labels: {{labels}} }
                    spec: { containers: [{ name: c, image: i }] }

                """;
    }
}
