using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;

namespace Dataplane.Node.Diagnosis;

/// <summary>Namespaces of runs that were killed.</summary>
internal static class Leftovers
{
    public static Finding Check() => Netns.List().Count(RunName.IsDead) is var dead and > 0
        ? Finding.Warning($"{dead} network namespaces of runs that were killed", "sudo dataplane cleanup")
        : Finding.Ok("nothing is left of earlier runs");
}
