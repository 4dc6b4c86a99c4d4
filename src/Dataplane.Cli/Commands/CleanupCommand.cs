using System.CommandLine;
using Dataplane.Node.Network;

namespace Dataplane.Cli;

/// <summary><c>cleanup</c>: removes what killed runs have left.</summary>
internal static class CleanupCommand
{
    public static Command Build(Shell shell)
    {
        var command = new HelpfulCommand("cleanup", "Removes what runs that were killed have left behind. What belongs to a living process stays.")
        {
            Examples = [("sudo dataplane cleanup", "prints the names of the network namespaces it removed")],
            Exits = [(0, "nothing is left"), (4, "not root"), (5, "the kernel refused")],
        };
        command.SetAction(_ =>
        {
            Privilege.Require(shell, "cleanup");
            var removed = Cleanup.RemoveDeadRuns();
            foreach (var name in removed) shell.Out.WriteLine(name);
            if (removed.Count == 0) shell.Error.WriteLine("nothing to remove");
            return ExitCodes.Yes;
        });
        return command;
    }
}
