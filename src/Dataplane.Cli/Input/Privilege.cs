namespace Dataplane.Cli;

internal static class Privilege
{
    /// <summary>Before anything is done: namespaces, links and nf_tables are root's.</summary>
    /// <exception cref="CommandFailure">Not root.</exception>
    public static void Require(Shell shell, string command)
    {
        if (!shell.IsRoot) throw new CommandFailure(ExitCodes.NoAccess, $"needs root: run it with sudo dataplane {command}");
    }
}
