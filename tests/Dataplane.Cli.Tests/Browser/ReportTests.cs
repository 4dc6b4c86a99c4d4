using System.IO.Compression;
using System.Text;
using Dataplane.Cli.Page;
using Dataplane.Testing.Browser;

namespace Dataplane.Cli.Tests.Browser;

/// <summary>A report as somebody meets it who has seen nothing before.</summary>
public sealed class ReportTests(SharedBrowser shared) : IClassFixture<SharedBrowser>, IDisposable
{
    private readonly Cli _cli = new();

    private string Demo(params string[] command) =>
        // As somebody has it who stands in the tree.
        _cli.Run([.. command, "-q", "-f", SourceTree.Full("examples/demo"), "-o", "html"]).Out
            .Replace($"{SourceTree.Full("").TrimEnd('/')}/", "", StringComparison.Ordinal);

    [Fact]
    public void The_viewer_is_small()
    {
        // What a server sends, or a merge request stores: 60 KB at most.
        Assert.InRange(Compressed(ViewerFiles.Script) + Compressed(ViewerFiles.Style), 1, 60_000);

        static long Compressed(ReadOnlyMemory<byte> file)
        {
            using var sink = new MemoryStream();
            using (var gzip = new GZipStream(sink, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(file.Span);
            return sink.Length;
        }
    }

    /// <summary>A script that stands in a page must not have its end in it.</summary>
    [Fact]
    public void The_viewer_can_stand_in_a_page()
    {
        foreach (var word in (string[])["</script", "<!--", "<script", "</style"])
        {
            Assert.DoesNotContain(word, Encoding.UTF8.GetString(ViewerFiles.Script.Span),
                StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(word, Encoding.UTF8.GetString(ViewerFiles.Style.Span),
                StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>What stands beside policies is not for everybody who gets a report.</summary>
    [Fact]
    public void Secrets_stay_out()
    {
        const string secret =
            "kind: Secret\napiVersion: v1\nmetadata: { name: s, namespace: x }\ndata: { p: c2VjcmV0 }\n";
        var (item, hidden) = (Item(Cli.Policy), Item(secret));
        foreach (var text in (string[])
        [
            $"{Cli.Pods}---\n{secret}---\n{Cli.Policy}---\n{secret}",
            $"{Cli.Pods}---\nkind: List\napiVersion: v1\nitems:\n{hidden}{item}{hidden}",
        ])
        {
            var html = _cli.Run("matrix", "-q", "-f", _cli.File("s.yaml", text), "-o", "html").Out;
            Assert.Contains("metadata: { name: web, namespace: x }", html, StringComparison.Ordinal);
            Assert.DoesNotContain("c2VjcmV0", html, StringComparison.Ordinal);
        }

        static string Item(string text) => string.Concat(text.TrimEnd().Split('\n')
            .Select((line, i) => $"{(i == 0 ? "- " : "  ")}{line}\n"));
    }

    [Fact]
    public async Task No_request_leaves_it()
    {
        var browser = await shared.StartedAsync();
        await using var report = await Report.OpenAsync(browser, Demo("matrix"));
        foreach (var view in (string[])["matrix", "picture", "policies"]) await report.Page.StateAsync($"view={view}");
        Assert.All(report.Page.Requests, url => Assert.StartsWith(report.Url, url, StringComparison.Ordinal));
        // Its policy forbids what a script in it might try.
        Assert.Equal("refused", await report.Page.AskAsync<string>(
            "fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')"));
        Assert.Contains(report.Page.Errors, e => e.Contains("Content Security Policy", StringComparison.Ordinal));
        Assert.Equal(0, await report.Page.AskAsync<int>("""
            (() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s);
              return window.ran ?? 0; })()
            """));
    }

    [Fact]
    public async Task Who_reaches_the_database()
    {
        var browser = await shared.StartedAsync();
        await using var report = await Report.OpenAsync(browser, Demo("matrix"), "view=picture&node=shop/db");
        var told = await report.Text("aside");
        Assert.Contains("Reached by\nops/backup SCTP 7000\nshop/cart TCP 5432", told, StringComparison.Ordinal);
        Assert.Contains("shop/db-is-a-vault Ingress, Egress", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_the_intruder_does_not()
    {
        var browser = await shared.StartedAsync();
        await using var report = await Report.OpenAsync(browser, Demo("matrix"),
            "view=matrix&from=ops/intruder&to=shop/db");
        var told = await report.Text("aside");
        Assert.Contains("DENIED", told, StringComparison.Ordinal);
        Assert.Contains("shop/db-is-a-vault wants namespace shop; podSelector app=cart", told,
            StringComparison.Ordinal);
        Assert.Contains("(The other side denies it too.)", told, StringComparison.Ordinal);
        Assert.Contains("30-policies.yaml:46", told, StringComparison.Ordinal);
        Assert.Contains("name: db-is-a-vault", told, StringComparison.Ordinal);
        Assert.Contains("dataplane why ops/intruder shop/db --port tcp/5432", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_change_opened()
    {
        var browser = await shared.StartedAsync();
        var after = _cli.File("after.yaml", Cli.Pods + "---\n" + Cli.Policy.Replace(
            "{ matchLabels: { app: client } }", "{}", StringComparison.Ordinal));
        var before = _cli.File("before.yaml", Cli.Pods + "---\n" + Cli.Policy);
        var html = _cli.Run("diff", "-f", after, "--against", before, "-o", "html").Out;
        await using var report = await Report.OpenAsync(browser, html);
        var told = await report.Text("main");
        Assert.Contains("+ x/other → x/web TCP 80", told, StringComparison.Ordinal);
        Assert.Contains("a rule allows it: x/web", told, StringComparison.Ordinal);
        Assert.Contains("- from: [{ podSelector: {} }]", told, StringComparison.Ordinal);
        await report.Page.StateAsync("view=picture");
        Assert.Equal(1, await report.Page.AskAsync<int>("document.querySelectorAll('path.edge.opened').length"));
    }

    [Fact]
    public async Task What_a_test_wanted()
    {
        var browser = await shared.StartedAsync();
        _cli.Example();
        var file = _cli.File("expect.yaml", "expect:\n  - { from: x/other, to: x/web, port: 80, want: allow }\n");
        await using var report = await Report.OpenAsync(browser, _cli.Run("test", file, "-o", "html").Out);
        var told = await report.Text("main");
        Assert.Contains("wanted allow, got denied", told, StringComparison.Ordinal);
        Assert.Equal("(1) dataplane test: 0 passed, 1 failed", await report.Page.AskAsync<string>("document.title"));
    }

    /// <summary>Tab to the matrix, arrows in it, Enter for the reason, Escape to leave it; the address
    /// follows.</summary>
    [Fact]
    public async Task The_keyboard_is_enough()
    {
        var browser = await shared.StartedAsync();
        await using var report = await Report.OpenAsync(browser, Demo("matrix"), "view=matrix");
        for (var i = 0; i < 30 && !await Focus("td"); i++) await report.Page.PressAsync("Tab");
        Assert.True(await Focus("td"));
        await report.Page.PressAsync("ArrowDown");
        await report.Page.PressAsync("End");
        await report.Page.PressAsync("ArrowLeft");
        Assert.Equal("ops/intruder to shop/db: denied", await report.Page.AskAsync<string>(
            "document.activeElement.ariaLabel"));
        await report.Page.PressAsync("Enter");
        Assert.Contains("ops/intruder → shop/db", await report.Text("aside"), StringComparison.Ordinal);
        Assert.Contains("from=ops%2Fintruder&to=shop%2Fdb", await report.Page.AskAsync<string>("location.hash"),
            StringComparison.Ordinal);
        await report.Page.PressAsync("Escape");
        Assert.Equal("", await report.Text("aside"));

        Task<bool> Focus(string selector) => report.Page.AskAsync<bool>(
            $"document.activeElement.matches('{selector}')");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nobody_is_kept_out(bool isDark)
    {
        var browser = await shared.StartedAsync();
        var kept = isDark ? "dark" : "light";
        await using (var report = await Report.OpenAsync(browser, Demo("matrix"), "", isDark))
        {
            foreach (var (name, state) in ((string, string)[])[
                ("matrix", "view=matrix&from=ops/intruder&to=shop/db"), ("picture", "view=picture&node=shop/db"),
                    ("policies", "view=policies")])
            {
                await report.Page.StateAsync(state);
                var image = await report.Keep($"{name}-{kept}");
                // The picture of the documentation is made here, when golden files are.
                if (name == "matrix" && !isDark && Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
                    File.WriteAllBytes(SourceTree.Full("docs/report.png"), image);
                Assert.Equal("", await report.Barriers());
            }
        }
        var many = _cli.File("many.yaml", string.Concat(Enumerable.Range(0, 70).Select(i => Cli.Pods
            .Replace("name: web,", $"name: web{i},", StringComparison.Ordinal).Replace("name: other,",
                $"name: other{i},", StringComparison.Ordinal)
            .Replace("name: client,", $"name: client{i},", StringComparison.Ordinal) + "---\n")) + Cli.Policy);
        await using var drawn = await Report.OpenAsync(browser,
            _cli.Run("matrix", "-q", "-f", many, "--probe", "TCP:80", "-o", "html").Out, "fold=0", isDark);
        Assert.True(await drawn.Page.AskAsync<bool>("document.querySelector('canvas') !== null"));
        await drawn.Keep($"drawn-{kept}");
        Assert.Equal("", await drawn.Barriers());
    }

    public void Dispose() => _cli.Dispose();
}
