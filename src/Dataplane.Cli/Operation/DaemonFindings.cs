using Dataplane.Api;
using Dataplane.Cli.Terminal;
using Dataplane.Node.Diagnosis;

namespace Dataplane.Cli.Operation;

/// <summary>Converts the status of a daemon to findings.</summary>
internal static class DaemonFindings
{
    public static IEnumerable<Finding> Of(StatusResponse status)
    {
        yield return status.Problem is { } problem
            ? Finding.Failed(
                $"daemon: generation {status.DesiredGeneration} is not enforced, "
                    + $"{status.EnforcedGeneration} is: {problem}",
                "dataplane status; it tries again by itself")
            : Finding.Ok($"daemon: generation {status.EnforcedGeneration} enforced, {Words.Count(status.Pods, "pod")}");
        if (status.NoGuard is { } why)
        {
            yield return Finding.Warning($"daemon: the ports of pods have no guard: {why}",
                "fragments from pods are dropped meanwhile; see what is said of the kernel");
        }
        foreach (var error in status.Errors)
            yield return Finding.Warning($"daemon: {error}", "correct or remove it; what was good stays enforced");
        foreach (var thread in status.StrayThreads)
        {
            yield return Finding.Failed(
                $"daemon: thread {thread} is outside its network namespace",
                "restart the daemon, and please report it");
        }
        if (status.Repairs is [var last, ..])
        {
            yield return Finding.Warning("daemon: "
                + $"{Words.Count((int)Math.Min(status.RepairsTotal, int.MaxValue), "repair")}, the last at "
                + $"{last.Time:u}: {last.What}, found {last.Found}",
                "find out who else changes this node's network");
        }
    }
}
