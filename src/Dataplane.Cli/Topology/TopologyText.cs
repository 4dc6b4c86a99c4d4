using Dataplane.Api;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Topology;

/// <summary>
/// Prints a node, its pods and its Services as a tree, for Graphviz and for Mermaid. The name of a node may have any
/// characters.
/// </summary>
internal static class TopologyText
{
    public static void WriteTree(Printer output, TopologyDocument node)
    {
        output.WriteLine($"node {Netns(node)}");
        var onNode = node.Pods.Where(p => p.HostNetwork).ToList();
        output.WriteLine($"{(onNode.Count > 0 ? "├" : "└")}─ {node.Bridge}  "
            + $"{node.GatewayIPv4}  {node.GatewayIPv6}  (bridge, gateway of the pods)");
        var attached = Attached(node);
        var rows = new Columns();
        var bar = onNode.Count > 0 ? "│  " : "   ";
        foreach (var (pod, last) in attached.Select((p, i) => (p, i == attached.Count - 1)))
        {
            rows.Add(
                $"{bar}{(last ? "└" : "├")}─ {pod.Port} ↔ eth0",
                pod.Name,
                pod.IPv4 ?? "-",
                pod.IPv6 ?? "-",
                pod.Mac ?? "-",
                pod.Netns is null ? "simulated" : $"netns {pod.Netns}");
        }
        rows.WriteTo(output);
        foreach (var (pod, last) in onNode.Select((p, i) => (p, i == onNode.Count - 1)))
            output.WriteLine($"{(last ? "└" : "├")}─ {pod.Name}  (hostNetwork: the node's addresses)");
        WriteServices(output, node.Services);
    }

    private static void WriteServices(Printer output, IReadOnlyList<TopologyService> services)
    {
        if (services.Count == 0) return;
        output.WriteLine("services");
        var rows = new Columns();
        foreach (var (service, last) in services.Select((s, i) => (s, i == services.Count - 1)))
        {
            rows.Add(
                $"{(last ? "└" : "├")}─ {service.Name}",
                service.Type,
                Joined(service.Addresses),
                Joined(service.Ports),
                $"→ {(service.Endpoints.Count == 0 ? "nobody" : Joined(service.Endpoints.Select(e => e.Text)))}");
        }
        rows.WriteTo(output);

        static string Joined(IEnumerable<string> words) =>
            string.Join(", ", words) is { Length: > 0 } text ? text : "-";
    }

    /// <summary>Writes the DOT language of Graphviz.</summary>
    public static void WriteDot(Printer output, TopologyDocument node)
    {
        node = Escaped(node, InDot);
        output.Write("graph node {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n");
        output.WriteLine($"  \"{node.Bridge}\" "
            + $"[label=\"{Netns(node)}\\n{node.Bridge}\\n{node.GatewayIPv4}\\n{node.GatewayIPv6}\", style=bold];");
        foreach (var pod in Attached(node))
        {
            output.WriteLine($"  \"{pod.Name}\" [label=\"{string.Join("\\n", Lines(pod))}\"];");
            output.WriteLine($"  \"{node.Bridge}\" -- \"{pod.Name}\" [taillabel=\"{pod.Port}\", headlabel=\"eth0\"];");
        }
        foreach (var pod in node.Pods.Where(p => p.HostNetwork))
            output.WriteLine($"  \"{pod.Name}\" [label=\"{pod.Name}\\nhostNetwork\", style=dashed];");
        foreach (var service in node.Services)
        {
            var own = $"service:{service.Name}";
            output.WriteLine($"  \"{own}\" [label=\"{string.Join("\\n", Lines(service))}\", shape=ellipse];");
            foreach (var endpoint in service.Endpoints)
            {
                output.WriteLine($"  \"{own}\" -- \"{endpoint.Name}\" "
                    + $"[dir=forward, style={(endpoint.Ready ? "solid" : "dotted")}];");
            }
        }
        output.WriteLine("}");
    }

    public static void WriteMermaid(Printer output, TopologyDocument node)
    {
        node = Escaped(node, InMermaid);
        output.WriteLine("graph LR");
        output.WriteLine("  "
            + $"bridge[\"{Netns(node)}<br/>{node.Bridge}<br/>{node.GatewayIPv4}<br/>{node.GatewayIPv6}\"]");
        var places = new Dictionary<string, string>();
        foreach (var (pod, i) in Attached(node).Select((p, i) => (p, i)))
        {
            output.WriteLine($"  bridge -- {pod.Port} --- p{i}[\"{string.Join("<br/>", Lines(pod))}\"]");
            places.Add(pod.Name, $"p{i}");
        }
        foreach (var (pod, i) in node.Pods.Where(p => p.HostNetwork).Select((p, i) => (p, i)))
        {
            output.WriteLine($"  h{i}[\"{pod.Name}<br/>hostNetwork\"]");
            places.Add(pod.Name, $"h{i}");
        }
        foreach (var (service, i) in node.Services.Select((s, i) => (s, i)))
        {
            output.WriteLine($"  s{i}([\"{string.Join("<br/>", Lines(service))}\"])");
            foreach (var endpoint in service.Endpoints)
            {
                if (places.TryAdd(endpoint.Name, $"o{places.Count}"))
                    output.WriteLine($"  {places[endpoint.Name]}[\"{endpoint.Name}\"]");
                output.WriteLine($"  s{i} {(endpoint.Ready ? "-->" : "-.->")} {places[endpoint.Name]}");
            }
        }
    }

    private static TopologyDocument Escaped(TopologyDocument node, Func<string, string> escape) => node with
    {
        NodeNetns = escape(node.NodeNetns),
        Bridge = escape(node.Bridge),
        Pods =
        [
            .. node.Pods.Select(p => p with
            {
                Name = escape(p.Name), Port = p.Port is { } port ? escape(port) : null,
            }),
        ],
        Services =
        [
            .. node.Services.Select(s => s with
            {
                Name = escape(s.Name), Endpoints = [.. s.Endpoints.Select(e => e with { Name = escape(e.Name) })],
            }),
        ],
    };

    /// <summary>Inside the quotes of a string of DOT.</summary>
    private static string InDot(string text) => Visible.Line(text)
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    /// <summary>Inside a label of Mermaid, whose text is HTML.</summary>
    private static string InMermaid(string text) => Visible.Line(text)
        .Replace("#", "#35;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)
        .Replace("<", "#lt;", StringComparison.Ordinal).Replace("]", "#93;", StringComparison.Ordinal);

    private static List<PodEntry> Attached(TopologyDocument node) => [.. node.Pods.Where(p => !p.HostNetwork)];

    private static IEnumerable<string> Lines(PodEntry pod) =>
        ((string?[])[pod.Name, pod.IPv4, pod.IPv6]).OfType<string>();

    private static IEnumerable<string> Lines(TopologyService service) =>
        [$"Service {service.Name}", .. service.Addresses, .. service.Ports];

    private static string Netns(TopologyDocument node) =>
        node.NodeNetns.Length == 0 ? "this machine" : $"netns {node.NodeNetns}";
}
