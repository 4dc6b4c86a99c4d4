using Dataplane.Linux.Namespaces;

namespace Dataplane.Node.Network;

/// <summary>Removes what runs that were killed have left: one namespace each, and with it everything inside.</summary>
public static class Cleanup
{
    /// <returns>The names of the namespaces that were removed.</returns>
    public static IReadOnlyList<string> RemoveDeadRuns()
    {
        var dead = Netns.List().Where(RunName.IsDead).ToList();
        foreach (var name in dead) Netns.Delete(name);
        return dead;
    }
}
