using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Kubernetes.Reading.Cluster;

/// <summary>core/v1 Namespace.</summary>
internal static class NamespaceReader
{
    /// <summary>The label the API server puts on every Namespace, with its name.</summary>
    public const string NameLabel = "kubernetes.io/metadata.name";

    private static readonly FieldTable Spec = new("NamespaceSpec", "finalizers");
    private static readonly FieldTable Status = new("NamespaceStatus", "phase", "conditions");

    public static readonly FieldTable Table = new(ObjectKinds.Namespace.Name, "apiVersion", "kind",
        new Field("metadata", FieldShape.Object, MetadataReader.Table),
        new Field("spec", FieldShape.Object, Spec), new Field("status", FieldShape.Object, Status));

    public static NamespaceObject? Read(MappingReader obj)
    {
        obj.Field("spec")?.Mapping(Spec);
        obj.Field("status")?.Mapping(Status);
        if (MetadataReader.Read(obj, ObjectKinds.Namespace, Names.Label) is not { } metadata)
        {
            return null;
        }
        if (metadata.Labels.TryGetValue(NameLabel, out var label) && label != metadata.Name)
        {
            obj.Self.Bag.Add(new Diagnostic(Codes.InvalidLabel, Severity.Error,
                $"the label {Quote.Of(NameLabel)} must be the namespace's own name {Quote.Of(metadata.Name)}, not "
                    + $"{Quote.Of(label)}",
                metadata.LabelsPosition, "labels".Length, "the API server sets this label itself",
                "selectors by this label would find another namespace than the one meant",
                $"remove {Quote.Of(NameLabel)}"));
        }
        return Create(metadata.Name, metadata.Labels, obj.Position);
    }

    /// <summary>A namespace that only objects in it name.</summary>
    public static NamespaceObject Implied(string name, SourcePosition position) =>
        Create(name, LabelMap.Empty, position) with { IsImplied = true };

    /// <summary>A namespace with the label that all have.</summary>
    private static NamespaceObject Create(string name, IReadOnlyDictionary<string, string> labels,
        SourcePosition position)
        => new(SharedStrings.Of(name), LabelMap.Of([.. labels, new(NameLabel, SharedStrings.Of(name))]), position);
}
