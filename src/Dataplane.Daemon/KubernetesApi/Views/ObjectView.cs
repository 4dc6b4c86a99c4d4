using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Defaults;
using Dataplane.ApiMachinery.Resources;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Daemon.KubernetesApi.Views;

/// <summary>An object as the API shows it, without what other objects and the node make of it.</summary>
internal static class ObjectView
{
    private static readonly ConditionalWeakTable<HeldDocument, List<JsonObject>> Parsed = [];

    /// <summary>The manifest of an object with defaults and metadata. The caller may change it.</summary>
    public static JsonObject Of(ApiResource resource, HeldObject held)
    {
        var (ns, name) = (held.Object.Namespace, held.Object.Name);
        var all = Parsed.GetValue(held.From, document => [.. DocumentJson.Objects(document.Text)]);
        var manifest = all.Find(o => o.Text("kind") == resource.Kind.Name
            && (o["metadata"] as JsonObject).Text("name") == name
            && IsIn(o["metadata"] as JsonObject, ns, held.From.Namespace));
        var obj = manifest?.Copy() ?? Bare(resource, name);
        // Only of a document with several objects will the others be asked for.
        if (all.Count == 1) Parsed.Remove(held.From);
        obj.Remove("status");
        Fill(resource, obj, ns, held.Record);
        return obj;
    }

    /// <summary>An object that nobody wrote.</summary>
    public static JsonObject Bare(ApiResource resource, string name) => new()
    {
        ["apiVersion"] = resource.Kind.ApiVersion, ["kind"] = resource.Kind.Name,
        ["metadata"] = new JsonObject { ["name"] = name },
    };

    /// <summary>Defaults, and the metadata that the server gives.</summary>
    public static void Fill(ApiResource resource, JsonObject obj, string ns, ObjectRecord record)
    {
        var metadata = obj.Child("metadata");
        if (ns.Length > 0) metadata["namespace"] = ns;
        metadata["uid"] = record.Uid.ToString();
        metadata["creationTimestamp"] = JsonParts.Time(record.Created);
        if (HasGeneration(resource)) metadata["generation"] = record.Generation;
        else metadata.Remove("generation");
        metadata.Remove("resourceVersion");
        metadata.Remove("selfLink");
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        if (record.Deleted is { } deleted)
        {
            metadata["deletionTimestamp"] = JsonParts.Time(deleted);
            metadata["deletionGracePeriodSeconds"] = 0;
        }
        if (record.ManagedFields.Length > 0) metadata["managedFields"] = JsonNode.Parse(record.ManagedFields);
        else metadata.Remove("managedFields");
        Defaulting.Apply(resource, obj);
    }

    /// <summary>Whether the kind counts how often a specification was given.</summary>
    public static bool HasGeneration(ApiResource resource) => resource.Kind.Group.Length > 0
        ? !resource.Kind.Group.StartsWith("rbac.", StringComparison.Ordinal)
        : resource.Kind.Name is "Pod" or "ReplicationController";

    private static bool IsIn(JsonObject? metadata, string ns, string? unnamed) =>
        ns.Length == 0 || (metadata.Text("namespace") is { Length: > 0 } own ? own : unnamed ?? "default") == ns;
}
