using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Reading.Pods;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Foreign;

/// <summary>
/// An object of another project's kind that makes pods from <c>spec.template</c>, as a Deployment does. Its own fields
/// are not known; those of the template are.
/// </summary>
internal static class ForeignWorkload
{
    private static readonly FieldTable Metadata = MetadataReader.Table;

    /// <summary>Whether the object has a template with containers.</summary>
    public static bool HasTemplate(MappingReader top) =>
        Below(Below(Below(top, "spec"), "template"), "spec")?.Field("containers")?.Node is YamlSequence
        {
            Items: [YamlMapping, ..],
        };

    /// <summary>The pods; null, reported, where something of them is wrong.</summary>
    /// <param name="isKnown">False for a kind whose containers may have fields of their own: what is wrong in them is
    /// reported, and does not count.</param>
    public static WorkloadObject? Read(MappingReader top, string group, string kind, bool isKnown)
    {
        var errors = top.Self.Bag.Errors;
        var metadata = MetadataReader.Read(top, new ObjectKind(group, "", kind, "", [], true), Names.Subdomain);
        var spec = Below(top, "spec")!;
        // A DaemonSet makes a pod for each node, and here is one node.
        var count = kind == ObjectKinds.DaemonSet.Name || spec.Field("replicas") is not { } replicas
            ? 1 : WorkloadReader.CountOf(replicas);
        var at = spec.Field("template")!.Value;
        if (at.Mapping(WorkloadFields.Template) is not { } template || metadata is null || count is null)
        {
            return null;
        }
        var labels = template.Field("metadata")?.Mapping(Metadata) is { } fields
            ? MetadataReader.ReadLabels(fields) : LabelMap.Empty;
        NetnsAnnotation.Refuse(template);
        if (top.Self.Bag.Errors > errors)
        {
            return null;
        }
        var pods = PodReader.ReadSpec(template.Required("spec")?.Mapping(PodFields.Spec));
        if (isKnown && top.Self.Bag.Errors > errors)
        {
            return null;
        }
        var pod = TemplatePod.Of(kind, metadata, labels, pods, at);
        return new WorkloadObject(NameOf(group, kind), metadata.Namespace, metadata.Name, count.Value, 0,
            AddedTo(kind, metadata.Name), pod, top.Position)
        {
            Uid = metadata.Uid,
            Owner = metadata.Owner,
        };
    }

    /// <summary>
    /// The labels that controllers of OpenShift, Argo Rollouts and OpenKruise add to those of the template.
    /// </summary>
    private static AddedLabels AddedTo(string kind, string name) => kind switch
    {
        "DeploymentConfig" => new AddedLabels(
        [
            new(ControllerLabels.DeploymentConfig, name),
            new(ControllerLabels.DeploymentOfConfig, ControllerLabels.Unknown),
        ], [], []),
        "Rollout" => new AddedLabels([new(ControllerLabels.RolloutHash, ControllerLabels.Unknown)], [], []),
        "StatefulSet" => new AddedLabels([new(ControllerLabels.RevisionHash, ControllerLabels.Unknown)], [],
            [ControllerLabels.StatefulSetPodName]),
        "DaemonSet" or "CloneSet" => new AddedLabels(
            [new(ControllerLabels.RevisionHash, ControllerLabels.Unknown)], [], []),
        _ => AddedLabels.None,
    };

    /// <summary>The kind, with its group as kubectl writes it where a kind that is read has the same name.</summary>
    private static string NameOf(string group, string kind) =>
        ObjectKinds.Find(kind) is null ? kind : $"{kind}.{group}";

    private static MappingReader? Below(MappingReader? parent, string field) =>
        parent?.Field(field) is { Node: YamlMapping mapping } at
            ? new MappingReader(at, mapping, FieldTable.Unknown) : null;
}
