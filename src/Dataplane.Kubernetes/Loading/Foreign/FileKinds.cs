using System.Text.RegularExpressions;
using Dataplane.Kubernetes.Reading.Foreign;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Loading.Foreign;

/// <summary>Recognises files of other programs by their names and by the keys of their first document.</summary>
internal static partial class FileKinds
{
    /// <summary>Names of files, as they are commonly written.</summary>
    private static readonly (Regex Name, string What)[] Names =
    [
        (NpmName(), "an npm package"),
        (TypeScriptName(), "a TypeScript configuration"),
        (PipelineName(), "a CI pipeline"),
    ];

    /// <summary>Keys that only files of one kind have together.</summary>
    private static readonly (string[] Keys, string What)[] Marks =
    [
        (["openapi"], "an OpenAPI document"),
        (["swagger"], "an OpenAPI document"),
        (["asyncapi"], "an AsyncAPI document"),
        (["AWSTemplateFormatVersion"], "a CloudFormation template"),
        (["on", "jobs"], "a CI pipeline"),
        (["stages"], "a CI pipeline"),
        (["scrape_configs"], "a configuration of Prometheus"),
        (["panels", "title"], "a Grafana dashboard"),
    ];

    /// <param name="path">The path of the file, or the name of standard input.</param>
    /// <param name="document">Its first document; null where it cannot be read.</param>
    /// <param name="kustomization">The directory of the kustomization above the file; null: none is known.</param>
    /// <returns>Null: a file that is not recognised.</returns>
    public static FileKind? Of(string path, YamlNode? document, string? kustomization)
    {
        var name = Path.GetFileName(path);
        if ((document is not null && NoObject.IsOfKustomize(document)) || IsKustomization(name))
        {
            return FileKind.Kustomization(DirectoryOf(path));
        }
        if (ChartName().IsMatch(name) || document is YamlMapping chart && IsChart(chart))
        {
            return FileKind.Chart(DirectoryOf(path), 0);
        }
        if (ValuesName().IsMatch(name))
        {
            return FileKind.Values(path);
        }
        if (ComposeName().IsMatch(name))
        {
            return FileKind.Compose(path);
        }
        return document switch
        {
            _ when name.StartsWith("helmfile.", StringComparison.Ordinal) => FileKind.Helmfile(path),
            _ when Array.Find(Names, n => n.Name.IsMatch(name)) is { What: { } what } => new FileKind(what),
            YamlMapping mapping => OfMapping(mapping, path),
            YamlSequence list => OfList(list, path, kustomization),
            _ => null,
        };
    }

    /// <summary>
    /// By the keys in a text that is no YAML to Kubernetes, with tags of another program for instance.
    /// </summary>
    public static FileKind? OfText(string text) =>
        Array.Find(Marks, m => m.Keys.All(k => Regex.IsMatch(text, $"^\"?{k}\"?:", RegexOptions.Multiline)))
            is { What: { } what } ? new FileKind(what) : null;

    public static bool IsKustomization(string name) =>
        name is "kustomization.yaml" or "kustomization.yml" or "Kustomization";

    /// <summary>The directory of a file as a shell takes it.</summary>
    public static string DirectoryOf(string path) =>
        path.StartsWith('<') ? "DIR" : Path.GetDirectoryName(path) is { Length: > 0 } directory ? directory : ".";

    /// <summary>
    /// Whether a text has a line for the apiVersion or the kind of an object; without one it is none, however broken.
    /// </summary>
    public static bool MayHoldObjects(string text) => ObjectLine().IsMatch(text);

    private static bool IsChart(YamlMapping mapping) => !mapping.TryGet("kind", out _)
        && NoObject.Text(mapping, "apiVersion") is "v1" or "v2"
        && mapping.TryGet("name", out _) && mapping.TryGet("version", out _);

    private static FileKind? OfMapping(YamlMapping mapping, string path)
    {
        if (Array.Find(Marks, m => m.Keys.All(k => mapping.TryGet(k, out _))) is { What: { } what })
        {
            return new FileKind(what);
        }
        if (NoObject.Text(mapping, "$schema") is { } schema)
        {
            return new FileKind(schema.Contains("json-schema.org", StringComparison.Ordinal)
                ? "a JSON schema" : "a file with a JSON schema of its own");
        }
        return Keyed(mapping, "services") is YamlMapping { Entries: [{ Value: YamlMapping service }, ..] }
            && (service.TryGet("image", out _) || service.TryGet("build", out _)) ? FileKind.Compose(path)
            : Keyed(mapping, "releases") is YamlSequence ? FileKind.Helmfile(path)
            : Keyed(mapping, "groups") is YamlSequence { Items: [YamlMapping group, ..] }
                && group.TryGet("rules", out _) ? new FileKind("rules for Prometheus")
            : Keyed(mapping, "expect") is YamlSequence || Keyed(mapping, "steps") is YamlSequence
                && mapping.TryGet("manifests", out _) ? new FileKind("an assertion file", $"dataplane test {path}")
            : null;
    }

    private static FileKind? OfList(YamlSequence list, string path, string? kustomization)
    {
        if (list.Items.Count == 0 || !list.Items.All(item => item is YamlMapping))
        {
            return null;
        }
        var items = list.Items.Cast<YamlMapping>().ToList();
        return items.TrueForAll(i => i.TryGet("op", out _) && i.TryGet("path", out _))
            ? FileKind.JsonPatch(kustomization)
            : items.TrueForAll(i => i.TryGet("hosts", out _) || i.TryGet("import_playbook", out _))
                ? new FileKind("an Ansible playbook")
            : AnsibleFolder().IsMatch(path) ? new FileKind("Ansible tasks") : null;
    }

    private static YamlNode? Keyed(YamlMapping mapping, string key) =>
        mapping.TryGet(key, out var entry) ? entry.Value : null;

    [GeneratedRegex(@"^(package(-lock)?|composer|lerna)\.json$|^pnpm-(lock|workspace)\.ya?ml$")]
    private static partial Regex NpmName();

    [GeneratedRegex(@"^[tj]sconfig.*\.json$")]
    private static partial Regex TypeScriptName();

    [GeneratedRegex(@"^(\.gitlab-ci|\.?travis|\.drone|azure-pipelines.*|bitbucket-pipelines|cloudbuild.*|buildspec.*"
        + @"|appveyor|\.?woodpecker|concourse|pipeline)\.ya?ml$")]
    private static partial Regex PipelineName();

    [GeneratedRegex(@"^Chart\.ya?ml$")]
    private static partial Regex ChartName();

    [GeneratedRegex(@"^([\w.]+[-_.])?values([-_.][\w.-]*)?\.(ya?ml|json)$")]
    private static partial Regex ValuesName();

    [GeneratedRegex(@"^(docker-)?compose([-_.][\w.-]*)?\.ya?ml$")]
    private static partial Regex ComposeName();

    [GeneratedRegex("(^|/)(tasks|handlers|playbooks)/")]
    private static partial Regex AnsibleFolder();

    [GeneratedRegex(@"(^|[{,])[\s-]*[""']?(apiVersion|kind)[""']?\s*:",
        RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex ObjectLine();
}
