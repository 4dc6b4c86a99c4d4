using Dataplane.Api;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Topology;

/// <summary>
/// Prints a node and its pods as a tree, for Graphviz and for Mermaid. The name of a node may have any characters.
/// </summary>
internal static class TopologyText
{
    public static void WriteTree(Printer output, PodsResponse node)
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
    }

    /// <summary>Writes the DOT language of Graphviz.</summary>
    public static void WriteDot(Printer output, PodsResponse node)
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
        output.WriteLine("}");
    }

    public static void WriteMermaid(Printer output, PodsResponse node)
    {
        node = Escaped(node, InMermaid);
        output.WriteLine("graph LR");
        output.WriteLine("  "
            + $"bridge[\"{Netns(node)}<br/>{node.Bridge}<br/>{node.GatewayIPv4}<br/>{node.GatewayIPv6}\"]");
        foreach (var (pod, i) in Attached(node).Select((p, i) => (p, i)))
            output.WriteLine($"  bridge -- {pod.Port} --- p{i}[\"{string.Join("<br/>", Lines(pod))}\"]");
        foreach (var (pod, i) in node.Pods.Where(p => p.HostNetwork).Select((p, i) => (p, i)))
            output.WriteLine($"  h{i}[\"{pod.Name}<br/>hostNetwork\"]");
    }

    private static PodsResponse Escaped(PodsResponse node, Func<string, string> escape) => node with
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
    };

    /// <summary>Inside the quotes of a string of DOT.</summary>
    private static string InDot(string text) => Visible.Line(text)
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    /// <summary>Inside a label of Mermaid, whose text is HTML.</summary>
    private static string InMermaid(string text) => Visible.Line(text)
        .Replace("#", "#35;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)
        .Replace("<", "#lt;", StringComparison.Ordinal).Replace("]", "#93;", StringComparison.Ordinal);

    private static List<PodEntry> Attached(PodsResponse node) => [.. node.Pods.Where(p => !p.HostNetwork)];

    private static IEnumerable<string> Lines(PodEntry pod) =>
        ((string?[])[pod.Name, pod.IPv4, pod.IPv6]).OfType<string>();

    private static string Netns(PodsResponse node) =>
        node.NodeNetns.Length == 0 ? "this machine" : $"netns {node.NodeNetns}";
}
