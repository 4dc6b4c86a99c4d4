using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>Fields that stay as an object was made with them: who wants others deletes it and makes it anew.</summary>
internal static class LastingFields
{
    private const string OfService = "clusterIP", All = "clusterIPs";

    private static readonly Dictionary<string, string[]> OfSpec = new(StringComparer.Ordinal)
    {
        ["Deployment"] = ["selector"], ["ReplicaSet"] = ["selector"], ["DaemonSet"] = ["selector"],
        ["StatefulSet"] = ["selector", "serviceName", "podManagementPolicy", "volumeClaimTemplates"],
        ["Job"] = ["selector", "template", "completionMode"],
    };

    /// <param name="given">As it would be.</param>
    /// <exception cref="StatusException">One of them differs.</exception>
    public static void Check(ApiResource resource, JsonObject before, JsonObject given)
    {
        if (before["spec"] is not JsonObject was || given["spec"] is not JsonObject wanted) return;
        var name = before.Child("metadata").Text("name")!;
        foreach (var field in OfSpec.GetValueOrDefault(resource.Kind.Name, []))
        {
            // What is left out is defaulted as it was.
            if (wanted[field] is not { } value || JsonNode.DeepEquals(value, was[field])) continue;
            throw Invalid($"spec.{field}", value, "field is immutable");
        }
        if (resource.Kind.Name != "Service" || was.Text(OfService) is not { Length: > 0 } old
            || wanted.Text(OfService) is not { Length: > 0 } now || old == now
            || wanted.Text("type") == "ExternalName")
        {
            return;
        }
        throw Invalid($"spec.{All}[0]", new JsonArray(now), "may not change once set");

        StatusException Invalid(string path, JsonNode value, string why) => StatusException.Invalid(resource, name,
            [new StatusCause("FieldValueInvalid", $"Invalid value: {value.ToJsonString()}: {why}", path)]);
    }
}
