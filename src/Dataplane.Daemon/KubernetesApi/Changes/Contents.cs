using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Views;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>
/// What the API asks of metadata, and of what planning does not look at (pkg/apis/core/validation of Kubernetes, and
/// the like for other groups).
/// </summary>
internal static partial class Contents
{
    private const int MaxKey = 253;

    /// <summary>What a Secret of a type must have.</summary>
    private static readonly Dictionary<string, string[]> OfSecrets = new(StringComparer.Ordinal)
    {
        ["kubernetes.io/tls"] = ["tls.crt", "tls.key"], ["kubernetes.io/dockerconfigjson"] = [".dockerconfigjson"],
        ["kubernetes.io/dockercfg"] = [".dockercfg"], ["kubernetes.io/ssh-auth"] = ["ssh-privatekey"],
    };

    private static readonly string[] Finalizers = ["orphan", "foregroundDeletion", "kubernetes"];

    /// <param name="isNew">What a pod runs is looked at too.</param>
    /// <exception cref="StatusException">Something is missing, or wrong.</exception>
    public static void Check(ApiResource resource, string name, JsonObject obj, bool isNew)
    {
        var found = new List<StatusCause>();
        Metadata(obj.Child("metadata"), found);
        if (isNew) PodContents.Check(resource, obj, found);
        switch (resource.Kind.Name)
        {
            case "ConfigMap":
                Keys(obj, ["data", "binaryData"], found);
                break;
            case "Secret":
                Keys(obj, ["data"], found);
                Secret(obj, found);
                break;
            case "Role" or "ClusterRole":
                Rules(obj, found);
                break;
            case "RoleBinding" or "ClusterRoleBinding":
                if ((obj["roleRef"] as JsonObject).Text("name") is null or "")
                    found.Add(Causes.Required("roleRef.name"));
                break;
            case "Lease":
                if ((obj["spec"] as JsonObject)?.Number("leaseDurationSeconds") is { } seconds and <= 0)
                    found.Add(Causes.Invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0"));
                break;
            case "CustomResourceDefinition":
                var spec = obj["spec"] as JsonObject;
                var wanted = $"{(spec?["names"] as JsonObject).Text("plural")}.{spec.Text("group")}";
                if (name != wanted) found.Add(Causes.Invalid("metadata.name", name, $"must be \"{wanted}\""));
                break;
            case "Deployment":
                var strategy = (obj["spec"] as JsonObject)?["strategy"] as JsonObject;
                if (strategy.Text("type") == "Recreate" && strategy!["rollingUpdate"] is not null)
                {
                    found.Add(Causes.Forbidden("spec.strategy.rollingUpdate",
                        "may not be specified when strategy `type` is 'Recreate'"));
                }
                break;
            case "Ingress":
                Paths(obj, found);
                break;
        }
        if (found.Count > 0) throw StatusException.Invalid(resource, name, found);
    }

    private static void Metadata(JsonObject metadata, List<StatusCause> found)
    {
        foreach (var (key, value) in metadata["labels"] as JsonObject ?? [])
        {
            if (Names.QualifiedName(key) is { } wrong) found.Add(Causes.Invalid("metadata.labels", key, wrong));
            if (value is JsonValue word && word.TryGetValue<string>(out var text) && Names.LabelValue(text) is { } why)
                found.Add(Causes.Invalid("metadata.labels", text, why));
        }
        foreach (var (key, _) in metadata["annotations"] as JsonObject ?? [])
        {
            // Upper and lower case are alike in them.
            if (Names.QualifiedName(key.ToLowerInvariant()) is { } wrong)
                found.Add(Causes.Invalid("metadata.annotations", key, wrong));
        }
        foreach (var (finalizer, i) in Items(metadata["finalizers"]).Select((f, i) => (f, i)))
        {
            if (finalizer is not JsonValue value || !value.TryGetValue<string>(out var text)) continue;
            var isWrong = text.Contains('/') ? Names.QualifiedName(text) is not null : !Finalizers.Contains(text);
            if (isWrong)
            {
                found.Add(Causes.Invalid($"metadata.finalizers[{i}]", text,
                    "name is neither a standard finalizer name nor is it fully qualified"));
            }
        }
        foreach (var owner in Items(metadata["ownerReferences"]).OfType<JsonObject>())
        {
            foreach (var field in (string[])["apiVersion", "kind", "name", "uid"])
            {
                if (owner.Text(field) is null or "")
                    found.Add(Causes.Invalid($"metadata.ownerReferences.{field}", "", $"{field} must not be empty"));
            }
        }
    }

    private static void Keys(JsonObject obj, string[] fields, List<StatusCause> found)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            foreach (var (key, _) in obj[field] as JsonObject ?? [])
            {
                if (key.Length > MaxKey || !Key().IsMatch(key) || key == "."
                    || key.StartsWith("..", StringComparison.Ordinal))
                {
                    found.Add(Causes.Invalid($"{field}[{key}]", key,
                        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"));
                }
                if (!seen.Add(key))
                    found.Add(Causes.Invalid($"data[{key}]", key, $"duplicate of key present in {field}"));
            }
        }
    }

    private static void Secret(JsonObject obj, List<StatusCause> found)
    {
        bool Has(string key) => obj["data"] is JsonObject data && data.ContainsKey(key)
            || obj["stringData"] is JsonObject text && text.ContainsKey(key);
        var type = obj.Text("type") ?? "";
        foreach (var key in OfSecrets.GetValueOrDefault(type, []).Where(k => !Has(k)))
            found.Add(Causes.Required($"data[{key}]"));
        if (type == "kubernetes.io/basic-auth" && !Has("username") && !Has("password"))
            found.AddRange([Causes.Required("data[username]"), Causes.Required("data[password]")]);
    }

    private static void Rules(JsonObject obj, List<StatusCause> found)
    {
        foreach (var (rule, i) in Items(obj["rules"]).OfType<JsonObject>().Select((r, i) => (r, i)))
        {
            if (!Items(rule["verbs"]).Any()) found.Add(Causes.Required($"rules[{i}].verbs"));
            if (Items(rule["nonResourceURLs"]).Any()) continue;
            if (!Items(rule["apiGroups"]).Any()) found.Add(Causes.Required($"rules[{i}].apiGroups"));
            if (!Items(rule["resources"]).Any()) found.Add(Causes.Required($"rules[{i}].resources"));
        }
    }

    private static void Paths(JsonObject obj, List<StatusCause> found)
    {
        foreach (var (rule, i) in Items(obj["spec"]?["rules"]).OfType<JsonObject>().Select((r, i) => (r, i)))
        {
            foreach (var (path, n) in Items(rule["http"]?["paths"]).OfType<JsonObject>().Select((p, n) => (p, n)))
            {
                if (path.Text("pathType") is null or "")
                    found.Add(Causes.Required($"spec.rules[{i}].http.paths[{n}].pathType"));
            }
        }
    }

    public static IEnumerable<JsonNode?> Items(JsonNode? list) => list as JsonArray ?? [];

    [GeneratedRegex("^[-._a-zA-Z0-9]+$")]
    private static partial Regex Key();
}
