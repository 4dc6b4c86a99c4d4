using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Patching;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Serving;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>The number of pods of a workload by itself (autoscaling/v1 Scale).</summary>
internal static class Scaling
{
    public static JsonObject Of(ServedObject obj)
    {
        var (view, metadata) = (obj.Parse(), new JsonObject());
        foreach (var field in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
            metadata[field] = view.Child("metadata")[field]?.DeepClone();
        var selector = view.Child("spec")["selector"] as JsonObject;
        var labels = selector?["matchLabels"] as JsonObject ?? (obj.Resource.Kind.Name == "ReplicationController"
            ? selector : null) ?? [];
        return new JsonObject
        {
            ["kind"] = "Scale", ["apiVersion"] = "autoscaling/v1", ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = view.Child("spec").Number("replicas") ?? 1 },
            ["status"] = new JsonObject
            {
                ["replicas"] = view.Child("status").Number("replicas") ?? 0,
                ["selector"] = string.Join(',', labels.Select(l => $"{l.Key}={l.Value}")),
            },
        };
    }

    /// <summary>What of the workload changes with a Scale that is given, or a patch of one.</summary>
    /// <exception cref="StatusException">It is none.</exception>
    public static JsonObject Change(ServedObject obj, JsonNode given, string type, ApiResource resource)
    {
        var scale = type switch
        {
            "application/json-patch+json" => JsonPatch.Apply(Of(obj), given),
            "application/merge-patch+json" or "application/strategic-merge-patch+json" =>
                MergePatch.Apply(Of(obj), given),
            _ => given as JsonObject,
        };
        if (scale?["spec"] is not JsonObject spec || (spec.Number("replicas") ?? 0) is not (>= 0 and var replicas))
        {
            throw StatusException.Invalid(resource, obj.Name, [new StatusCause("FieldValueInvalid",
                "Invalid value: must be greater than or equal to 0", "spec.replicas")]);
        }
        if (scale.Child("metadata").Text("resourceVersion") is { Length: > 0 } version && version != $"{obj.Version}")
            throw StatusException.Changed(resource, obj.Name);
        return new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } };
    }
}
