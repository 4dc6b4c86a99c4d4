using System.CommandLine;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Daemon.Configuration;
using Dataplane.Daemon.NameServing;
using Dataplane.Daemon.Programs;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;

namespace Dataplane.Cli.Operation;

/// <summary><c>cleanup</c>: removes namespaces and nodes left by killed runs.</summary>
internal static class CleanupCommand
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);

    public static Command Build(Shell shell)
    {
        var name = new Option<string>("--node")
        {
            HelpName = "NAME",
            Description = "Also the node of this name that a daemon has left enforced, private or host, with all its "
                + "pods; not while a daemon has it open",
        };
        var host = new Option<bool>("--node-host")
        {
            Description = "Also the host node that a daemon has left enforced in this namespace, whatever its name",
        };
        var command = new HelpfulCommand(
            "cleanup",
            "Removes what runs that were killed have left behind, and names the nodes that stand. What belongs to a "
                + "living process stays.")
        {
            Examples =
            [
                ("sudo dataplane cleanup", "prints what it removed; nodes stay, and are named on stderr"),
                ("sudo dataplane cleanup --node dataplane",
                    "after the last daemon: the node it enforced, pods and all"),
                ("sudo dataplane cleanup --node-host",
                    "the same of a host node: its ports, bridge, tables, routing rules; settings stay"),
            ],
            Exits =
            [
                (0, "nothing is left of killed runs, nor of the node that was named"),
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
        command.Add(name);
        command.Add(host);
        command.SetAction(parsed =>
        {
            Privilege.Require(shell, "cleanup");
            List<string> removed = [];
            var chosen = Chosen(parsed.GetValue(name), parsed.GetValue(host));
            foreach (var node in chosen) removed.AddRange(Remove(shell, node));
            removed.AddRange(Cleanup.RemoveDeadRuns());
            foreach (var gone in removed) shell.Out.WriteLine(gone);
            var standing = StandingNodes.All();
            foreach (var node in standing) shell.Error.WriteLine(Describe(node));
            if (removed.Count == 0 && parsed.GetValue(name) is { } wanted)
                shell.Error.WriteLine($"there is no node {wanted}");
            else if (removed.Count == 0 && standing.Count == 0) shell.Error.WriteLine("nothing to remove");
            return ExitCodes.Yes;
        });
        return command;
    }

    /// <summary>The nodes to remove: both kinds can have one name.</summary>
    /// <exception cref="CommandFailure">The host node has another name than the one that is given.</exception>
    private static List<StandingNode> Chosen(string? name, bool isHost)
    {
        if (name is not null && !LiveNode.IsName(name))
        {
            throw new CommandFailure(
                ExitCodes.Usage,
                $"--node {name}: no name of a node: 1 to {LiveNode.MaxNameLength} characters without blanks, _ and /, "
                    + "and no - or . first");
        }
        if (name is null && !isHost) return [];
        var standing = StandingNodes.All();
        if (!isHost)
        {
            var named = standing.Where(n => n.Name == name).ToList();
            // Without its own namespace there may still be names of its pods.
            return named.Count > 0 ? named : [new StandingNode(name!, NodeKind.Private, 0, IsOpen: false)];
        }
        if (standing.FirstOrDefault(n => n.Kind == NodeKind.Host) is not { } host) return [];
        // Without its bridge it cannot be told which name it had.
        if (host.Name.Length == 0) return [host with { Name = name ?? DaemonOptions.DefaultHostName }];
        if (name is not null && host.Name != name)
        {
            throw new CommandFailure(
                ExitCodes.Usage,
                $"the host node is called {host.Name}, not {name}: sudo dataplane cleanup --node {host.Name}");
        }
        return [host];
    }

    /// <returns>What is gone.</returns>
    private static IEnumerable<string> Remove(Shell shell, StandingNode node)
    {
        var before = Netns.List();
        if (node.Kind == NodeKind.Host) LiveNode.DestroyHost(node.Name);
        else LiveNode.Destroy(node.Name);
        // Closed before: whoever has the node open has kept it.
        EndPrograms(node.Name);
        NameServerFiles.End(node.Name);
        NetnsFiles.RemoveAll(node.Name);
        foreach (var other in Netns.List().Where(n => LiveNode.IsPod(node.Name, n)))
            shell.Error.WriteLine($"{other} stays: it is no pod's; to remove it: sudo ip netns del {other}");
        var gone = before.Except(Netns.List()).Where(n => n == node.Name || LiveNode.IsPod(node.Name, n));
        return node.Kind == NodeKind.Host ? gone.Append($"host node {node.Name}") : gone;
    }

    /// <exception cref="CommandFailure">They do not end.</exception>
    private static void EndPrograms(string node)
    {
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            SupervisorPlace.EndAsync(node, limit.Token).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            throw new CommandFailure(ExitCodes.Kernel, $"the programs of node {node} do not end: {e.Message}");
        }
    }

    private static string Describe(StandingNode node)
    {
        var command = node.Name.Length == 0 ? "--node-host" : $"--node {node.Name}";
        var what = node.Kind == NodeKind.Host ? $"host node {node.Name}" : $"node {node.Name}";
        return $"{what.TrimEnd()} stands, with {Words.Count(node.Pods, "pod")}; "
            + (node.IsOpen ? "a daemon has it open: stop that first, then " : "")
            + $"sudo dataplane cleanup {command}";
    }
}
