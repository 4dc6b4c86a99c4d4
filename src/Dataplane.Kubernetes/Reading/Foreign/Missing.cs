using System.Text.RegularExpressions;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Foreign;

/// <summary>What an object that could not be read would have been.</summary>
internal static partial class Missing
{
    public static readonly Unseen Anything = new(UnseenKinds.All, null);

    public static readonly Unseen SomePolicy = new(UnseenKinds.Policies, null);

    /// <param name="kind">As written; need not be a kind that is read.</param>
    /// <param name="source">The text that the node stands in.</param>
    public static Unseen Of(string kind, YamlNode node, SourceText source) =>
        new(KindsOf(kind), NamespaceOf(node, source));

    public static Unseen Of(KubernetesObject obj) =>
        new(KindsOf(obj.Kind), obj.Namespace.Length == 0 ? null : obj.Namespace);

    /// <summary>What a text that is no YAML may hold, by the lines that look like the kinds of objects.</summary>
    public static Unseen OfText(string text)
    {
        var kinds = UnseenKinds.None;
        var found = KindLine().Matches(text);
        foreach (Match line in found)
        {
            kinds |= KindsOf(line.Groups[1].Value);
        }
        return found.Count == 0 ? Anything : new Unseen(kinds, null);
    }

    /// <summary><c>metadata.namespace</c>; null where something else than one word stands there.</summary>
    public static string? NamespaceOf(YamlNode node, SourceText source)
    {
        var unnamed = source.Namespace ?? MetadataReader.DefaultNamespace;
        if (node is not YamlMapping mapping || !mapping.TryGet("metadata", out var metadata))
        {
            return unnamed;
        }
        if (metadata.Value is not YamlMapping fields)
        {
            return null;
        }
        return !fields.TryGet("namespace", out var entry) ? unnamed
            : entry.Value is YamlScalar { Kind: not ScalarKind.Null, Value.Length: > 0 } name ? name.Value : null;
    }

    private static UnseenKinds KindsOf(string kind)
    {
        if (ObjectKinds.Find(kind) is not { } known)
        {
            return IsOfTheCore(kind) ? UnseenKinds.None : UnseenKinds.All;
        }
        return known == ObjectKinds.Node || ObjectKinds.OfServices.Contains(known) ? UnseenKinds.None
            : known == ObjectKinds.Namespace ? UnseenKinds.Namespaces
            : known == ObjectKinds.NetworkPolicy || known.Group == ObjectKinds.PolicyGroup ? UnseenKinds.Policies
            : UnseenKinds.Pods;
    }

    /// <summary>Kinds of Kubernetes itself that everybody writes, and that make neither pods nor policies.</summary>
    private static bool IsOfTheCore(string kind) =>
        kind is "ConfigMap" or "Secret" or "ServiceAccount" or "Ingress" or "Role" or "RoleBinding"
        or "ClusterRole" or "ClusterRoleBinding" or "PersistentVolumeClaim" or "PersistentVolume" or "StorageClass"
        or "HorizontalPodAutoscaler" or "PodDisruptionBudget" or "ResourceQuota" or "LimitRange"
        or "CustomResourceDefinition";

    [GeneratedRegex(@"^[ \t]{0,4}""?kind""?[ \t]*:[ \t]*[""']?(\w+)", RegexOptions.Multiline)]
    private static partial Regex KindLine();
}
