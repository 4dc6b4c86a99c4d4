using System.Text.Json;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;

namespace Dataplane.ApiMachinery.Selection;

/// <summary>
/// The fields by which objects of a kind may be selected, as the API server has them. What an object does not have is
/// empty, false or 0.
/// </summary>
internal static class SelectableFields
{
    private static readonly Dictionary<(string Group, string Kind), string[]> Others = new()
    {
        [("", "Pod")] =
        [
            "spec.hostNetwork", "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
            "status.nominatedNodeName", "status.phase", "status.podIP", "status.podIPs",
        ],
        [("", "Node")] = ["spec.unschedulable"],
        [("", "ReplicationController")] = ["status.replicas"],
        [("apps", "ReplicaSet")] = ["status.replicas"],
        [("", "Event")] =
        [
            "involvedObject.apiVersion", "involvedObject.fieldPath", "involvedObject.kind", "involvedObject.name",
            "involvedObject.namespace", "involvedObject.resourceVersion", "involvedObject.uid", "reason",
            "reportingComponent", "source", "type",
        ],
        [("events.k8s.io", "Event")] =
        [
            "reason", "regarding.apiVersion", "regarding.fieldPath", "regarding.kind", "regarding.name",
            "regarding.namespace", "regarding.resourceVersion", "regarding.uid", "reportingController", "type",
        ],
        [("", "Namespace")] = ["status.phase"],
        [("", "Secret")] = ["type"],
        [("", "Service")] = ["spec.clusterIP", "spec.type"],
        [("batch", "Job")] = ["status.successful"],
    };

    /// <summary>Null: it may be asked for; otherwise the API server's message.</summary>
    public static string? Refusal(ApiResource resource, string field)
    {
        if (field is "metadata.name" || (field is "metadata.namespace" && resource.Kind.Namespaced))
        {
            return null;
        }
        if (!Others.TryGetValue((resource.Kind.Group, resource.Kind.Name), out var others))
        {
            return $"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";
        }
        return others.Contains(field) ? null : $"field label not supported: {field}";
    }

    public static string Value(JsonObject obj, string field) => field switch
    {
        "spec.hostNetwork" or "spec.unschedulable" => Find(obj, field) ?? "false",
        "status.replicas" => Find(obj, field) ?? "0",
        "status.successful" => Find(obj, "status.succeeded") ?? "0",
        "status.podIPs" => Find(obj, "status.podIP") ?? "",
        "source" => Find(obj, "source.component") ?? Find(obj, "reportingComponent") ?? "",
        _ => Find(obj, field) ?? "",
    };

    private static string? Find(JsonObject obj, string field)
    {
        JsonNode? node = obj;
        foreach (var step in field.Split('.'))
        {
            node = (node as JsonObject)?[step];
        }
        return node?.GetValueKind() switch
        {
            JsonValueKind.String => node.GetValue<string>(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => node.ToJsonString(),
            _ => null,
        };
    }
}
