using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>Fields that stay as an object was made with them: who wants others deletes it and makes it anew.</summary>
internal static class LastingFields
{
    private const string OfService = "clusterIP", All = "clusterIPs", Immutable = "field is immutable",
        WhenSet = "field is immutable when `immutable` is set";

    private static readonly Dictionary<string, string[]> OfSpec = new(StringComparer.Ordinal)
    {
        ["Deployment"] = ["selector"], ["ReplicaSet"] = ["selector"], ["DaemonSet"] = ["selector"],
        ["StatefulSet"] = ["selector", "serviceName", "podManagementPolicy", "volumeClaimTemplates"],
        ["Job"] = ["selector", "template", "completionMode"],
    };

    /// <summary>What may change of a running pod, beside the images of its containers.</summary>
    private static readonly string[] OfPods =
        ["activeDeadlineSeconds", "terminationGracePeriodSeconds", "tolerations", "schedulingGates"];

    /// <param name="given">As it would be, with defaults.</param>
    /// <exception cref="StatusException">One of them differs.</exception>
    public static void Check(ApiResource resource, JsonObject before, JsonObject given)
    {
        var causes = resource.Kind.Name switch
        {
            "Service" => OfServices(before, given),
            "Pod" => Pods(before, given),
            "ConfigMap" => Content(before, given),
            "Secret" => Same(before, given, "type").Concat(Content(before, given)),
            "RoleBinding" or "ClusterRoleBinding" => Same(before, given, "roleRef"),
            _ => Specification(resource, before, given),
        };
        List<StatusCause> found = [.. causes, .. NewFinalizers(before.Child("metadata"), given.Child("metadata"))];
        if (found.Count > 0) throw StatusException.Invalid(resource, before.Child("metadata").Text("name")!, found);
    }

    private static IEnumerable<StatusCause> NewFinalizers(JsonObject before, JsonObject given)
    {
        if (before["deletionTimestamp"] is null) return [];
        var known = Contents.Items(before["finalizers"]).ToList();
        return Contents.Items(given["finalizers"]).Where(f => !known.Exists(k => JsonNode.DeepEquals(k, f)))
            .Select(f => Causes.Forbidden("metadata.finalizers", "no new finalizers can be added if the object is "
                + $"being deleted, found new finalizers {f?.ToJsonString()}"));
    }

    private static IEnumerable<StatusCause> Specification(ApiResource resource, JsonObject before, JsonObject given)
    {
        if (before["spec"] is not JsonObject was || given["spec"] is not JsonObject wanted) yield break;
        foreach (var field in OfSpec.GetValueOrDefault(resource.Kind.Name, []))
        {
            // What is left out is defaulted as it was.
            if (wanted[field] is { } value && !JsonNode.DeepEquals(value, was[field]))
                yield return Causes.Invalid($"spec.{field}", value, Immutable);
        }
    }

    private static IEnumerable<StatusCause> OfServices(JsonObject before, JsonObject given)
    {
        var (was, wanted) = (before["spec"] as JsonObject, given["spec"] as JsonObject);
        if (was.Text(OfService) is { Length: > 0 } old && wanted.Text(OfService) is { Length: > 0 } now && old != now
            && wanted.Text("type") != "ExternalName")
        {
            yield return Causes.Invalid($"spec.{All}[0]", new JsonArray(now), "may not change once set");
        }
    }

    private static IEnumerable<StatusCause> Pods(JsonObject before, JsonObject given)
    {
        if (before["spec"] is not JsonObject was || given["spec"] is not JsonObject wanted) yield break;
        foreach (var field in (string[])["initContainers", "containers"])
        {
            if ((was[field] as JsonArray)?.Count == (wanted[field] as JsonArray)?.Count) continue;
            yield return Causes.Forbidden($"spec.{field}", "pod updates may not add or remove containers");
            yield break;
        }
        if (JsonNode.DeepEquals(Fixed(was), Fixed(wanted))) yield break;
        yield return Causes.Forbidden("spec", "pod updates may not change fields other than "
            + "`spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds`, "
            + "`spec.tolerations` (only additions to existing tolerations)");
    }

    private static JsonObject Fixed(JsonObject spec)
    {
        var left = spec.Copy();
        foreach (var field in OfPods) left.Remove(field);
        foreach (var container in (string[])["initContainers", "containers"])
        {
            foreach (var one in (left[container] as JsonArray ?? []).OfType<JsonObject>())
            {
                one.Remove("image");
                // Its default follows from the image.
                one.Remove("imagePullPolicy");
            }
        }
        return left;
    }

    private static IEnumerable<StatusCause> Content(JsonObject before, JsonObject given)
    {
        if (before["immutable"] is not JsonValue value || !value.TryGetValue<bool>(out var isFixed) || !isFixed)
            yield break;
        foreach (var field in (string[])["immutable", "data", "binaryData"])
        {
            if (!JsonNode.DeepEquals(before[field], given[field])) yield return Causes.Forbidden(field, WhenSet);
        }
    }

    private static IEnumerable<StatusCause> Same(JsonObject before, JsonObject given, string field)
    {
        if (given[field] is { } value && before[field] is { } was && !JsonNode.DeepEquals(value, was))
            yield return Causes.Invalid(field, value, Immutable);
    }
}
