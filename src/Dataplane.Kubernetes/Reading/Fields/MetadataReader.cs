using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>What every object has under <c>metadata</c>.</summary>
/// <param name="Namespace">Empty for cluster-scoped kinds; that of the source where none is given.</param>
internal sealed record Metadata(
    string Namespace, string Name, IReadOnlyDictionary<string, string> Labels, SourcePosition NamePosition,
        int NameLength, SourcePosition LabelsPosition)
{
    public string? Uid { get; init; }

    public OwnerReference? Owner { get; init; }

    /// <summary>It is being deleted: <c>deletionTimestamp</c> is set.</summary>
    public bool IsTerminating { get; init; }
}

/// <summary>metav1.ObjectMeta.</summary>
internal static class MetadataReader
{
    /// <summary>The namespace of an object where nothing names another.</summary>
    public const string DefaultNamespace = "default";

    public static readonly FieldTable Table = new("ObjectMeta",
        "name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds", new Field("labels", FieldShape.Map), new Field("annotations", FieldShape.Map),
        "ownerReferences",
        "finalizers", "managedFields");

    /// <summary>Null, reported, without a valid name: the object could not be told from others.</summary>
    /// <param name="nameRule">The kind's own rule for names: null for a valid one, or what is wrong.</param>
    public static Metadata? Read(MappingReader obj, ObjectKind kind, Func<string, string?> nameRule)
    {
        if (obj.Required("metadata")?.Mapping(Table) is not { } metadata)
        {
            return null;
        }
        var labels = ReadLabels(metadata);
        var ns = ReadNamespace(metadata, kind.Namespaced);
        var help = metadata.Field("generateName") is null
            ? null : "`generateName` needs an API server that makes up the rest; give a name";
        if (metadata.Required("name", help) is not { } name || Text(name) is not { } text
            || !CheckName(name, text, "object", nameRule) || ns is null)
        {
            return null;
        }
        return new Metadata(ns, text, labels, name.Position, name.Length, metadata.Key("labels").Position)
        {
            Uid = OwnerReader.ReadUid(metadata),
            Owner = OwnerReader.Read(metadata),
            IsTerminating = metadata.Field("deletionTimestamp")?.String() is not null,
        };
    }

    /// <summary>
    /// The labels alone, with the annotations checked: all that the metadata of a pod template has to say.
    /// </summary>
    public static IReadOnlyDictionary<string, string> ReadLabels(MappingReader metadata)
    {
        if (metadata.Field("annotations") is { } annotations)
        {
            CheckAnnotations(annotations);
        }
        return metadata.Field("labels") is { } labels ? Labels.ReadMap(labels) : LabelMap.Empty;
    }

    /// <summary>
    /// The value of an annotation, which <see cref="Read"/> has checked to be a string; null where there is none.
    /// </summary>
    public static NodeReader? Annotation(MappingReader obj, string key) =>
        obj.Field("metadata") is { Node: YamlMapping } metadata
        && new MappingReader(metadata, (YamlMapping)metadata.Node, Table)
            .Field("annotations") is { Node: YamlMapping } annotations
        && new MappingReader(annotations, (YamlMapping)annotations.Node, Table)
            .Field(key) is { Node: YamlScalar { Kind: ScalarKind.String } } value ? value : null;

    /// <summary>Reports a name that <paramref name="rule"/> refuses.</summary>
    public static bool CheckName(NodeReader at, string name, string what, Func<string, string?> rule)
    {
        if ((name.Length == 0 ? "it is empty" : rule(name)) is not { } wrong)
        {
            return true;
        }
        var better = Names.Corrected(name, rule);
        at.Error(Codes.InvalidName, $"{Quote.Of(name)} is not a valid {what} name", wrong,
            help: better is null ? null : $"did you mean {Quote.Of(better)}?",
            fix: better is null ? null : at.Replaced(YamlText.Word(better)));
        return false;
    }

    /// <summary>Whether an object that <see cref="Read"/> has checked names its namespace.</summary>
    public static bool NamesNamespace(YamlMapping obj) =>
        obj.TryGet("metadata", out var entry) && entry.Value is YamlMapping metadata
        && metadata.TryGet("namespace", out var ns)
        && ns.Value is YamlScalar { Kind: not ScalarKind.Null, Value.Length: > 0 };

    private static string? ReadNamespace(MappingReader metadata, bool namespaced)
    {
        var unnamed = namespaced ? metadata.Self.Source.Namespace ?? DefaultNamespace : "";
        if (metadata.Field("namespace") is not { } field)
        {
            return unnamed;
        }
        if (Text(field) is not { } text)
        {
            return null;
        }
        if (text.Length == 0)
        {
            return unnamed;
        }
        if (!namespaced)
        {
            field.Error(Codes.InvalidValue, $"{field.Path} is not allowed: this kind stands outside namespaces",
                help: "remove the line");
            return null;
        }
        return CheckName(field, text, "namespace", Names.Label) ? SharedStrings.Of(text) : null;
    }

    /// <summary>
    /// A string; of a plain boolean or number, reported, its text: so that the rest of the object is still looked at.
    /// </summary>
    private static string? Text(NodeReader at) =>
        at.String() ?? (at.Node is YamlScalar { Kind: not ScalarKind.Null } plain ? plain.Value : null);

    private static void CheckAnnotations(NodeReader at)
    {
        if (at.Node is not YamlMapping map)
        {
            at.WrongType("a mapping");
            return;
        }
        foreach (var entry in map.Entries)
        {
            var path = at.Path.Field(entry.Key.Value);
            // The API server looks at keys of annotations in lower case.
            if (Names.QualifiedName(entry.Key.Value.ToLowerInvariant()) is { } wrong)
            {
                at.Child(entry.Key, path).Error(Codes.InvalidLabel,
                    $"{Quote.Of(entry.Key.Value)} is not a valid annotation key", wrong);
            }
            // The API server reads null as the empty string.
            if (at.Child(entry.Value, path) is { IsNull: false } value)
            {
                value.String();
            }
        }
    }
}
