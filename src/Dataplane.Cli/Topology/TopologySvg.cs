using System.Globalization;
using System.Xml;
using Dataplane.Api;
using Dataplane.Cli.Output;
using Dataplane.Cli.Page;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Topology;

/// <summary>
/// A picture of a node as SVG: namespaces as boxes, pods and Services in them as on the page, and what is behind each
/// Service. It has its colours in itself, and refers to nothing.
/// </summary>
internal static class TopologySvg
{
    private const string Svg = "http://www.w3.org/2000/svg";

    private const string Style = """
        svg { background: #fff; font-family: sans-serif; }
        .box { fill: #f6f7f9; stroke: #d4d9df; } .node { fill: #fff; stroke: #57606a; } .service { stroke-dasharray: 4 2; }
        .title { fill: #57606a; font-size: 13px; font-weight: 600; } .name { fill: #1b1f24; font-size: 12px; }
        .edge { fill: none; stroke: #0a58ca; stroke-width: 1.5; } .waiting { stroke-dasharray: 3 3; }
        """;

    /// <summary>Longest name in a node, characters.</summary>
    private const int Longest = 24;

    public static void Write(Printer output, TopologyDocument node)
    {
        var ends = new List<PageEnd>();
        foreach (var pod in node.Pods) ends.Add(End(pod));
        foreach (var service in node.Services)
            ends.Add(new PageEnd($"service:{service.Name}", "service", service.Name.Split('/')[0], null, [], []));
        var outside = node.Services.SelectMany(s => s.Endpoints).Select(e => e.Name).Except(ends.Select(e => e.Name));
        foreach (var name in outside.Distinct()) ends.Add(new PageEnd(name, "address", null, null, [], []));
        var picture = PagePictures.Of(ends);
        var nodes = picture.Nodes.SelectMany(n => n.Ends, (n, end) => (ends[end].Name, Node: n))
            .ToDictionary(n => n.Name, n => n.Node);
        using var xml = XmlWriter.Create(output, new XmlWriterSettings
        {
            Indent = true, CloseOutput = false, NewLineChars = "\n", OmitXmlDeclaration = true,
        });
        xml.WriteStartElement("svg", Svg);
        Attributes(xml, ("viewBox", $"0 0 {picture.Width} {picture.Height}"), ("width", Number(picture.Width)),
            ("height", Number(picture.Height)), ("role", "img"));
        Text(xml, "title", $"Node {(node.NodeNetns.Length == 0 ? "this machine" : node.NodeNetns)}");
        Text(xml, "style", Style);
        foreach (var box in picture.Boxes)
        {
            Rectangle(xml, "box", box.X, box.Y, box.Width, box.Height, 8, null);
            Label(xml, "title", box.X + 10, box.Y + 20, "start", box.Title);
        }
        foreach (var (from, to, isReady) in Edges(node, nodes)) Edge(xml, from, to, isReady);
        foreach (var place in picture.Nodes)
        {
            Rectangle(xml, $"node {place.Kind}", place.X, place.Y, place.Width, place.Height,
                place.Kind == "service" ? 13 : 4, string.Join(", ", place.Ends.Select(e => ends[e].Name)));
            Label(xml, "name", place.X + place.Width / 2, place.Y + 17, "middle", place.Title);
        }
        xml.WriteEndElement();
        xml.Flush();
        output.WriteLine();
    }

    private static PageEnd End(PodEntry pod)
    {
        var ns = pod.Name.Split('/')[0];
        return new PageEnd(pod.Name, pod.HostNetwork ? "node" : "pod", ns,
            pod.Workload is { } workload ? $"{ns}/{workload}" : null, [], []);
    }

    /// <summary>One line from a Service to a node of the picture: drawn whole if one of its pods is ready.</summary>
    private static IEnumerable<(PictureNode From, PictureNode To, bool IsReady)> Edges(
        TopologyDocument node, Dictionary<string, PictureNode> nodes) => node.Services.SelectMany(service =>
        service.Endpoints.GroupBy(e => nodes[e.Name], (to, same) =>
            (nodes[$"service:{service.Name}"], to, same.Any(e => e.Ready))));

    private static void Edge(XmlWriter xml, PictureNode from, PictureNode to, bool isReady)
    {
        var (x1, y1) = (from.X + from.Width, from.Y + from.Height / 2);
        var (x2, y2) = (to.X > from.X ? to.X : to.X + to.Width, to.Y + to.Height / 2);
        var bend = to.X > from.X ? -40 : 40;
        xml.WriteStartElement("path", Svg);
        Attributes(xml, ("class", isReady ? "edge" : "edge waiting"),
            ("d", $"M{x1},{y1} C{x1 + 40},{y1} {x2 + bend},{y2} {x2},{y2}"));
        xml.WriteEndElement();
    }

    private static void Rectangle(XmlWriter xml, string kind, int x, int y, int width, int height, int round,
        string? title)
    {
        xml.WriteStartElement("rect", Svg);
        Attributes(xml, ("class", kind), ("x", Number(x)), ("y", Number(y)), ("width", Number(width)),
            ("height", Number(height)), ("rx", Number(round)));
        if (title is not null) Text(xml, "title", title);
        xml.WriteEndElement();
    }

    private static void Label(XmlWriter xml, string kind, int x, int y, string anchor, string text)
    {
        xml.WriteStartElement("text", Svg);
        Attributes(xml, ("class", kind), ("x", Number(x)), ("y", Number(y)), ("text-anchor", anchor));
        xml.WriteString(Visible.Line(text.Length > Longest ? $"{text[..(Longest - 1)]}…" : text));
        xml.WriteEndElement();
    }

    private static void Text(XmlWriter xml, string element, string text)
    {
        xml.WriteStartElement(element, Svg);
        xml.WriteString(element == "style" ? text : Visible.Line(text));
        xml.WriteEndElement();
    }

    private static void Attributes(XmlWriter xml, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes) xml.WriteAttributeString(name, value);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
