using System.CommandLine;
using System.Net.Sockets;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Input;

/// <summary>
/// Answers without a flow. A check that checked nothing fails: a path that no longer has the pods would pass for ever.
/// </summary>
internal static class Emptiness
{
    /// <summary><c>--allow-empty</c>: a check without a flow succeeds.</summary>
    public static Option<bool> Allowed() =>
        new("--allow-empty") { Description = "Exit 0 also where there is nothing to check" };

    /// <summary>Why no flow exists between the pods of a cluster.</summary>
    /// <param name="only">The family that was asked for; null: both.</param>
    /// <param name="manifests">True if the cluster comes from manifests, false if from the daemon.</param>
    public static string Reason(Cluster cluster, AddressFamily? only, bool manifests) =>
        cluster.Pods.Count > 0 && only is { } family ? $"no pod has an {family.Text()} address"
        : manifests ? "the manifests have no pods" : "the daemon has no pods";

    /// <summary>Writes what was not checked, and why, on stderr.</summary>
    /// <returns>The exit code: 1, or 0 where it is allowed.</returns>
    public static int Report(Shell shell, string reason, bool allowed)
    {
        shell.Error.WriteLine($"nothing to check: {reason}{(allowed ? "" : "; --allow-empty accepts that")}");
        return allowed ? ExitCodes.Yes : ExitCodes.No;
    }
}
