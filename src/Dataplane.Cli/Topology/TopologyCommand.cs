using System.CommandLine;
using System.Text.Json;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
namespace Dataplane.Cli.Topology;

/// <summary><c>topology</c>: shows the bridge, its ports and the pods.</summary>
internal static class TopologyCommand
{
    public static Command Build(Shell shell)
    {
        var (output, daemon) = (Settings.Output("tree", "json", "dot", "mermaid"), new DaemonChoice(shell));
        var command = new HelpfulCommand(
            "topology",
            "The node's bridge, its ports, and the pods behind them, with names and addresses as the kernel has them.")
        {
            Examples =
            [
                ("dataplane topology", "as a tree"),
                ("dataplane topology -o dot | dot -Tsvg > node.svg", "a picture, with Graphviz"),
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
            switch (parsed.GetRequiredValue(output))
            {
                case "json":
                    shell.WriteJson(json => JsonSerializer.Serialize(json, pods, ApiJson.Default.PodsResponse));
                    break;
                case "dot":
                    TopologyText.WriteDot(shell.Out, pods);
                    break;
                case "mermaid":
                    TopologyText.WriteMermaid(shell.Out, pods);
                    break;
                default:
                    TopologyText.WriteTree(shell.Out, pods);
                    break;
            }
            return ExitCodes.Yes;
        });
        return command;
    }
}
