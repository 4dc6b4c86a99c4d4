using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dataplane.Integration.KubernetesJudging;

/// <summary>
/// Answers without what must differ between two servers: times, uids, versions, addresses, generated names, and the
/// sentences of refusals of which clients read the reason alone.
/// </summary>
internal static partial class Normal
{
    /// <summary>Of each object, wherever it stands.</summary>
    private static readonly string[] Own = ["uid", "resourceVersion", "selfLink", "storageVersionHash"];

    /// <summary>Kinds whose status controllers and kubelets write: there are none beside kube-apiserver.</summary>
    private static readonly string[] Run =
        ["Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "CustomResourceDefinition"];

    /// <summary>Refusals whose message kubectl prints, and scripts look for.</summary>
    private static readonly string[] Worded = ["NotFound", "AlreadyExists", "MethodNotAllowed"];

    public static void Apply(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray array:
                foreach (var i in Enumerable.Range(0, array.Count)) Element(array[i], v => array[i] = v);
                break;
            case JsonObject obj:
                Object(obj);
                foreach (var key in obj.Select(p => p.Key).ToList()) Element(obj[key], v => obj[key] = v);
                break;
        }
    }

    private static void Element(JsonNode? node, Action<JsonNode> set)
    {
        if (node is JsonValue value && value.TryGetValue<string>(out var text)) set(JsonValue.Create(Text(text)));
        else Apply(node);
    }

    private static void Object(JsonObject obj)
    {
        foreach (var field in Own) obj.Remove(field);
        // What is null, and what is not there, is the same to a client.
        foreach (var key in obj.Where(p => p.Value is null).Select(p => p.Key).ToList()) obj.Remove(key);
        if (obj["metadata"] is JsonObject metadata)
        {
            if ((string?)metadata["generateName"] is { } prefix && (string?)metadata["name"] is { } name)
                metadata["name"] = prefix + new string('?', name.Length - prefix.Length);
            if (metadata.ContainsKey("continue")) metadata["continue"] = "TOKEN";
        }
        if (obj["fieldsV1"] is not null)
        {
            obj.Remove("time");
            obj.Remove("subresource");
        }
        if ((string?)Scalar(obj["kind"]) is { } kind && Run.Contains(kind))
        {
            obj.Remove("status");
            (obj["spec"] as JsonObject)?.Remove("nodeName");
        }
        if ((string?)Scalar(obj["status"]) == "Failure" && !Worded.Contains((string?)obj["reason"]))
            obj.Remove("message");
        if (obj["causes"] is JsonArray causes)
        {
            obj["causes"] = new JsonArray([.. causes.Select(c => $"{c!["field"]} {c["reason"]}")
                .Order(StringComparer.Ordinal).Select(c => JsonValue.Create(c))]);
        }
    }

    private static JsonValue? Scalar(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out _) ? value : null;

    private static string Text(string text)
    {
        text = Time().Replace(Uid().Replace(text, "UID"), "TIME");
        text = Address().Replace(text, "ADDRESS");
        text = Age().Replace(text, "AGE");
        // Columns are as wide as what stands in them.
        return Blanks().Replace(text, "  ");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Time();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uid();

    [GeneratedRegex(@"\b(10|127)\.\d+\.\d+\.\d+(:\d+)?\b")]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<=^|\s)\d+m?\d*s(?=$|\s)")]
    private static partial Regex Age();

    [GeneratedRegex("   +|\t")]
    private static partial Regex Blanks();
}
