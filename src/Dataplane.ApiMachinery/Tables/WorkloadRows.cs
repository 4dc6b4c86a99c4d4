using System.Globalization;
using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Tables;

/// <summary>The rows of what makes pods.</summary>
internal static class WorkloadRows
{
    private const string Wide = "|Containers*|Images*|Selector*";

    public const string DeploymentColumns = "Name|Ready|Up-to-date|Available|Age" + Wide;
    public const string ReplicaSetColumns = "Name|Desired#|Current#|Ready#|Age" + Wide;
    public const string StatefulSetColumns = "Name|Ready|Age|Containers*|Images*";
    public const string JobColumns = "Name|Status|Completions|Duration|Age" + Wide;
    public const string CronJobColumns = "Name|Schedule|Timezone|Suspend|Active#|Last Schedule|Age" + Wide;
    public const string PodTemplateColumns = "Name|Containers|Images|Pod Labels";

    public const string DaemonSetColumns =
        "Name|Desired#|Current#|Ready#|Up-to-date#|Available#|Node Selector|Age" + Wide;

    public static JsonNode?[] Deployment(JsonObject obj, DateTimeOffset now) =>
    [
        obj.Name(), ReadyOf(obj), obj.Number("status.updatedReplicas"), obj.Number("status.availableReplicas"),
        obj.Age(now), Containers(obj, "name"), Containers(obj, "image"), obj.Selector("spec.selector"),
    ];

    public static JsonNode?[] ReplicaSet(JsonObject obj, DateTimeOffset now) =>
        [.. Replicas(obj, now), obj.Selector("spec.selector")];

    public static JsonNode?[] ReplicationController(JsonObject obj, DateTimeOffset now) =>
        [.. Replicas(obj, now), obj.Labels("spec.selector")];

    public static JsonNode?[] StatefulSet(JsonObject obj, DateTimeOffset now) =>
        [obj.Name(), ReadyOf(obj), obj.Age(now), Containers(obj, "name"), Containers(obj, "image")];

    public static JsonNode?[] DaemonSet(JsonObject obj, DateTimeOffset now) =>
    [
        obj.Name(), obj.Number("status.desiredNumberScheduled"), obj.Number("status.currentNumberScheduled"),
        obj.Number("status.numberReady"), obj.Number("status.updatedNumberScheduled"),
        obj.Number("status.numberAvailable"), obj.Labels("spec.template.spec.nodeSelector"), obj.Age(now),
        Containers(obj, "name"), Containers(obj, "image"), obj.Selector("spec.selector"),
    ];

    public static JsonNode?[] Job(JsonObject obj, DateTimeOffset now)
    {
        var (done, wanted) = (obj.Number("status.succeeded"), obj.Number("spec.completions"));
        var parallel = obj.Number("spec.parallelism");
        var completions = obj.At("spec.completions") is not null ? $"{done}/{wanted}"
            : parallel > 1 ? $"{done}/1 of {parallel}" : $"{done}/1";
        var start = obj.Time("status.startTime");
        return
        [
            obj.Name(), StatusOfJob(obj), completions,
            start is null ? "" : HumanDuration.Text((obj.Time("status.completionTime") ?? now) - start.Value),
            obj.Age(now), Containers(obj, "name"), Containers(obj, "image"), obj.Selector("spec.selector"),
        ];
    }

    public static JsonNode?[] CronJob(JsonObject obj, DateTimeOffset now) =>
    [
        obj.Name(), obj.Text("spec.schedule"), obj.Text("spec.timeZone", Cells.None),
        obj.At("spec.suspend") is null ? Cells.Unset : obj.Flag("spec.suspend") ? "True" : "False",
        obj.Count("status.active"), obj.Since("status.lastScheduleTime", now, Cells.None), obj.Age(now),
        Containers(obj, "name", "spec.jobTemplate.spec.template"),
        Containers(obj, "image", "spec.jobTemplate.spec.template"), obj.Selector("spec.jobTemplate.spec.selector"),
    ];

    public static JsonNode?[] PodTemplate(JsonObject obj, DateTimeOffset now) =>
    [
        obj.Name(), Containers(obj, "name", "template"), Containers(obj, "image", "template"),
        obj.Labels("template.metadata.labels"),
    ];

    private static JsonNode?[] Replicas(JsonObject obj, DateTimeOffset now) =>
    [
        obj.Name(), obj.Number("spec.replicas"), obj.Number("status.replicas"), obj.Number("status.readyReplicas"),
        obj.Age(now), Containers(obj, "name"), Containers(obj, "image"),
    ];

    private static string ReadyOf(JsonObject obj) => string.Create(CultureInfo.InvariantCulture,
        $"{obj.Number("status.readyReplicas")}/{obj.Number("spec.replicas")}");

    private static string StatusOfJob(JsonObject obj)
    {
        string? Condition(string name) => obj.HasCondition(name) ? name : null;
        return Condition("Complete") ?? Condition("Failed")
            ?? (obj.At("metadata.deletionTimestamp") is null ? null : "Terminating")
            ?? Condition("Suspended") ?? Condition("FailureTarget") ?? Condition("SuccessCriteriaMet") ?? "Running";
    }

    private static string Containers(JsonObject obj, string field, string template = "spec.template") =>
        obj.Items(template + ".spec.containers").Select(c => c.Text(field)).Joined();
}
