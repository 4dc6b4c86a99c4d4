using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Pods;

/// <summary>
/// What a dump says in <c>status</c>. A controller writes it, so that what is odd about it is passed over.
/// </summary>
internal static class WorkloadStatus
{
    /// <summary>Whether a Job is complete or has failed: it makes no more pods.</summary>
    public static bool HasEnded(MappingReader job) =>
        Field(job, "conditions") is YamlSequence conditions && conditions.Items.OfType<YamlMapping>()
            .Any(c => Word(c, "type") is "Complete" or "Failed" && Word(c, "status") == "True");

    /// <summary>The revision of a StatefulSet's pods where all have the same; null during a rollout.</summary>
    public static string? Revision(MappingReader set) =>
        Word(Field(set, "updateRevision")) is { } now && Word(Field(set, "currentRevision")) == now ? now : null;

    private static YamlNode? Field(MappingReader obj, string name) =>
        obj.Field("status")?.Node is YamlMapping status && status.TryGet(name, out var entry) ? entry.Value : null;

    private static string? Word(YamlMapping mapping, string field) =>
        mapping.TryGet(field, out var entry) ? Word(entry.Value) : null;

    private static string? Word(YamlNode? node) =>
        node is YamlScalar { Kind: ScalarKind.String } word ? word.Value : null;
}
