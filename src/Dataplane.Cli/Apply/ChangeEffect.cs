using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Input;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Diff;
using Dataplane.Policy.Model;
using Dataplane.Policy.Warnings;

namespace Dataplane.Cli.Apply;

/// <summary>
/// What a change does to the whole state. It is computed here from the daemon's state, as <c>diff</c> and
/// <c>validate</c> compute it, so that no change waits for it.
/// </summary>
/// <param name="Flows">The flows that a dry run would open and close; null: the change is done.</param>
/// <param name="Warnings">What the policies of the state probably do not mean.</param>
internal sealed record ChangeEffect(ClusterDiff? Flows, IReadOnlyList<Diagnostic> Warnings)
{
    /// <summary>
    /// Documents of a state that are read, in about a fifth of a second, only to warn about them; of more, when asked
    /// to.
    /// </summary>
    internal const int MostDocuments = 1000;

    /// <param name="remarks">Verbose: warnings about a state of any size.</param>
    /// <param name="answer">The daemon's answer to the change.</param>
    /// <param name="loaded">The manifests that were applied; null: objects were deleted.</param>
    /// <returns>Null, which stderr says, where the state is not read: the change itself is not in doubt.</returns>
    public static ChangeEffect? Of(
        Shell shell, DaemonClient client, ChangeResponse answer, LoadResult? loaded, Remarks remarks)
    {
        try
        {
            var held = DaemonState.FetchTexts(client);
            if (!answer.DryRun && !remarks.IsVerbose && held.Files.Count > MostDocuments)
            {
                if (!remarks.IsQuiet)
                    shell.Error.WriteLine("note: the state is large; -v shows the warnings about the whole of it");
                return null;
            }
            var state = DaemonState.Of(held);
            // What is given is not part of the state before, and in the state after it counts as given.
            var given = loaded?.Sources ?? new Dictionary<string, SourceText>();
            var texts = given.Concat(state.Sources.Where(s => !given.ContainsKey(s.Key))).ToDictionary();
            if (!answer.DryRun) return new ChangeEffect(null, Warnings(state.Cluster));
            var deleted = answer.Objects.Where(o => o.Change == "deleted").Select(o => (o.Kind, o.Name)).ToHashSet();
            var after = state.After(shell, loaded, deleted);
            return new ChangeEffect(ClusterDiff.Between(state.Cluster, after), Warnings(after));

            IReadOnlyList<Diagnostic> Warnings(Cluster cluster) => SemanticWarnings.Find(cluster, texts);
        }
        catch (CommandFailure failure)
        {
            shell.Error.WriteLine($"note: the effect on the whole state is not known: {failure.Message}");
            return null;
        }
    }
}
