using System.CommandLine;
using System.Text.Json;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
namespace Dataplane.Cli.Topology;

/// <summary><c>topology</c>: shows the bridge, its ports, the pods, and Services with what is behind them.</summary>
internal static class TopologyCommand
{
    public static Command Build(Shell shell)
    {
        var (output, daemon) = (Settings.Output("tree", "json", "dot", "mermaid", "svg"), new DaemonChoice(shell));
        var command = new HelpfulCommand(
            "topology",
            "The node's bridge, its ports, and the pods behind them, with names and addresses as the kernel has them; "
                + "and the Services, with the pods behind each.")
        {
            Examples =
            [
                ("dataplane topology", "as a tree"),
                ("dataplane topology -o dot | dot -Tsvg > node.svg", "a picture, with Graphviz"),
                ("dataplane topology -o svg > node.svg", "a picture of namespaces, Services and pods"),
                ("dataplane topology -o mermaid", "for Markdown"),
            ],
            Exits = [(0, "printed"), (2, "wrong command line"), (4, "no daemon, or no permission")],
        };
        command.Add(output);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            using var client = daemon.Connect(parsed);
            var pods = client.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse);
            var node = new TopologyDocument(pods.NodeNetns, pods.Bridge, pods.GatewayIPv4, pods.GatewayIPv6, pods.Pods,
                TopologyServices.Of(DaemonState.Fetch(client).Cluster));
            switch (parsed.GetRequiredValue(output))
            {
                case "json":
                    shell.WriteJson(json => JsonSerializer.Serialize(json, node, Documents.Default.TopologyDocument));
                    break;
                case "dot":
                    TopologyText.WriteDot(shell.Out, node);
                    break;
                case "mermaid":
                    TopologyText.WriteMermaid(shell.Out, node);
                    break;
                case "svg":
                    TopologySvg.Write(shell.Out, node);
                    break;
                default:
                    TopologyText.WriteTree(shell.Out, node);
                    break;
            }
            return ExitCodes.Yes;
        });
        return command;
    }
}
