using Dataplane.Node.Diagnosis;

namespace Dataplane.Cli.Terminal;

internal static class Privilege
{
    /// <summary>Requires root, which namespaces, links and nf_tables need; called before any change.</summary>
    /// <exception cref="CommandFailure">The user is not root.</exception>
    public static void Require(Shell shell, string command)
    {
        if (!shell.IsRoot)
            throw new CommandFailure(ExitCodes.NoAccess, $"needs root: run it with sudo dataplane {command}");
    }

    /// <summary>Requires the capabilities, whatever the user: root in a container may lack them.</summary>
    /// <param name="hasGroups">Whether the daemon's socket belongs to a group.</param>
    /// <exception cref="CommandFailure">A capability is missing.</exception>
    public static void RequireCapabilities(Shell shell, string command, bool hasGroups)
    {
        IReadOnlyList<NodeCapability> missing =
        [
            .. NodeCapabilities.Missing(shell.Capabilities),
            .. hasGroups && !NodeCapabilities.ForGroups.IsIn(shell.Capabilities)
                ? [NodeCapabilities.ForGroups] : (NodeCapability[])[],
        ];
        if (missing.Count == 0) return;
        var names = string.Join(", ", missing.Select(c => c.Name));
        throw new CommandFailure(ExitCodes.NoAccess, shell.IsRoot
            ? $"root lacks {names} here: the service's unit, or whoever started the container, must grant them"
            : $"needs root, or {NodeCapabilities.NeededText}: run it with sudo dataplane {command}");
    }
}
