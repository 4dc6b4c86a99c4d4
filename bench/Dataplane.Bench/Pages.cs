using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dataplane.Testing.Browser;

namespace Dataplane.Bench;

/// <summary>A report of 100 x 100 in chromium, beside a plain table of the same size in the same browser.</summary>
internal static class Pages
{
    private const int Pods = 100, Rounds = 9;

    public static void Run()
    {
        if (!File.Exists("out/dataplane") || !File.Exists(Chromium.Program))
        {
            Console.Error.WriteLine("pages: out/dataplane (make build) or chromium is not there");
            return;
        }
        Measure().GetAwaiter().GetResult();
    }

    private static async Task Measure()
    {
        using var directory = new TempDirectory();
        var report = $"file://{directory.Write("report.html", Report(directory))}";
        var plain = $"file://{directory.Write("plain.html", Plain())}";
        await using var browser = await Chromium.StartAsync();
        var (ours, table) = (new List<double>(), new List<double>());
        var (ourUpdates, tableUpdates) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            var (first, update) = await Look(browser, report, Update);
            var (plainFirst, plainUpdate) = await Look(browser, plain, PlainUpdate);
            // The first round is the browser's own start.
            if (round == 0) continue;
            ours.Add(first);
            table.Add(plainFirst);
            ourUpdates.Add(update);
            tableUpdates.Add(plainUpdate);
        }
        Figures.Bar("page: first paint of a matrix of 100 x 100", ours, "a plain table", table, 3, "ms");
        Figures.Bar("page: 5 % of its cells change, until they are painted", ourUpdates, "a plain table", tableUpdates,
            3, "ms");
    }

    /// <summary>500 cells of the document are others.</summary>
    private const string Update = """
        const data = JSON.parse(document.getElementById('data').textContent);
        for (const block of data.blocks) block.cells = block.cells.map((row, r) => [...row].map((cell, c) =>
          (r * 7 + c) % 20 === 0 ? (cell === 'a' ? 'd' : 'a') : cell).join(''));
        const change = () => window.dataplane.show(data);
        """;

    private const string PlainUpdate = """
        const cells = [...document.querySelectorAll('td')].filter((_, i) => i % 20 === 0);
        const change = () => { for (const td of cells) { td.className = td.className === 'a' ? 'd' : 'a'; td.textContent = td.className; } };
        """;

    private static async Task<(double First, double Update)> Look(Chromium browser, string url, string update)
    {
        var page = await browser.OpenAsync(url, (1400, 900));
        await page.UntilAsync("performance.getEntriesByName('first-contentful-paint').length > 0");
        var first = await page.AskAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
        var changed = await page.AskAsync<double>($$"""
            (async () => { {{update}}
              const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
              await frame();
              const start = performance.now();
              change();
              await frame();
              return performance.now() - start; })()
            """);
        await page.CloseAsync();
        return (first, changed);
    }

    private static string Report(TempDirectory directory)
    {
        var text = new StringBuilder();
        for (var i = 0; i < Pods; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                apiVersion: v1
                kind: Pod
                metadata: { name: p{{i}}, namespace: x, labels: { app: p{{i}}, group: g{{i % 7}} } }
                spec: { containers: [{ name: c, image: i }] }
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: { name: of-p{{i}}, namespace: x }
                spec:
                  podSelector: { matchLabels: { app: p{{i}} } }
                  ingress:
                    - from:
                        - podSelector: { matchLabels: { group: g{{i % 5}} } }
                        - podSelector: { matchLabels: { app: p{{(i * 31 + 7) % Pods}} } }
                ---

                """);
        }
        using var process = Process.Start(new ProcessStartInfo("out/dataplane",
            ["matrix", "-q", "-f", directory.Write("p.yaml", text.ToString()), "--probe", "TCP:80", "-o", "html"])
        {
            RedirectStandardOutput = true,
        })!;
        return process.StandardOutput.ReadToEnd();
    }

    private static string Plain()
    {
        var rows = string.Concat(Enumerable.Range(0, Pods).Select(Row));
        var heads = string.Concat(Enumerable.Range(0, Pods).Select(c => $"<th>x/p{c}</th>"));
        return $"<!DOCTYPE html><meta charset=\"utf-8\"><style>.a{{background:#dfd}}.d{{background:#fdd}}</style>"
            + $"<table><tr><th></th>{heads}</tr>{rows}</table>";

        static string Row(int r) => $"<tr><th>x/p{r}</th>{string.Concat(Enumerable.Range(0, Pods).Select(c =>
            (r + c) % 3 == 0 ? "<td class=\"a\">a</td>" : "<td class=\"d\">d</td>"))}</tr>";
    }
}
