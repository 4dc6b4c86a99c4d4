using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Tables;

/// <summary>The rows of nodes, namespaces, settings, events and rights.</summary>
internal static class ClusterRows
{
    public const string NamespaceColumns = "Name|Status|Age";
    public const string ConfigMapColumns = "Name|Data#|Age";
    public const string SecretColumns = "Name|Type|Data#|Age";
    public const string ServiceAccountColumns = "Name|Secrets#|Age";
    public const string RoleColumns = "Name|Created At";
    public const string BindingColumns = "Name|Role|Age|Users*|Groups*|ServiceAccounts*";
    public const string LeaseColumns = "Name|Holder|Age";
    public const string PriorityClassColumns = "Name|Value#|Global-Default|Age|PreemptionPolicy";
    public const string WebhookColumns = "Name|Webhooks#|Age";
    public const string RevisionColumns = "Name|Controller|Revision#|Age";

    public const string NodeColumns = "Name|Status|Roles|Age|Version|Internal-IP*|External-IP*|OS-Image*"
        + "|Kernel-Version*|Container-Runtime*";

    public const string EventColumns =
        "Last Seen|Type|Reason|Object|Subobject*|Source*|Message|First Seen*|Count#*|Name*";

    private const string RoleLabel = "node-role.kubernetes.io/";

    private static readonly string[] Counts = ["series.count", "count", "deprecatedCount"];

    public static JsonNode?[] Namespace(JsonObject obj, DateTimeOffset now) =>
        [obj.Name(), obj.Text("status.phase"), obj.Age(now)];

    public static JsonNode?[] Node(JsonObject obj, DateTimeOffset now)
    {
        var ready = obj.Items("status.conditions").FirstOrDefault(c => c.Text("type") == "Ready");
        var status = ready is null ? "Unknown" : ready.Text("status") == "True" ? "Ready" : "NotReady";
        var roles = (obj.At("metadata.labels") as JsonObject ?? [])
            .Select(l => l.Key.StartsWith(RoleLabel, StringComparison.Ordinal) ? l.Key[RoleLabel.Length..]
                : l.Key == "kubernetes.io/role" ? $"{l.Value}" : "")
            .Where(r => r.Length > 0).Distinct().Order(StringComparer.Ordinal);
        string Address(string type) => obj.Items("status.addresses").FirstOrDefault(a => a.Text("type") == type)
            .Text("address", Cells.None);
        return
        [
            obj.Name(), obj.Flag("spec.unschedulable") ? status + ",SchedulingDisabled" : status,
            roles.Joined(Cells.None), obj.Age(now), obj.Text("status.nodeInfo.kubeletVersion"),
            Address("InternalIP"), Address("ExternalIP"), obj.Text("status.nodeInfo.osImage", Cells.Unknown),
            obj.Text("status.nodeInfo.kernelVersion", Cells.Unknown),
            obj.Text("status.nodeInfo.containerRuntimeVersion", Cells.Unknown),
        ];
    }

    public static JsonNode?[] ConfigMap(JsonObject obj, DateTimeOffset now) =>
        [obj.Name(), obj.Count("data") + obj.Count("binaryData"), obj.Age(now)];

    public static JsonNode?[] Secret(JsonObject obj, DateTimeOffset now) =>
        [obj.Name(), obj.Text("type", "Opaque"), obj.Count("data"), obj.Age(now)];

    public static JsonNode?[] ServiceAccount(JsonObject obj, DateTimeOffset now) =>
        [obj.Name(), obj.Count("secrets"), obj.Age(now)];

    /// <summary>Of a kind that has nothing to show but when an object came.</summary>
    public static JsonNode?[] Created(JsonObject obj, DateTimeOffset now) =>
        [obj.Name(), obj.Text("metadata.creationTimestamp", Cells.Unknown)];

    /// <summary>Of the core group and of events.k8s.io, which name some fields differently.</summary>
    public static JsonNode?[] Event(JsonObject obj, DateTimeOffset now)
    {
        var first = obj.Since("firstTimestamp", now, obj.Since("deprecatedFirstTimestamp", now,
            obj.Since("eventTime", now)));
        var last = obj.Since("series.lastObservedTime", now, obj.Since("lastTimestamp", now,
            obj.Since("deprecatedLastTimestamp", now, first)));
        var about = obj.At("involvedObject") ?? obj.At("regarding");
        var kind = about.Text("kind").ToLowerInvariant();
        var count = Counts.Select(f => obj.Number(f)).FirstOrDefault(n => n > 0, 1);
        return
        [
            last, obj.Text("type"), obj.Text("reason"),
            about.Text("name") is { Length: > 0 } name ? $"{kind}/{name}" : kind, about.Text("fieldPath"),
            Source(obj), obj.Text("message", obj.Text("note")).Trim(), first, count, obj.Name(),
        ];
    }

    public static JsonNode?[] Binding(JsonObject obj, DateTimeOffset now)
    {
        string Subjects(string kind, Func<JsonObject, string> text) => string.Join(", ",
            obj.Items("subjects").Where(s => s.Text("kind") == kind).Select(text));
        return
        [
            obj.Name(), $"{obj.Text("roleRef.kind")}/{obj.Text("roleRef.name")}", obj.Age(now),
            Subjects("User", s => s.Text("name")), Subjects("Group", s => s.Text("name")),
            Subjects("ServiceAccount", s => $"{s.Text("namespace")}/{s.Text("name")}"),
        ];
    }

    public static JsonNode?[] Lease(JsonObject obj, DateTimeOffset now) =>
        [obj.Name(), obj.Text("spec.holderIdentity"), obj.Age(now)];

    public static JsonNode?[] PriorityClass(JsonObject obj, DateTimeOffset now) =>
    [
        obj.Name(), obj.Number("value"), obj.Flag("globalDefault"), obj.Age(now),
        obj.Text("preemptionPolicy", "PreemptLowerPriority"),
    ];

    public static JsonNode?[] Webhooks(JsonObject obj, DateTimeOffset now) =>
        [obj.Name(), obj.Count("webhooks"), obj.Age(now)];

    public static JsonNode?[] Revision(JsonObject obj, DateTimeOffset now)
    {
        var owner = obj.Items("metadata.ownerReferences").FirstOrDefault(o => o.Flag("controller"));
        var group = owner.Text("apiVersion").Split('/') is [var name, _] ? "." + name : "";
        return
        [
            obj.Name(), owner is null ? Cells.None
                : $"{owner.Text("kind").ToLowerInvariant()}{group}/{owner.Text("name")}",
            obj.Number("revision"), obj.Age(now),
        ];
    }

    private static string Source(JsonObject obj)
    {
        var component = obj.Text("source.component", obj.Text("deprecatedSource.component",
            obj.Text("reportingComponent", obj.Text("reportingController"))));
        var host = obj.Text("source.host", obj.Text("deprecatedSource.host", obj.Text("reportingInstance")));
        return host.Length == 0 ? component : $"{component}, {host}";
    }
}
