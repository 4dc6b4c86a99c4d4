using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading;

/// <summary>Finds the reader for a document by apiVersion and kind, and opens lists.</summary>
internal sealed class ObjectDispatcher(SourceText source, DiagnosticBag bag)
{
    private static readonly FieldTable HeadTable = new("object", "apiVersion", "kind");
    private static readonly FieldTable ListTable = new(ListKind, "apiVersion", "kind", "metadata", "items");
    private const string ListKind = "List", ListVersion = "v1";

    /// <summary>What was read so far.</summary>
    public List<KubernetesObject> Objects { get; } = [];

    /// <summary>Those of <see cref="Objects"/> that could name a namespace and name none.</summary>
    public List<KubernetesObject> Unplaced { get; } = [];

    /// <summary>Services, which no reader of kinds takes: they only help to explain.</summary>
    public List<ServiceObject> Services { get; } = [];

    /// <summary>Objects seen, read or not, empty lists included: zero means the file holds nothing.</summary>
    public int Seen { get; private set; }

    /// <summary>One document, or one item of a list.</summary>
    /// <param name="inherited">apiVersion and kind of the items where a typed list names them once; null
    /// elsewhere.</param>
    public void Read(YamlNode node, (string ApiVersion, string Kind)? inherited = null)
    {
        if (node is YamlScalar { Kind: ScalarKind.Null })
        {
            return;
        }
        Seen++;
        var document = new NodeReader(source, bag, node, NodePath.Root("object"));
        if (node is not YamlMapping mapping)
        {
            document.Error(Codes.WrongType, "this is not a Kubernetes object", $"this is {node.Describe()}",
                help: "an object starts with `apiVersion:` and `kind:`");
            return;
        }
        var top = new MappingReader(document, mapping, HeadTable);
        var kind = Word(top, "kind", inherited?.Kind);
        var apiVersion = Word(top, "apiVersion", inherited?.ApiVersion);
        if (kind is null || apiVersion is null)
        {
            return;
        }
        if (kind == ListKind && apiVersion != ListVersion)
        {
            OtherKinds.Report(top, apiVersion, kind, ListVersion);
        }
        else if (IsList(kind, mapping))
        {
            ReadList(new NodeReader(source, bag, node, NodePath.Root(kind)), apiVersion, kind[..^ListKind.Length]);
        }
        else if (ObjectKinds.Find(kind) is { } known && apiVersion == known.ApiVersion)
        {
            var reader = KindReaders.All[known];
            if (new NodeReader(source, bag, node, NodePath.Root(kind)).Mapping(reader.Table) is { } obj
                && reader.Read(obj) is { } result)
            {
                Objects.Add(result);
                if (known.Namespaced && !MetadataReader.NamesNamespace(mapping)) Unplaced.Add(result);
            }
        }
        else
        {
            if (kind == ServiceReader.Kind && apiVersion == ServiceReader.Version
                && ServiceReader.Read(mapping, document.Position, OwnNamespace) is { } service)
            {
                Services.Add(service);
            }
            OtherKinds.Report(top, apiVersion, kind, ObjectKinds.Find(kind)?.ApiVersion);
        }
    }

    private string OwnNamespace => source.Namespace ?? MetadataReader.DefaultNamespace;

    private static bool IsList(string kind, YamlMapping mapping) => kind == ListKind
        || (kind.EndsWith(ListKind, StringComparison.Ordinal)
            && (mapping.TryGet("items", out _) || ObjectKinds.Find(kind[..^ListKind.Length]) is not null));

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
