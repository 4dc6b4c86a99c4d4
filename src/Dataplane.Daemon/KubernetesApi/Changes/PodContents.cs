using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>
/// What the API asks of containers of new pods and workloads. Objects that are there already may come from manifests
/// that <c>dataplane apply</c> took, which need no images.
/// </summary>
internal static class PodContents
{
    private static readonly string[] Template = ["spec", "template", "spec"];

    /// <summary>Where kinds have the specification of pods.</summary>
    private static readonly Dictionary<string, string[]> Places = new(StringComparer.Ordinal)
    {
        ["Pod"] = ["spec"], ["Deployment"] = Template, ["ReplicaSet"] = Template, ["StatefulSet"] = Template,
        ["DaemonSet"] = Template, ["Job"] = Template, ["ReplicationController"] = Template,
        ["CronJob"] = ["spec", "jobTemplate", .. Template],
    };

    public static void Check(ApiResource resource, JsonObject obj, List<StatusCause> found)
    {
        if (!Places.TryGetValue(resource.Kind.Name, out var place)) return;
        var at = string.Join('.', place);
        if (place.Aggregate((JsonNode?)obj, (node, step) => (node as JsonObject)?[step]) is not JsonObject spec) return;
        HashSet<string?> volumes = [.. Contents.Items(spec["volumes"])
            .Concat(Contents.Items((obj["spec"] as JsonObject)?["volumeClaimTemplates"])
                .Select(t => (t as JsonObject)?["metadata"]))
            .Select(v => (v as JsonObject).Text("name"))];
        foreach (var field in (string[])["initContainers", "containers"])
        {
            foreach (var (container, i) in Contents.Items(spec[field]).OfType<JsonObject>().Select((c, i) => (c, i)))
                Container(container, $"{at}.{field}[{i}]", volumes, found);
        }
    }

    private static void Container(
        JsonObject container, string at, HashSet<string?> volumes, List<StatusCause> found)
    {
        if (container.Text("image") is null or "") found.Add(Causes.Required($"{at}.image"));
        foreach (var (variable, n) in Contents.Items(container["env"]).OfType<JsonObject>().Select((v, n) => (v, n)))
            if (variable.Text("name") is null or "") found.Add(Causes.Required($"{at}.env[{n}].name"));
        foreach (var (mount, n) in Contents.Items(container["volumeMounts"]).OfType<JsonObject>()
            .Select((m, n) => (m, n)))
        {
            var name = mount.Text("name");
            if (name is null or "") found.Add(Causes.Required($"{at}.volumeMounts[{n}].name"));
            else if (!volumes.Contains(name))
                found.Add(Causes.NotFound($"{at}.volumeMounts[{n}].name", name));
        }
    }
}
