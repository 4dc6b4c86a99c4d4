using Dataplane.Kubernetes.Reading.Fields;

namespace Dataplane.Kubernetes.Reading.Pods;

/// <summary>
/// The fields of the kinds that make pods from a template: apps/v1, batch/v1, and core/v1 ReplicationController.
/// </summary>
internal static class WorkloadFields
{
    private const string EveryPod = "without labels no selector but an empty one finds these pods";

    public static readonly FieldTable Template = new("PodTemplateSpec",
        new Field("metadata", FieldShape.Object, MetadataReader.Table, EveryPod),
        new Field("spec", FieldShape.Object, PodFields.Spec));

    public static readonly FieldTable Ordinals = new("StatefulSetOrdinals", "start");

    private static readonly Field TemplateField = new("template", FieldShape.Object, Template);
    private static readonly Field Selector = new("selector", FieldShape.Object, SelectorReader.Table);

    public static readonly FieldTable DeploymentSpec = new("DeploymentSpec", "replicas", Selector, TemplateField,
        "strategy", "minReadySeconds",
        "revisionHistoryLimit", "paused", "progressDeadlineSeconds");

    public static readonly FieldTable StatefulSetSpec = new("StatefulSetSpec", "replicas", Selector, TemplateField,
        "volumeClaimTemplates", "serviceName",
        "podManagementPolicy", "updateStrategy", "revisionHistoryLimit", "minReadySeconds",
        "persistentVolumeClaimRetentionPolicy",
        new Field("ordinals", FieldShape.Object, Ordinals));

    public static readonly FieldTable ReplicaSetSpec = new("ReplicaSetSpec", "replicas", "minReadySeconds", Selector,
        TemplateField);

    public static readonly FieldTable ControllerSpec = new("ReplicationControllerSpec", "replicas", "minReadySeconds",
        new Field("selector", FieldShape.Map), TemplateField);

    public static readonly FieldTable DaemonSetSpec = new("DaemonSetSpec", Selector, TemplateField, "updateStrategy",
        "minReadySeconds", "revisionHistoryLimit");

    public static readonly FieldTable JobSpec = new("JobSpec", "parallelism", "completions", "activeDeadlineSeconds",
        "podFailurePolicy", "successPolicy",
        "backoffLimit", "backoffLimitPerIndex", "maxFailedIndexes", Selector, "manualSelector", TemplateField,
        "ttlSecondsAfterFinished",
        "completionMode", "suspend", "podReplacementPolicy", "managedBy");

    public static readonly FieldTable JobTemplate = new("JobTemplateSpec",
        new Field("metadata", FieldShape.Object, MetadataReader.Table), new Field("spec", FieldShape.Object, JobSpec));

    public static readonly FieldTable CronJobSpec = new("CronJobSpec", "schedule", "timeZone",
        "startingDeadlineSeconds", "concurrencyPolicy", "suspend",
        new Field("jobTemplate", FieldShape.Object, JobTemplate), "successfulJobsHistoryLimit",
        "failedJobsHistoryLimit");

    public static FieldTable Object(string kind, FieldTable spec) => new(kind, "apiVersion", "kind",
        new Field("metadata", FieldShape.Object, MetadataReader.Table), new Field("spec", FieldShape.Object, spec),
        "status");
}
