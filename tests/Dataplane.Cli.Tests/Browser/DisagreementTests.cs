using System.Net.Sockets;
using System.Text;
using Dataplane.Cli.Page;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Verify;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Testing.Browser;

namespace Dataplane.Cli.Tests.Browser;

/// <summary>A kernel that does not do what the policies say, on the page of a verification.</summary>
public sealed class DisagreementTests(SharedBrowser shared) : IClassFixture<SharedBrowser>
{
    private static readonly SourceText Text = new("p.yaml", Cli.Pods + "---\n" + Cli.Policy);

    private static readonly Cluster Cluster =
        ClusterBuilder.Build(ManifestLoader.LoadTexts([Text]).Manifests, NodeOptions.Default).Cluster!;

    [Fact]
    public async Task It_is_counted_in_the_title_hatched_and_told()
    {
        var browser = await shared.StartedAsync();
        await using var report = await Report.OpenAsync(browser, Page(
            new FlowResult(FlowOf("x/client"), Expected: true, Measured.Denied, Evidence.DropLog, "ingress", null),
            new FlowResult(FlowOf("x/other"), Expected: false, Measured.Allowed, Evidence.Captured, null, "RST")));
        Assert.StartsWith("(2) dataplane verify", await report.Page.AskAsync<string>("document.title"),
            StringComparison.Ordinal);
        Assert.Equal(2, await report.Page.AskAsync<int>("document.querySelectorAll('td.differs').length"));
        Assert.Equal("x/other to x/web: allowed, but the policies say denied",
            await report.Page.AskAsync<string>("document.querySelector('td.a.differs').ariaLabel"));
        await report.Page.StateAsync("view=matrix&from=x/other&to=x/web");
        var told = await report.Text("aside");
        Assert.Contains("The policies say denied; the kernel did the other: allowed.", told, StringComparison.Ordinal);
        Assert.Contains("TCP SYN 10.244.0.3 → 10.244.0.4:80: captured at x/web; RST came back", told,
            StringComparison.Ordinal);
        await report.Keep("disagreement");
        Assert.True(await report.Barriers() is var b && b.Length == 0, b);
    }

    [Fact]
    public async Task Without_one_nothing_is_hatched()
    {
        var browser = await shared.StartedAsync();
        await using var report = await Report.OpenAsync(browser, Page(
            new FlowResult(FlowOf("x/client"), Expected: true, Measured.Allowed, Evidence.Captured, null, "RST")));
        Assert.StartsWith("dataplane verify", await report.Page.AskAsync<string>("document.title"),
            StringComparison.Ordinal);
        Assert.Equal(0, await report.Page.AskAsync<int>("document.querySelectorAll('.differs').length"));
    }

    [Fact]
    public async Task What_is_undecided_has_a_sign_of_its_own()
    {
        var browser = await shared.StartedAsync();
        await using var report = await Report.OpenAsync(browser, Page(
            new FlowResult(FlowOf("x/client"), Expected: true, Measured.Undecided, Evidence.None, null, null)));
        Assert.Equal("x/client to x/web: unknown, but the policies say allowed",
            await report.Page.AskAsync<string>("document.querySelector('td.u').ariaLabel"));
    }

    private static Flow FlowOf(string from) => new(End(from), End("x/web"), new Probe(FlowProtocol.Tcp, 80),
        AddressFamily.InterNetwork);

    private static PodEndpoint End(string name) => Cluster.Pods.Single(p => p.Name == name);

    private static string Page(params FlowResult[] flows)
    {
        var report = new VerifyReport(flows, null, [], new VerifyTimings(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero));
        var page = new PageBuilder(Cluster, SourceText.ByFile([Text]));
        var output = new MemoryStream();
        using (var shell = new Shell(output, TextWriter.Null, TextReader.Null))
        {
            PageHtml.Write(shell, VerifyPage.Of(page, new PageDocument("verify", "dataplane verify", ""), Cluster,
                report));
        }
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
