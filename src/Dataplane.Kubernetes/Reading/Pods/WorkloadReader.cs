using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Pods;

/// <summary>One kind that makes pods from a template.</summary>
/// <param name="CountField">The field with the number of pods, 1 where it is absent; null for kinds without
/// one.</param>
internal sealed record WorkloadReader(ObjectKind Kind, FieldTable Spec, string? CountField)
{
    /// <summary>
    /// Pods of one object: more is a slip of the finger, or a cluster that does not fit on one machine.
    /// </summary>
    public const int MaxPods = 1000;

    public static readonly WorkloadReader Deployment = new(ObjectKinds.Deployment, WorkloadFields.DeploymentSpec,
        "replicas");
    public static readonly WorkloadReader StatefulSet = new(ObjectKinds.StatefulSet, WorkloadFields.StatefulSetSpec,
        "replicas");
    public static readonly WorkloadReader ReplicaSet = new(ObjectKinds.ReplicaSet, WorkloadFields.ReplicaSetSpec,
        "replicas");
    public static readonly WorkloadReader ReplicationController = new(ObjectKinds.ReplicationController,
        WorkloadFields.ControllerSpec, "replicas");
    public static readonly WorkloadReader DaemonSet = new(ObjectKinds.DaemonSet, WorkloadFields.DaemonSetSpec, null);
    public static readonly WorkloadReader Job = new(ObjectKinds.Job, WorkloadFields.JobSpec, "parallelism");
    public static readonly WorkloadReader CronJob = new(ObjectKinds.CronJob, WorkloadFields.CronJobSpec, "parallelism");

    public FieldTable Table { get; } = WorkloadFields.Object(Kind.Name, Spec);

    public WorkloadObject? Read(MappingReader obj)
    {
        var metadata = MetadataReader.Read(obj, Kind, Names.Subdomain);
        if (obj.Required("spec")?.Mapping(Spec) is not { } spec
            || (this == CronJob ? JobOf(spec) : spec) is not { } pods)
        {
            return null;
        }
        var hasEnded = this == Job && WorkloadStatus.HasEnded(obj);
        var count = ReadCount(pods);
        var first = this == StatefulSet ? ReadFirst(pods) : 0;
        if (pods.Required("template") is not { } at || at.Mapping(WorkloadFields.Template) is not { } template)
        {
            return null;
        }
        var labels = template.Field("metadata")?.Mapping(MetadataReader.Table) is { } m
            ? MetadataReader.ReadLabels(m) : LabelMap.Empty;
        NetnsAnnotation.Refuse(template);
        CheckSelector(pods, template, labels);
        var specFields = template.Required("spec")?.Mapping(PodFields.Spec);
        var podSpec = PodReader.ReadSpec(specFields);
        if (specFields is not null)
        {
            TemplateRules.Check(Kind, specFields);
        }
        if (this == StatefulSet)
        {
            podSpec = podSpec with { Subdomain = ServiceName(pods) };
        }
        if (TemplateRules.AreToEnd(Kind))
        {
            // The API server wants it to be said; here it is enough that nobody says otherwise.
            podSpec = podSpec with { Programs = podSpec.Programs.ThatEnd() };
        }
        if (metadata is null || count is null)
        {
            return null;
        }
        var pod = TemplatePod.Of(Kind.Name, metadata, labels, podSpec, at);
        var added = ControllerLabelReader.Read(Kind, metadata, labels, pods, obj);
        return new WorkloadObject(Kind.Name, metadata.Namespace, metadata.Name, hasEnded ? 0 : count.Value, first,
            added, pod, obj.Position)
        {
            Uid = metadata.Uid,
            Owner = metadata.Owner,
            HasEnded = hasEnded,
        };
    }

    /// <summary>The headless Service below whose name the pods of a StatefulSet have theirs.</summary>
    private static string? ServiceName(MappingReader set) =>
        set.Filled("serviceName") is { } field && field.String() is { } name
            && MetadataReader.CheckName(field, name, "service", Names.Label) ? name : null;

    private static MappingReader? JobOf(MappingReader cron)
        => cron.Required("jobTemplate")?.Mapping(WorkloadFields.JobTemplate)
            ?.Required("spec")?.Mapping(WorkloadFields.JobSpec);

    private int? ReadCount(MappingReader spec)
    {
        var count = CountField is null || spec.Field(CountField) is not { } field ? 1 : CountOf(field);
        // A Job never runs more pods than are left to complete.
        return Completions(spec) is { } completions && (this == Job || this == CronJob)
            && count is { } pods ? (int)Math.Min(pods, completions) : count;
    }

    /// <summary>A number of pods; null, reported, where it is none, or not in 0 to <see cref="MaxPods"/>.</summary>
    public static int? CountOf(NodeReader field)
    {
        if (field.Integer() is not { } count)
        {
            return null;
        }
        if (count is < 0 or > MaxPods)
        {
            field.Error(Codes.InvalidValue, $"{field.Path}: {count} is not in 0 to {MaxPods}",
                count < 0 ? "negative" : "more pods than one machine is asked to make",
                help: count < 0 ? null : "for policies the number hardly matters: load the manifest with fewer");
            return null;
        }
        return (int)count;
    }

    /// <summary>A number that is no use here is the API server's to refuse.</summary>
    private static long? Completions(MappingReader spec) =>
        spec.Field("completions")?.Node is YamlScalar { Quoted: false } number
            && PlainScalar.Whole(number.Value) is { } value and >= 0 ? value : null;

    private static int ReadFirst(MappingReader spec)
    {
        if (spec.Field("ordinals")?.Mapping(WorkloadFields.Ordinals)?.Field("start") is not { } field
            || field.Integer() is not { } start)
        {
            return 0;
        }
        if (start is < 0 or > int.MaxValue - MaxPods)
        {
            field.Error(Codes.InvalidValue, $"{field.Path}: {start} is not a number a pod can start with",
                "out of range");
            return 0;
        }
        return (int)start;
    }

    /// <summary>
    /// In apps/v1 the selector is required and must find the pods of the template; elsewhere it may be left out.
    /// </summary>
    private void CheckSelector(MappingReader spec, MappingReader template, IReadOnlyDictionary<string, string> labels)
    {
        if (this == Job || this == CronJob)
        {
            return;
        }
        var field = this == ReplicationController
            ? spec.Field("selector") : spec.Required("selector", "it must select the labels of the template");
        if (field is not { } at)
        {
            return;
        }
        var missing = this == ReplicationController
            ? Labels.ReadMap(at).Where(l => !labels.Contains(l))
                .Select(l => new MissingLabel(l.Key, [l.Value])).FirstOrDefault()
            : SelectorReader.Read(at).Requirements.Where(r => r.Operator == SelectorOperator.In
                && !(labels.TryGetValue(r.Key, out var value) && r.Values.Contains(value)))
                .Select(r => new MissingLabel(r.Key, r.Values)).FirstOrDefault();
        if (missing is not null)
        {
            at.Error(Codes.SelectorMissesTemplate, $"the selector of the {Kind.Name} does not select its own pods",
                $"the template has no label {Quote.Of($"{missing.Key}={string.Join(" or ", missing.Values)}")}",
                "the API server refuses the object",
                $"{(labels.ContainsKey(missing.Key) ? "write" : "add")} {Quote.Of(missing.Entry)} "
                + $"{(labels.ContainsKey(missing.Key) ? "in" : "to")} `template.metadata.labels`, "
                + "or correct the selector",
                missing.Added(template));
        }
    }
}
