using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;
using Dataplane.Planning;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Input;

/// <summary>Loads manifests as a cluster with addresses, and prints diagnostics on stderr.</summary>
internal sealed record ClusterInput(Cluster Cluster, NodeOptions Node)
{
    /// <summary>The texts that were read, by file name.</summary>
    public IReadOnlyDictionary<string, SourceText> Sources { get; init; } = new Dictionary<string, SourceText>();

    /// <exception cref="CommandFailure">The manifests have errors.</exception>
    /// <exception cref="ManifestPathException">A path cannot be read.</exception>
    public static ClusterInput Load(
        Shell shell, ManifestReading reading, NodeOptions node, Cluster? before = null) =>
        From(shell, reading.Load(shell), node, reading.Remarks, before);

    /// <exception cref="CommandFailure">The manifests have errors.</exception>
    /// <param name="before">An earlier cluster, whose pods keep their addresses.</param>
    public static ClusterInput From(
        Shell shell, LoadResult loaded, NodeOptions node, Remarks remarks, Cluster? before = null)
    {
        var planned = Planner.Plan(loaded, node, before);
        DiagnosticPages.Write(shell, planned.Diagnostics, loaded.Sources, remarks);
        var errors = planned.Diagnostics.Count(d => d.Severity == Severity.Error);
        if (planned.Cluster is not { } cluster)
        {
            throw new CommandFailure(
                ExitCodes.Input, $"{Words.Count(errors, "error")} in the manifests; nothing was done");
        }
        if (cluster.Pods.Count == 0 && !remarks.IsQuiet) shell.Error.WriteLine("note: no pods in the manifests");
        return new ClusterInput(cluster, node) { Sources = loaded.Sources };
    }
}
