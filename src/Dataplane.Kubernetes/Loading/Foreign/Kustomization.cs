using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Loading.Foreign;

/// <summary>What a kustomization says about other files.</summary>
internal static class Kustomization
{
    /// <summary>Fields whose entries are files of objects.</summary>
    private static readonly string[] Objects = ["resources", "bases", "components"];

    /// <summary>Fields that leave the objects of the other files as they are written.</summary>
    private static readonly string[] Plain = ["apiVersion", "kind", "metadata", "resources", "bases", "sortOptions"];

    /// <summary>Fields of an entry that name files.</summary>
    private static readonly string[] FileFields =
        ["path", "files", "envs", "env", "valuesFile", "additionalValuesFiles"];

    /// <summary>Files that it uses otherwise than as objects: patches, values, data.</summary>
    public static IEnumerable<string> Parts(YamlNode document)
    {
        if (document is not YamlMapping mapping)
        {
            return [];
        }
        var objects = mapping.Entries.Where(e => Objects.Contains(e.Key.Value)).SelectMany(e => Texts(e.Value));
        return mapping.Entries.Where(e => !Objects.Contains(e.Key.Value)).SelectMany(e => Files(e.Value))
            .Where(IsPath).Except(objects);
    }

    /// <summary>
    /// Whether what it makes is what the files below say: no patches, names, namespaces or labels, and nothing from
    /// elsewhere.
    /// </summary>
    public static bool IsPlain(YamlNode document) => document is YamlMapping mapping
        && mapping.Entries.All(e => Plain.Contains(e.Key.Value) && Texts(e.Value).All(IsPath));

    private static IEnumerable<string> Files(YamlNode node) => node switch
    {
        YamlSequence list => list.Items.SelectMany(Files),
        YamlMapping entry => entry.Entries.Where(e => FileFields.Contains(e.Key.Value))
            .SelectMany(e => Texts(e.Value)),
        _ => Texts(node),
    };

    private static IEnumerable<string> Texts(YamlNode node) => node switch
    {
        // Files of a generator may be written `key=path`.
        YamlScalar { Kind: ScalarKind.String } text => [text.Value[(text.Value.IndexOf('=') + 1)..]],
        YamlSequence list => list.Items.SelectMany(Texts),
        _ => [],
    };

    private static bool IsPath(string text) => text.Length is > 0 and < 4096
        && text.IndexOfAny(['\n', '?', '\0']) < 0 && !text.Contains("://", StringComparison.Ordinal)
        && !text.StartsWith("github.com", StringComparison.Ordinal);
}
