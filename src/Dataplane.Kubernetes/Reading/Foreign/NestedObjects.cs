using System.Text.RegularExpressions;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Foreign;

/// <summary>An object inside another one.</summary>
/// <param name="Node">What to point at: the value of its <c>kind</c>, or the text that holds it.</param>
/// <param name="Path">Where it stands, as yq writes it: <c>.spec.workload.manifests[]</c>.</param>
/// <param name="IsText">It is written as a text, not as YAML.</param>
internal readonly record struct NestedObject(string Kind, YamlNode Node, string Path, bool IsText)
{
    /// <summary>It decides which traffic passes.</summary>
    public bool IsPolicy { get; init; }
}

/// <summary>
/// Finds objects inside an object of a kind that is not read: policies, what decides traffic, namespaces, and what
/// makes pods. References, which only name an object, are none.
/// </summary>
internal static partial class NestedObjects
{
    private const string KubectlCopy = "metadata", Observed = "status";

    /// <summary>In the order in which they stand.</summary>
    public static IEnumerable<NestedObject> In(YamlMapping top) => top.Entries
        .Where(e => e.Key.Value is not (KubectlCopy or Observed))
        .SelectMany(e => Below(e.Value, $".{e.Key.Value}"));

    /// <summary>In a document that is no object itself.</summary>
    public static IEnumerable<NestedObject> InDocument(YamlNode document) => Below(document, "");

    /// <summary>The kind of a policy that a text holds; null for none.</summary>
    public static string? PolicyInText(YamlNode node) => node switch
    {
        YamlScalar scalar => InText(scalar, "").FirstOrDefault(n => n.IsPolicy).Kind,
        YamlMapping mapping => mapping.Entries.Select(e => PolicyInText(e.Value)).FirstOrDefault(k => k is not null),
        _ => null,
    };

    private static IEnumerable<NestedObject> Below(YamlNode node, string path) => node switch
    {
        YamlMapping mapping when Object(mapping, path) is { } found => [found],
        YamlMapping mapping => mapping.Entries.SelectMany(e => Below(e.Value, $"{path}.{e.Key.Value}")),
        YamlSequence list => list.Items.SelectMany(item => Below(item, $"{path}[]")),
        YamlScalar scalar => InText(scalar, path),
        _ => [],
    };

    /// <summary>Null: no object, or one of a kind that matters only by what is inside it.</summary>
    private static NestedObject? Object(YamlMapping mapping, string path) =>
        Text(mapping, "apiVersion") is { } apiVersion && Text(mapping, "kind") is { } kind && IsWrittenOut(mapping)
        && Matters(GroupOf(apiVersion.Value), kind.Value)
            ? new NestedObject(kind.Value, kind, path, false)
            {
                IsPolicy = IsPolicy(GroupOf(apiVersion.Value), kind.Value),
            }
            : null;

    /// <summary>
    /// More than a reference: it has metadata or a specification, or Kyverno makes it from <c>data</c> or a copy.
    /// </summary>
    private static bool IsWrittenOut(YamlMapping mapping) => mapping.Entries.Any(e =>
        e is { Key.Value: "metadata" or "spec" or "data" or "clone", Value: YamlMapping });

    private static IEnumerable<NestedObject> InText(YamlScalar scalar, string path)
    {
        // Kyverno's `cloneList.kinds` names kinds as `group/version/Kind`.
        if (path.EndsWith(".cloneList.kinds[]", StringComparison.Ordinal)
            && scalar.Value.LastIndexOf('/') is var slash and > 0 && scalar.Value[(slash + 1)..] is var copied
            && Matters(GroupOf(scalar.Value[..slash]), copied))
        {
            yield return new NestedObject(copied, scalar, path, true) { IsPolicy = true };
        }
        if (!scalar.Value.Contains("apiVersion", StringComparison.Ordinal))
        {
            yield break;
        }
        var groups = ApiVersionInText().Matches(scalar.Value).Select(m => GroupOf(m.Groups[1].Value)).ToList();
        foreach (Match line in KindInText().Matches(scalar.Value))
        {
            var kind = line.Groups[1].Value;
            if (groups.Find(g => Matters(g, kind)) is { } group)
            {
                yield return new NestedObject(kind, scalar, path, true) { IsPolicy = IsPolicy(group, kind) };
            }
        }
    }

    private static bool Matters(string group, string kind) =>
        (ObjectKinds.Find(kind) is { } known && known != ObjectKinds.Node && known.Group == group)
        || ForeignKinds.Of(group, kind).Role is ForeignRole.Traffic or ForeignRole.Template;

    private static bool IsPolicy(string group, string kind) =>
        kind == ObjectKinds.NetworkPolicy.Name || group == ObjectKinds.PolicyGroup
        || ForeignKinds.Of(group, kind).Role == ForeignRole.Traffic;

    private static string GroupOf(string apiVersion) =>
        apiVersion.IndexOf('/') is var slash and >= 0 ? apiVersion[..slash] : "";

    private static YamlScalar? Text(YamlMapping mapping, string key) =>
        mapping.TryGet(key, out var entry) && entry.Value is YamlScalar { Kind: ScalarKind.String } text ? text : null;

    [GeneratedRegex(@"(?:^[ \t-]*|[{,]\s*)[""']?kind[""']?\s*:\s*[""']?(\w+)", RegexOptions.Multiline)]
    private static partial Regex KindInText();

    [GeneratedRegex(@"(?:^[ \t-]*|[{,]\s*)[""']?apiVersion[""']?\s*:\s*[""']?([\w./-]+)", RegexOptions.Multiline)]
    private static partial Regex ApiVersionInText();
}
