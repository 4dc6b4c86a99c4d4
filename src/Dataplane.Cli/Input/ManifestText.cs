using Dataplane.Api;
using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Cli.Input;

/// <summary>Loads and checks manifests that are sent to the daemon.</summary>
internal static class ManifestText
{
    /// <exception cref="CommandFailure">The manifests have errors, which are printed on stderr.</exception>
    /// <exception cref="ManifestPathException">A path cannot be read.</exception>
    public static LoadResult Load(Shell shell, ManifestReading reading)
    {
        var loaded = reading.Load(shell);
        var conflicts = reading.Namespace is { } ns ? NamespaceConflicts.Of(loaded, ns) : [];
        IReadOnlyList<Diagnostic> diagnostics = [.. loaded.Diagnostics, .. conflicts];
        DiagnosticPages.Write(shell, diagnostics, loaded.Sources, reading.Remarks);
        var errors = diagnostics.Count(d => d.Severity == Severity.Error);
        return errors == 0
            ? loaded
            : throw new CommandFailure(
                ExitCodes.Input, $"{Words.Count(errors, "error")} in the manifests; nothing was sent to the daemon");
    }

    /// <summary>Says why manifests without an object change nothing.</summary>
    /// <returns>The exit code: objects of kinds that are skipped are no fault.</returns>
    /// <exception cref="CommandFailure">There is no object at all.</exception>
    public static int Nothing(Shell shell, LoadResult loaded, string verb)
    {
        if (!loaded.Diagnostics.Any(d => d.Code is Codes.SkippedKind or Codes.MakesPods))
            throw new CommandFailure(ExitCodes.Input, $"nothing to {verb}: there is no object, only an empty list");
        shell.Error.WriteLine($"nothing to {verb}: every object is of a kind that is skipped");
        return ExitCodes.Yes;
    }

    /// <summary>The texts to send: whole files, or of files with documents that are left out the others.</summary>
    public static IReadOnlyList<ManifestFile> Files(LoadResult loaded)
    {
        var parted = loaded.Diagnostics.Where(d => d.IsLeftOut).Select(d => d.Position.File).ToHashSet();
        return
        [
            .. loaded.Sources.Values.Where(s => !parted.Contains(s.File))
                .Select(s => new ManifestFile(s.File, s.Text) { Namespace = s.Namespace }),
            .. loaded.Documents.Where(d => parted.Contains(d.File))
                .Select(d => new ManifestFile(d.File, d.Text, d.FirstLine) { Namespace = d.Namespace }),
        ];
    }
}
