using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>
/// <c>metadata.ownerReferences</c> and <c>metadata.uid</c>. An API server writes them, so that what is odd about them
/// is passed over.
/// </summary>
internal static class OwnerReader
{
    /// <summary>The owner with <c>controller: true</c>; where no reference says who it is, the first.</summary>
    public static OwnerReference? Read(MappingReader metadata)
    {
        if (metadata.Field("ownerReferences")?.Node is not YamlSequence list)
        {
            return null;
        }
        var all = list.Items.OfType<YamlMapping>().ToList();
        var controller = all.Find(o => o.TryGet("controller", out var entry)
            && entry.Value is YamlScalar { Kind: ScalarKind.Boolean } isController
            && PlainScalar.IsTrue(isController.Value)) ?? all.FirstOrDefault();
        return controller is not null && Word(controller, "kind") is { } kind && Word(controller, "name") is { } name
            && IsOfItsGroup(kind, Word(controller, "apiVersion"))
            ? new OwnerReference(SharedStrings.Of(kind), SharedStrings.Of(name), Word(controller, "uid")) : null;
    }

    /// <summary>Null where there is none.</summary>
    public static string? ReadUid(MappingReader metadata) => Word(metadata.Field("uid")?.Node);

    /// <summary>A Job of another group is no Job of Kubernetes; the version of the group does not matter.</summary>
    private static bool IsOfItsGroup(string kind, string? apiVersion) => apiVersion is null
        || ObjectKinds.Find(kind) is not { } known || GroupOf(apiVersion) is var group
            && (group == known.Group || group == "extensions");

    private static string GroupOf(string apiVersion) =>
        apiVersion.LastIndexOf('/') is var slash and >= 0 ? apiVersion[..slash] : "";

    private static string? Word(YamlMapping mapping, string field) =>
        mapping.TryGet(field, out var entry) ? Word(entry.Value) : null;

    private static string? Word(YamlNode? node) =>
        node is YamlScalar { Kind: not ScalarKind.Null, Value: { Length: > 0 } value } ? value : null;
}
