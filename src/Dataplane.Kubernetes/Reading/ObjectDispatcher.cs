using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Reading.Foreign;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading;

/// <summary>Finds the reader for a document by apiVersion and kind, and opens lists.</summary>
/// <param name="outcome">Takes what is read.</param>
internal sealed class ObjectDispatcher(SourceText source, DiagnosticBag bag, ReadOutcome outcome)
{
    private static readonly FieldTable HeadTable = new("object", "apiVersion", "kind");
    private static readonly FieldTable ListTable = new(ListKind, "apiVersion", "kind", "metadata", "items");
    private const string ListKind = "List", ListVersion = "v1";

    /// <summary>Reads a document; one that is plainly no object is kept apart, without an error.</summary>
    public void ReadDocument(YamlNode node)
    {
        if (NoObject.Is(node))
        {
            outcome.NoObjects.Add(node);
        }
        else
        {
            Read(node, null);
        }
    }

    /// <summary>One document, or one item of a list.</summary>
    /// <param name="inherited">apiVersion and kind of the items where a typed list names them once; null
    /// elsewhere.</param>
    public void Read(YamlNode node, (string ApiVersion, string Kind)? inherited)
    {
        if (node is YamlScalar { Kind: ScalarKind.Null })
        {
            return;
        }
        outcome.Seen++;
        var document = new NodeReader(source, bag, node, NodePath.Root("object"));
        if (node is not YamlMapping mapping)
        {
            document.Error(Codes.WrongType, "this is not a Kubernetes object", $"this is {node.Describe()}",
                help: "an object starts with `apiVersion:` and `kind:`");
            return;
        }
        var top = new MappingReader(document, mapping, HeadTable);
        var (kind, apiVersion) = (Word(top, "kind", inherited?.Kind), Word(top, "apiVersion", inherited?.ApiVersion));
        if (kind is null || apiVersion is null)
        {
            outcome.Unseen.Add(kind is null ? Missing.Anything : Missing.Of(kind, node, source));
        }
        else if (kind != ListKind ? IsList(kind, mapping) : apiVersion == ListVersion)
        {
            ReadList(new NodeReader(source, bag, node, NodePath.Root(kind)), apiVersion, kind[..^ListKind.Length]);
        }
        else
        {
            ReadObject(top, node, apiVersion, kind);
        }
    }

    private void ReadObject(MappingReader top, YamlNode node, string apiVersion, string kind)
    {
        if (ObjectKinds.Find(kind) is not { } known || apiVersion != known.ApiVersion)
        {
            var right = kind == ListKind ? ListVersion : ObjectKinds.Find(kind)?.ApiVersion;
            new ForeignObjects(top, apiVersion, kind, outcome).Read(right);
            return;
        }
        var errors = bag.Errors;
        var reader = KindReaders.All[known];
        var result = new NodeReader(source, bag, node, NodePath.Root(kind)).Mapping(reader.Table) is { } obj
            ? reader.Read(obj) : null;
        if (result is not null)
        {
            outcome.Objects.Add(result);
            if (known.Namespaced && !MetadataReader.NamesNamespace((YamlMapping)node))
            {
                outcome.Unplaced.Add(result);
            }
        }
        if (bag.Errors > errors)
        {
            outcome.Broken.UnionWith(result is null ? [] : [result]);
            outcome.Unseen.Add(Missing.Of(kind, node, source));
        }
    }

    private static bool IsList(string kind, YamlMapping mapping) =>
        kind.EndsWith(ListKind, StringComparison.Ordinal)
        && (mapping.TryGet("items", out _) || ObjectKinds.Find(kind[..^ListKind.Length]) is not null);

    private void ReadList(NodeReader at, string apiVersion, string itemKind)
    {
        if (at.Mapping(ListTable) is not { } list)
        {
            return;
        }
        // In a `v1 List` the items say what they are; in a PodList they need not.
        (string, string)? inherited = itemKind.Length == 0 ? null : (apiVersion, itemKind);
        foreach (var item in list.Items("items"))
        {
            if (item.IsNull)
            {
                item.WrongType("an object");
            }
            Read(item.Node, inherited);
        }
    }

    private static string? Word(MappingReader top, string name, string? inherited)
    {
        if (top.Field(name) is null && inherited is not null)
        {
            return inherited;
        }
        if (top.Field(name) is not { } field)
        {
            var near = Suggest.Nearest(name, top.Entries.Select(e => e.Key.Value));
            top.Self.Error(Codes.MissingField, $"{name} is missing", "an object needs apiVersion and kind",
                help: near is null ? null : $"rename {Quote.Of(near)} to {Quote.Of(name)}",
                fix: near is null ? null : top.Key(near).Replaced(name));
            return null;
        }
        return field.String();
    }
}
