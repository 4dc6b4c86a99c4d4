using System.Globalization;
using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Tables;

/// <summary>The rows of storage, of limits, and of what scales and keeps pods.</summary>
internal static class ResourceRows
{
    public const string ClaimColumns =
        "Name|Status|Volume|Capacity|Access Modes|StorageClass|VolumeAttributesClass|Age|VolumeMode*";

    public const string VolumeColumns = "Name|Capacity|Access Modes|Reclaim Policy|Status|Claim|StorageClass"
        + "|VolumeAttributesClass|Reason|Age|VolumeMode*";

    public const string StorageClassColumns =
        "Name|Provisioner|ReclaimPolicy|VolumeBindingMode|AllowVolumeExpansion|Age";

    public const string AutoscalerColumns = "Name|Reference|Targets|MinPods|MaxPods|Replicas|Age";
    public const string DisruptionBudgetColumns = "Name|Min Available|Max Unavailable|Allowed Disruptions#|Age";
    public const string QuotaColumns = "Name|Request|Limit|Age";

    public static JsonNode?[] Claim(JsonObject obj, DateTimeOffset now)
    {
        var isBound = obj.Text("spec.volumeName").Length > 0;
        return
        [
            obj.Name(), Phase(obj), obj.Text("spec.volumeName"), isBound ? obj.Text("status.capacity.storage") : "",
            isBound ? Modes(obj, "status.accessModes") : "", obj.Text("spec.storageClassName"),
            obj.Text("spec.volumeAttributesClassName", Cells.Unset), obj.Age(now),
            obj.Text("spec.volumeMode", Cells.Unset),
        ];
    }

    public static JsonNode?[] Volume(JsonObject obj, DateTimeOffset now) =>
    [
        obj.Name(), obj.Text("spec.capacity.storage"), Modes(obj, "spec.accessModes"),
        obj.Text("spec.persistentVolumeReclaimPolicy"), Phase(obj),
        obj.At("spec.claimRef") is { } claim ? $"{claim.Text("namespace")}/{claim.Text("name")}" : "",
        obj.Text("spec.storageClassName"), obj.Text("spec.volumeAttributesClassName", Cells.Unset),
        obj.Text("status.reason"), obj.Age(now), obj.Text("spec.volumeMode", Cells.Unset),
    ];

    public static JsonNode?[] StorageClass(JsonObject obj, DateTimeOffset now)
    {
        var isDefault = (obj.At("metadata.annotations") as JsonObject)?["storageclass.kubernetes.io/is-default-class"];
        return
        [
            obj.Name() + (isDefault?.ToString() == "true" ? " (default)" : ""), obj.Text("provisioner"),
            obj.Text("reclaimPolicy", "Delete"), obj.Text("volumeBindingMode", "Immediate"),
            obj.Flag("allowVolumeExpansion"), obj.Age(now),
        ];
    }

    public static JsonNode?[] Autoscaler(JsonObject obj, DateTimeOffset now) =>
    [
        obj.Name(), $"{obj.Text("spec.scaleTargetRef.kind")}/{obj.Text("spec.scaleTargetRef.name")}", Targets(obj),
        obj.Text("spec.minReplicas", Cells.Unset), obj.Text("spec.maxReplicas"),
        obj.Number("status.currentReplicas").ToString(CultureInfo.InvariantCulture), obj.Age(now),
    ];

    public static JsonNode?[] DisruptionBudget(JsonObject obj, DateTimeOffset now) =>
    [
        obj.Name(), obj.Text("spec.minAvailable", "N/A"), obj.Text("spec.maxUnavailable", "N/A"),
        obj.Number("status.disruptionsAllowed"), obj.Age(now),
    ];

    public static JsonNode?[] Quota(JsonObject obj, DateTimeOffset now)
    {
        var all = (obj.At("status.hard") as JsonObject ?? []).OrderBy(h => h.Key, StringComparer.Ordinal)
            .ToLookup(h => h.Key.StartsWith("limits.", StringComparison.Ordinal),
                h => $"{h.Key}: {(obj.At("status.used") as JsonObject)?[h.Key]}/{h.Value}");
        return [obj.Name(), string.Join(", ", all[false]), string.Join(", ", all[true]), obj.Age(now)];
    }

    private static string Phase(JsonObject obj) =>
        obj.At("metadata.deletionTimestamp") is null ? obj.Text("status.phase") : "Terminating";

    private static string Modes(JsonObject obj, string path) => obj.Words(path).Select(m => m switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        _ => m,
    }).Joined();

    /// <summary>Of each metric what is measured and what is wanted: <c>cpu: 10%/50%</c>.</summary>
    private static string Targets(JsonObject obj)
    {
        var current = obj.Items("status.currentMetrics").ToList();
        string[] all = [.. obj.Items("spec.metrics").Select((m, i) => Target(m, current.ElementAtOrDefault(i)))];
        return all.Length == 0 ? Cells.None : Cells.Few(all, Cells.None);
    }

    private static string Target(JsonObject metric, JsonObject? current)
    {
        var type = metric.Text("type");
        var key = type == "ContainerResource" ? "containerResource" : type.ToLowerInvariant();
        var (wanted, measured) = (metric.At(key + ".target"), current.At(key + ".current"));
        var name = metric.Text(key + ".name") is { Length: > 0 } resource ? resource + ": " : "";
        return wanted.At("averageUtilization") is not null
            ? $"{name}{Percent(measured, Cells.Unknown)}/{Percent(wanted, "<auto>")}"
            : $"{name}{Value(measured, Cells.Unknown)}/{Value(wanted, "<auto>")}";
    }

    private static string Percent(JsonNode? at, string otherwise) =>
        at.Text("averageUtilization") is { Length: > 0 } number ? number + "%" : otherwise;

    private static string Value(JsonNode? at, string otherwise) =>
        at.Text("averageValue", at.Text("value", otherwise));
}
