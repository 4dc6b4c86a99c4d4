using System.CommandLine;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Daemon.Configuration;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;

namespace Dataplane.Cli.Operation;

/// <summary><c>cleanup</c>: removes namespaces and nodes left by killed runs.</summary>
internal static class CleanupCommand
{
    public static Command Build(Shell shell)
    {
        var node = new Option<string>("--node")
        {
            HelpName = "NAME",
            Description = "Also the node of this name that a daemon has left enforced, with all its pods; not "
                + "while a daemon has it open",
        };
        var host = new Option<bool>("--node-host")
        {
            Description = "The host node that a daemon has left enforced in this namespace; --node NAME where it is "
                + $"not named {DaemonOptions.DefaultHostName}",
        };
        var command = new HelpfulCommand(
            "cleanup", "Removes what runs that were killed have left behind. What belongs to a living process stays.")
        {
            Examples =
            [
                ("sudo dataplane cleanup", "prints the names of the network namespaces it removed"),
                ("sudo dataplane cleanup --node dataplane",
                    "after the last daemon: the node it enforced, pods and all"),
                ("sudo dataplane cleanup --node-host",
                    "the same of a host node: its ports, bridge, tables, routing rules; settings stay"),
            ],
            Exits =
            [
                (0, "nothing is left"),
                (2, "wrong command line"),
                (4, "not root; or a daemon has the node open"),
                (5, "the kernel refused")
            ],
            Remarks =
            [
                "A node outlives its daemon on purpose: what is enforced stays enforced. Its desired state, in the "
                    + "daemon's state directory, is not touched."
            ],
        };
        command.Add(node);
        command.Add(host);
        command.SetAction(parsed =>
        {
            Privilege.Require(shell, "cleanup");
            var before = Netns.List();
            var isHost = parsed.GetValue(host);
            if ((parsed.GetValue(node) ?? (isHost ? DaemonOptions.DefaultHostName : null)) is { } name)
            {
                if (name.AsSpan().ContainsAny('/', '\0'))
                    throw new CommandFailure(ExitCodes.Usage, $"--node {name}: no name of a network namespace");
                if (isHost) LiveNode.DestroyHost(name);
                else LiveNode.Destroy(name);
                foreach (var gone in before.Except(Netns.List())
                    .Where(n =>
                        n == name
                            || n.StartsWith(name + "-", StringComparison.Ordinal)
                            || n.StartsWith(name + "_", StringComparison.Ordinal)))
                {
                    shell.Out.WriteLine(gone);
                }
            }
            var removed = Cleanup.RemoveDeadRuns();
            foreach (var run in removed) shell.Out.WriteLine(run);
            if (removed.Count == 0 && parsed.GetValue(node) is null && !isHost)
                shell.Error.WriteLine("nothing to remove");
            return ExitCodes.Yes;
        });
        return command;
    }
}
