using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Assertions;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;
using Dataplane.Planning;
using Dataplane.Policy.Assertions;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Cli.Test;

/// <summary>One step of an assertion file with its cluster and its checks.</summary>
internal sealed record AssertionCase(string File, string? Step, Cluster Cluster, AssertionPlan Plan)
{
    /// <summary>True if no packet can be sent for some check: a pod exists only in the question.</summary>
    public bool IsHypothetical => Plan.Checks.SelectMany(check => check.Flows)
        .Any(flow => AssumedPods.Has(flow.From) || AssumedPods.Has(flow.To));

    /// <summary>The text of the assertion file.</summary>
    public SourceText? Source { get; init; }

    /// <summary>The texts of the manifests, by file name.</summary>
    public IReadOnlyDictionary<string, SourceText> Sources { get; init; } = new Dictionary<string, SourceText>();

    /// <summary>The name in outputs.</summary>
    public string Title => Step is null ? File : $"{File}: {Step}";
}

/// <summary>Loads assertion files with their manifests, and prints diagnostics on stderr.</summary>
internal static class AssertionInput
{
    /// <param name="assume">Adds what is supposed to a loaded cluster.</param>
    /// <exception cref="CommandFailure">A directory has no assertion file, or a file or its manifests have
    /// errors.</exception>
    /// <exception cref="ManifestPathException">A path cannot be read.</exception>
    public static IReadOnlyList<AssertionCase> Load(
        Shell shell, ManifestReading files, NodeOptions node, Func<Cluster, Cluster> assume)
    {
        var cases = new List<AssertionCase>();
        var notes = new HashSet<string>();
        var (errors, done) = (0, new HashSet<string>());
        foreach (var path in files.Paths)
        {
            var found = AssertionFiles.Find(path, files.Exclude);
            if (found.Count == 0)
            {
                throw new CommandFailure(
                    ExitCodes.Input, $"{path}: no assertion files; they are called expect.yaml or end in .expect.yaml");
            }
            foreach (var file in found.Where(f => done.Add(Path.GetFullPath(f))))
                errors += LoadFile(shell, file, files, node, assume, notes, cases);
        }
        return errors == 0
            ? cases
            : throw new CommandFailure(ExitCodes.Input, $"{Words.Count(errors, "error")}; nothing was tested");
    }

    /// <returns>The number of errors.</returns>
    private static int LoadFile(
        Shell shell, string path, ManifestReading files, NodeOptions node, Func<Cluster, Cluster> assume,
        HashSet<string> notes, List<AssertionCase> cases)
    {
        var file = AssertionFiles.Read(path, out var diagnostics, out var source);
        var errors = Report(shell, diagnostics, source);
        if (file is null) return errors;
        foreach (var (number, step) in file.Steps.Index())
        {
            var loaded = (files with { Paths = Manifests(path, step) }).Load(shell);
            var planned = Planner.Plan(loaded, node);
            DiagnosticPages.Write(shell, planned.Diagnostics, loaded.Sources, files.Remarks);
            errors += planned.Diagnostics.Count(d => d.Severity == Severity.Error);
            if (planned.Cluster is not { } cluster) continue;
            var names = new QuestionNames(
                assume(cluster), node.PodNetworks, files.Namespace ?? ObjectNames.DefaultNamespace);
            var plan = AssertionPlan.Of(step, names);
            if (!files.Remarks.IsQuiet) Assumptions.Tell(shell, names.Notes().Where(notes.Add));
            errors += Report(shell, plan.Problems, source);
            cases.Add(new AssertionCase(
                path, step.Name ?? (file.Steps.Count > 1 ? $"step {number + 1}" : null), names.Cluster, plan)
            {
                Source = source,
                Sources = loaded.Sources,
            });
        }
        return errors;
    }

    /// <summary>Paths of the manifests; the file's own directory if it names none.</summary>
    private static IReadOnlyList<string> Manifests(string file, AssertionStep step)
    {
        var directory = Path.GetDirectoryName(file) is { Length: > 0 } parent ? parent : ".";
        return step.Manifests.Count == 0 ? [directory]
            : [.. step.Manifests.Select(m => m == "." ? directory : directory == "." ? m : Path.Combine(directory, m))];
    }

    private static int Report(Shell shell, IReadOnlyList<Diagnostic> diagnostics, SourceText? source)
    {
        var sources = source is null ? [] : new Dictionary<string, SourceText> { [source.File] = source };
        DiagnosticPages.Write(shell, diagnostics, sources, Remarks.Default);
        return diagnostics.Count(d => d.Severity == Severity.Error);
    }
}
