using System.CommandLine;
using System.Text.Json;
using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Planning;
using Dataplane.Policy.Warnings;

namespace Dataplane.Cli.Validate;

/// <summary><c>validate</c>: checks manifests and reports every problem with its position.</summary>
internal static class ValidateCommand
{
    public static Command Build(Shell shell)
    {
        var manifests = new ManifestChoice();
        var (output, networks) = (Settings.Output("table", "json", "sarif", "github"), new NetworkOptions());
        var strict = new Option<bool>("--strict") { Description = "Warnings count as errors" };
        var command = new HelpfulCommand(
            "validate",
            "Checks manifests: syntax, fields, values, addresses, and whether they mean what they seem to. As strict "
                + "as the API server, and unknown fields are errors.")
        {
            Examples =
            [
                ("dataplane validate manifests/",
                    "every problem with its line, what it would do to traffic, and the remedy"),
                ("dataplane validate --strict -o github manifests/",
                    "in a GitHub workflow: annotations on the changed lines"),
                ("dataplane validate --strict --ignore S014,S018 manifests/",
                    "exit 1 on warnings too, but for two kinds of them"),
                ("dataplane validate . --exclude charts",
                    "a repository's root: files of other programs are a line each, and charts/ is passed over"),
                ("dataplane validate -o sarif manifests/ > findings.sarif", "SARIF 2.1.0 for code scanning"),
            ],
            Exits =
            [
                (0, "no errors; warnings may be"),
                (1, "errors; with --strict also warnings"),
                (2, "wrong command line"),
                (3, "a path cannot be read")
            ],
            Remarks =
            [
                "Warnings with a code S0.. are about valid manifests that probably do not mean what was meant; they "
                    + "are looked for in what could be read; where an object with an error could be what is missing, "
                    + "they are not given."
            ],
        };
        manifests.AddTo(command);
        foreach (var option in (Option[])[output, strict, .. networks.All]) command.Add(option);
        command.SetAction(parsed =>
        {
            var reading = manifests.Required(parsed);
            var remarks = reading.Remarks;
            var loaded = reading.Load(shell);
            var (cluster, found) = Planner.PlanReadable(loaded, networks.Of(parsed));
            if (cluster is not null) found = [.. found, .. SemanticWarnings.Find(cluster, loaded.Sources)];
            var diagnostics = remarks.Heeded(found);
            DiagnosticPages.WriteRefused(shell, found, remarks);
            // Annotations are for what is to be changed, unless notes are asked for.
            IReadOnlyList<Diagnostic> annotated =
                [.. diagnostics.Where(d => remarks.IsVerbose || d.Severity != Severity.Note)];
            var format = parsed.GetRequiredValue(output);
            if (format != "json") DiagnosticPages.WriteSummary(shell, diagnostics, remarks);
            var document = DiagnosticData.ToDocument(diagnostics);
            switch (format)
            {
                case "json":
                    shell.WriteJson(json =>
                        JsonSerializer.Serialize(json, document, Documents.Default.ValidateDocument));
                    break;
                case "sarif":
                    shell.WriteJson(json =>
                        JsonSerializer.Serialize(json, SarifLog.Of(annotated), Documents.Default.SarifLog));
                    break;
                case "github":
                    DiagnosticData.WriteGitHub(shell.Out, annotated);
                    break;
                default:
                    DiagnosticPages.Write(
                        shell.Out,
                        shell.OutColours,
                        remarks.IsQuiet ? annotated : diagnostics,
                        loaded.Sources,
                        remarks);
                    if (!remarks.IsQuiet) shell.Out.WriteLine(Summary(loaded, document));
                    break;
            }
            return document.Errors > 0 || (parsed.GetValue(strict) && document.Warnings > 0)
                ? ExitCodes.No
                : ExitCodes.Yes;
        });
        return command;
    }

    private static string Summary(LoadResult loaded, ValidateDocument document)
    {
        var files = Words.Count(loaded.Sources.Count, "file");
        if (document.Errors > 0)
            return $"{files}: {Words.Count(document.Errors, "error")}, {Words.Count(document.Warnings, "warning")}";
        var set = loaded.Manifests;
        return $"{files}: no errors, {Words.Count(document.Warnings, "warning")}; "
            + $"{Words.Count(set.Namespaces.Count, "namespace")}, {Words.Count(set.Pods.Count, "pod")}, "
                + $"{Words.Count(set.NetworkPolicies.Count + set.TierPolicies.Count, "policy")}";
    }
}
