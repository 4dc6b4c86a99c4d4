using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Foreign;

/// <summary>
/// Tells documents that are plainly no Kubernetes objects from objects with a fault: a policy whose <c>kind</c> is
/// missing or misspelt must not pass for a file of another program.
/// </summary>
internal static class NoObject
{
    private const string KustomizeGroup = "kustomize.config.k8s.io/", KustomizePlugin = "builtin";

    public static bool Is(YamlNode document) => document switch
    {
        YamlScalar scalar => scalar.Kind != ScalarKind.Null,
        YamlSequence list => !list.Items.Any(item => item is YamlMapping mapping && Says(mapping, "kind")
            && Says(mapping, "apiVersion")),
        YamlMapping mapping => IsMapping(mapping),
        _ => false,
    };

    /// <summary>Whether it belongs to kustomize, which never applies it.</summary>
    public static bool IsOfKustomize(YamlNode document) => document is YamlMapping mapping
        && Text(mapping, "apiVersion") is { } version
        && (version.StartsWith(KustomizeGroup, StringComparison.Ordinal) || version == KustomizePlugin);

    public static string? Text(YamlMapping mapping, string key) =>
        mapping.TryGet(key, out var entry) && entry.Value is YamlScalar { Kind: not ScalarKind.Null } scalar
            ? scalar.Value : null;

    private static bool IsMapping(YamlMapping mapping)
    {
        var (kind, version) = (Says(mapping, "kind"), Says(mapping, "apiVersion"));
        if (kind && version)
        {
            return IsOfKustomize(mapping);
        }
        if (mapping.TryGet("spec", out _) || mapping.TryGet("metadata", out _))
        {
            return false;
        }
        // Charts have an apiVersion and no kind; the values of some have a kind, such as DaemonSet.
        return version ? mapping.TryGet("name", out _) && mapping.TryGet("version", out _)
            : !kind || mapping.Entries.Count > 1 || Text(mapping, "kind") is not { } name
                || ObjectKinds.Find(name) is null;
    }

    private static bool Says(YamlMapping mapping, string key) =>
        mapping.Entries.Any(e => e.Key.Value.Equals(key, StringComparison.OrdinalIgnoreCase));
}
