using System.Reflection;
using System.Text.Json;
using Dataplane.Testing.Browser;

namespace Dataplane.Cli.Tests.Browser;

/// <summary>A report in a browser.</summary>
internal sealed class Report : IAsyncDisposable
{
    /// <summary>
    /// All cells of the shown matrix, by the names of their ends: of the table what its cells say, of what is drawn
    /// the colour in the middle of each square.
    /// </summary>
    private const string ReadCells = """
        (() => {
          const ends = JSON.parse(document.getElementById('data').textContent).ends.map(e => e.name);
          const cells = {};
          const add = (rows, columns, verdict) => {
            for (const from of rows) for (const to of columns) {
              // Of several in one row, the cell is about one and another.
              if (from === to && rows.length > 1) continue;
              (cells[ends[from]] ??= {})[ends[to]] = verdict;
            }
          };
          const numbers = text => text.split(' ').map(Number);
          const canvas = document.querySelector('canvas');
          if (canvas) {
            const style = getComputedStyle(document.documentElement), names = {};
            const probe = document.createElement('canvas').getContext('2d');
            for (const [letter, word] of Object.entries({ a: 'allowed', d: 'denied', r: 'refused', p: 'partial', none: 'no such flow' })) {
              probe.fillStyle = style.getPropertyValue('--cell-' + letter).trim();
              probe.fillRect(0, 0, 1, 1);
              names[[...probe.getImageData(0, 0, 1, 1).data].join()] = word;
            }
            const size = Number(canvas.dataset.size), middle = Math.floor(size / 2);
            const image = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            canvas.dataset.rows.split('|').forEach((row, r) => canvas.dataset.columns.split('|').forEach((column, c) => {
              const at = ((r * size + middle) * canvas.width + c * size + middle) * 4;
              add(numbers(row), numbers(column), names[[...image.data.slice(at, at + 4)].join()] ?? 'another colour');
            }));
            return cells;
          }
          const columns = [...document.querySelectorAll('.matrix thead th')].map(th => numbers(th.dataset.ends));
          for (const tr of document.querySelectorAll('.matrix tbody tr')) {
            const row = numbers(tr.querySelector('th').dataset.ends);
            for (const td of tr.querySelectorAll('td')) add(row, columns[td.dataset.c], td.dataset.verdict);
          }
          return cells;
        })()
        """;

    private static readonly Lazy<string> Axe = new(() =>
    {
        var assembly = Assembly.Load("Deque.AxeCore.Commons");
        using var script = new StreamReader(
            assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js")!);
        return script.ReadToEnd();
    });

    private Report(BrowserPage page) => Page = page;

    public BrowserPage Page { get; private set; }

    /// <summary>Where it was opened from.</summary>
    public string Url { get; private init; } = "";

    /// <param name="html">What a command printed.</param>
    public static async Task<Report> OpenAsync(Chromium browser, string html, string state = "", bool isDark = false)
    {
        var directory = new TempDirectory();
        var url = $"file://{directory.Write("report.html", html)}";
        var page = await browser.OpenAsync($"{url}#{state}", (1400, 900), isDark);
        directory.Dispose();
        // The viewer has drawn it when it names the page.
        await page.UntilAsync("document.title !== 'dataplane'");
        return new Report(page) { Url = url };
    }

    /// <summary>The matrices that can be chosen, with the probes and families that each is about.</summary>
    public async Task<IReadOnlyList<(string Title, IReadOnlyList<(string Probe, string Family)> Asked)>> Matrices() =>
        [.. (await Page.AskAsync<string[]>("[...document.querySelectorAll('select option')].map(o => o.value)"))
            .Select(title => (title, (IReadOnlyList<(string, string)>)[.. title.Split("; ").SelectMany(part =>
                part.Split(" · ")[0].Split(", ").SelectMany(probe =>
                    part.Split(" · ")[1].Split(" and ").Select(family => (probe, family))))]))];

    public async Task<Dictionary<string, Dictionary<string, string>>> Cells(string title)
    {
        await Page.StateAsync($"view=matrix&probe={Uri.EscapeDataString(title)}");
        return await Page.AskAsync<Dictionary<string, Dictionary<string, string>>>(ReadCells);
    }

    public Task<string> Text(string selector) =>
        Page.AskAsync<string>($"document.querySelector({JsonSerializer.Serialize(selector)})?.innerText ?? ''");

    /// <summary>What axe-core finds that keeps somebody out.</summary>
    public async Task<string> Barriers()
    {
        await Page.DoAsync(Axe.Value);
        return await Page.AskAsync<string>("""
            axe.run(document).then(found => found.violations.filter(v => ['serious', 'critical'].includes(v.impact))
              .map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html + ' ' + n.failureSummary).join(' | ')}`).join('\n'))
            """);
    }

    /// <summary>Keeps a picture among the results of tests, to be looked at.</summary>
    public async Task<byte[]> Keep(string name)
    {
        var image = await Page.ScreenshotAsync();
        var directory = Directory.CreateDirectory(SourceTree.Full("TestResults/page"));
        await File.WriteAllBytesAsync(Path.Combine(directory.FullName, $"{name}.png"), image);
        return image;
    }

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
    }
}
