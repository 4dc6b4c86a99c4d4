using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;
using static Dataplane.Kubernetes.Objects.ControllerLabels;

namespace Dataplane.Kubernetes.Reading.Pods;

/// <summary>
/// The labels that the controller of a workload adds to its pods: with their values where the manifest tells them,
/// otherwise with <see cref="Unknown"/>.
/// </summary>
internal static class ControllerLabelReader
{
    /// <summary>The API server writes it into a DaemonSet: how often its template was changed.</summary>
    private const string Generation = "deprecated.daemonset.template.generation";

    /// <param name="labels">Those of the template.</param>
    /// <param name="spec">The spec of the object; of a CronJob, that of its Jobs.</param>
    public static AddedLabels Read(ObjectKind kind, Metadata metadata, IReadOnlyDictionary<string, string> labels,
        MappingReader spec, MappingReader obj) => kind.Name switch
        {
            "Deployment" => new AddedLabels([new(TemplateHash, Unknown)], [], []),
            "DaemonSet" => new AddedLabels([new(RevisionHash, Unknown), new(TemplateGeneration, GenerationOf(obj))],
                [], []),
            "StatefulSet" => new AddedLabels([new(RevisionHash, WorkloadStatus.Revision(obj) ?? Unknown)], [PodIndex],
                [StatefulSetPodName]),
            "Job" => OfJob(spec, labels, metadata.Name, metadata.Uid ?? Unknown),
            "CronJob" => OfJob(spec, labels, Unknown, Unknown),
            _ => AddedLabels.None,
        };

    private static string GenerationOf(MappingReader set) =>
        MetadataReader.Annotation(set, Generation)?.Node is YamlScalar { Value: { Length: > 0 } value }
            && Names.LabelValue(value) is null ? value : Unknown;

    /// <summary>A Job that says <c>manualSelector: true</c> gets no labels but the index.</summary>
    private static AddedLabels OfJob(MappingReader spec, IReadOnlyDictionary<string, string> labels, string name,
        string uid)
    {
        var isManual = spec.Field("manualSelector")?.Node is YamlScalar { Kind: ScalarKind.Boolean } manual
            && PlainScalar.IsTrue(manual.Value);
        var isIndexed = spec.Field("completionMode")?.Node is YamlScalar { Value: "Indexed" };
        // The template of a Job from a dump has them; the API server refuses others than its own.
        KeyValuePair<string, string>[] all = isManual ? []
            : [.. JobName.Select(key => KeyValuePair.Create(key, name)),
                .. JobUid.Select(key => KeyValuePair.Create(key, uid))];
        return new AddedLabels([.. all.Where(l => !labels.ContainsKey(l.Key))], isIndexed ? [CompletionIndex] : [], []);
    }
}
