using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Views;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>Objects of requests as documents of the state.</summary>
internal static class Manifests
{
    /// <summary>Metadata that the server gives, and that the state keeps elsewhere.</summary>
    private static readonly string[] Given =
    [
        "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
        "managedFields", "selfLink", "generateName",
    ];

    /// <summary>The document of an object, and what is to be said about it.</summary>
    /// <exception cref="StatusException">The object is not valid.</exception>
    public static (ManifestDocument Document, IReadOnlyList<string> Warnings) Of(
        ApiResource resource, string ns, string name, JsonObject obj)
    {
        var manifest = obj.Copy();
        manifest.Remove("status");
        var metadata = manifest.Child("metadata");
        foreach (var field in Given) metadata.Remove(field);
        var text = YamlWriter.Write(manifest);
        var file = $"kubernetes-api/{(ns.Length > 0 ? ns + "/" : "")}{resource.Kind.Plural}/{name}.yaml";
        var loaded = ManifestLoader.LoadTexts([new SourceText(file, text) { Namespace = ns.Length > 0 ? ns : null }]);
        var errors = loaded.Diagnostics.Where(d => d.Severity == Severity.Error).ToList();
        if (errors.Count > 0) throw StatusException.Invalid(resource, name, [.. errors.Select(e => Cause(e, text))]);
        if (loaded.Documents is not [{ Objects: [_] } document])
            throw StatusException.BadRequest($"the request is not one {resource.Kind.Name}");
        return (document, [.. loaded.Diagnostics.Where(d => d.Severity == Severity.Warning).Select(Text)]);
    }

    /// <summary>A finding as the cause of a refusal: the field is the one at its place.</summary>
    /// <param name="text">The document; null: the place is in another one.</param>
    public static StatusCause Cause(Diagnostic finding, string? text) => new(
        finding.Code is "K003" ? "FieldValueRequired" : "FieldValueInvalid", Text(finding),
        text is null ? "" : FieldPaths.At(text, finding.Position));

    /// <summary>A finding on one line.</summary>
    public static string Text(Diagnostic finding) =>
        $"{finding.Message}{(finding.Help is { } help ? $": {help}" : "")} [{finding.Code}]".ReplaceLineEndings(" ");
}
