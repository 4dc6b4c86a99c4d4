using System.Xml.Linq;
using Dataplane.Api;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Topology;
using Dataplane.Cli.Tests.Hostile;

namespace Dataplane.Cli.Tests.Daemon;

/// <summary><c>topology -o svg</c>.</summary>
public sealed class TopologyPictureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Replicas_are_one_node_and_Services_lead_to_them()
    {
        var picture = Draw(
            new TopologyService("x/web", "ClusterIP", [], [], [new TopologyEndpoint("x/web-0", true),
                new TopologyEndpoint("x/web-1", false)]),
            Pod("x/web-0", "web"), Pod("x/web-1", "web"), Pod("y/db", null));
        Assert.Equal(["x", "web", "web ×2", "y", "db"], picture.Descendants(Svg + "text").Select(t => t.Value).Order(
            Comparer<string>.Create((a, b) => Array.IndexOf(Names, a) - Array.IndexOf(Names, b))));
        Assert.Single(picture.Descendants(Svg + "path"), p => (string?)p.Attribute("class") == "edge");
    }

    /// <summary>XML has no characters that cannot be seen, and nothing of others is an element.</summary>
    [Fact]
    public void Names_of_others_are_text()
    {
        const string name = $"x/<script>{HostileText.Name}";
        var picture = Draw(new TopologyService(name, "ClusterIP", [], [], [new TopologyEndpoint(name, true)]),
            Pod(name, null));
        Assert.Empty(picture.Descendants(Svg + "script"));
        Assert.Null(HostileText.FirstRaw(picture.ToString()));
        Assert.Contains("<script>", picture.Descendants(Svg + "title").Select(t => t.Value).Last(),
            StringComparison.Ordinal);
    }

    private static readonly string[] Names = ["x", "web", "web ×2", "y", "db"];

    private static PodEntry Pod(string name, string? workload) => new(name, null, null) { Workload = workload };

    private static XDocument Draw(TopologyService service, params PodEntry[] pods)
    {
        var text = new StringWriter { NewLine = "\n" };
        using (var printer = new Printer(text))
            TopologySvg.Write(printer, new TopologyDocument("n", "dp0", "", "", pods, [service]));
        return XDocument.Parse(text.ToString());
    }
}
