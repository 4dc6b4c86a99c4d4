using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dataplane.Cli.Page;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Tests.Hostile;
using Dataplane.Testing.Browser;

namespace Dataplane.Cli.Tests.Browser;

/// <summary>Names, labels, files and lines that somebody wrote who wants to fool the reader of a page, or to run in
/// it.</summary>
public sealed class HostilePageTests(SharedBrowser shared) : IClassFixture<SharedBrowser>
{
    private const string Run = "window.pwned = 1";

    public static TheoryData<string> Attacks() =>
    [
        HostileText.Name, $"<script>{Run}</script>", $"</script><script>{Run}</script>", $"<img src=x onerror='{Run}'>",
        $"\"><svg onload=\"{Run}\">", $"' onmouseover='{Run}", $"javascript:{Run}", $"<!--<script>{Run}//-->",
        "&lt;b&gt;",
        "__proto__", "constructor", "${window.pwned = 1}", "{{7*7}}", "]]>", "\u2028\u2029", "toString",
    ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task It_is_text_wherever_it_stands(string attack)
    {
        var browser = await shared.StartedAsync();
        await using var report = await Report.OpenAsync(browser, Page(attack));
        var said = new StringBuilder();
        var (raw, escaped) = (Uri.EscapeDataString(attack), Uri.EscapeDataString(Shown(attack)));
        foreach (var state in (string[])
        [
            "view=matrix", $"view=matrix&from={escaped}0&to={escaped}1", $"view=picture&node={escaped}0",
            "view=policies", "view=diff", "view=results", $"view={raw}&probe={raw}&q={raw}&node={raw}",
        ])
        {
            await report.Page.StateAsync(state);
            await report.Page.DoAsync("document.querySelectorAll('details').forEach(d => d.open = true)");
            said.Append(await report.Text("body")).Append(await report.Page.AskAsync<string>("document.title"));
            Assert.Equal(0, await report.Page.AskAsync<int>("""
                document.querySelectorAll('img, iframe, object, embed, a[href^="javascript"], #app script, [onerror], [onload], [onmouseover]').length
                """));
            Assert.Equal(0, await report.Page.AskAsync<int>("window.pwned ?? 0"));
        }
        // Innocent in itself, and shown: that nothing happened is not because nothing was there.
        Assert.Contains(Shown(attack).Trim(), said.ToString(), StringComparison.Ordinal);
        Assert.Null(HostileText.FirstRaw(said.ToString()));
        Assert.Empty(report.Page.Errors);
        Assert.All(report.Page.Requests, url => Assert.StartsWith(report.Url, url, StringComparison.Ordinal));
    }

    /// <summary>As the page has it, which has made it visible.</summary>
    private static string Shown(string attack) => Kubernetes.Text.Visible.Line(attack);

    /// <summary>A document with the text in all its places.</summary>
    private static string Page(string attack)
    {
        const string document = """
            {"kind":"X","command":"X","input":"X","version":"X","notes":["X"],"control":"X",
             "ends":[{"name":"X0","kind":"pod","namespace":"X","workload":"X","labels":["X"],"addresses":["X"]},
                     {"name":"X1","kind":"X","namespace":"X","workload":null,"labels":["X"],"addresses":["X"]}],
             "blocks":[{"protocol":"X","port":1,"family":"X","from":[0,1],"to":[0,1],"cells":["aa","da"],"expected":["ad","da"],
               "reasons":[[0,0],[0,0]],"facts":[[0,0],[0,0]]}],
             "reasons":[{"sentence":"X","leaving":0,"entering":0}],
             "sides":[{"side":"X","verdict":"denied","basis":"X","isolatedBy":[{"kind":"X","name":"X","file":"X","line":1}],
               "decidedBy":{"kind":"X","name":"X","file":"X","line":1,"direction":"X","rule":0,"tier":"X","action":"X","ruleName":"X"},
               "nearest":[{"name":"X","file":"X","line":1,"failed":"X"}]}],
             "facts":["X"],
             "policies":[{"kind":"NetworkPolicy","name":"X","file":"X","line":1,"selector":"X","selects":[0],"isolates":["Ingress","X"],
               "rules":[{"direction":"ingress","action":"X","name":"X","line":1,"ports":"X","peers":[{"text":"X","selects":[0,1]}]}]}],
             "files":[{"file":"X","line":1,"lines":["X","X"]}],
             "picture":{"width":100,"height":100,"boxes":[{"title":"X","x":1,"y":1,"width":90,"height":90}],
               "nodes":[{"title":"X","kind":"pod","x":1,"y":1,"width":9,"height":9,"ends":[0]},{"title":"X","kind":"X","x":20,"y":1,"width":9,"height":9,"ends":[1]}]},
             "diff":{"opened":[{"fromText":"X","toText":"X","from":["X0"],"to":["X1"],"ports":"X","families":["X"],
                "before":{"sentence":"X","leaving":SIDE,"entering":SIDE},"after":{"sentence":"X","leaving":SIDE,"entering":SIDE}}],
               "closed":[],"exposureOpened":[],"exposureClosed":[],"objects":[{"kind":"X","name":"X","change":"X","file":"X","line":1}]},
             "test":{"document":{"results":[{"name":"X","want":"X","got":"X","ok":false,"because":"X","file":"X","line":1,"step":"X"}],
                "passed":0,"failed":1,"undecided":0,"empty":["X"]},"answers":[null]}}
            """;
        const string side = """{"side":"X","verdict":"allowed","basis":"X","isolatedBy":[],"decidedBy":null}""";
        var text = JavaScriptEncoder.Default.Encode(attack);
        var filled = document.Replace("SIDE", side, StringComparison.Ordinal)
            .Replace("\"X", $"\"{text}", StringComparison.Ordinal);
        var output = new MemoryStream();
        using (var shell = new Shell(output, TextWriter.Null, TextReader.Null))
            PageHtml.Write(shell, JsonSerializer.Deserialize(filled, PageJson.Default.PageDocument)!);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
