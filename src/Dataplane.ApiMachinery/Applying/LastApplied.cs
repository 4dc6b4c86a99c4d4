using System.Text.Json;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Applying;

/// <summary>
/// What kubectl applied itself, as it notes it in an annotation. When kubectl goes on to apply on the server, under its
/// own name, it may take the fields that it had set so, and the annotation follows.
/// </summary>
internal static class LastApplied
{
    private const string Manager = "kubectl", Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>The fields that a manager takes without force: those that are as kubectl had noted them.</summary>
    public static FieldSet Takes(JsonObject live, string manager, ApiType? type)
    {
        if (manager != Manager || Text(live) is not { } text || Parsed(text) is not { } noted
            || !JsonNode.DeepEquals(noted["apiVersion"], live["apiVersion"]))
        {
            return new FieldSet();
        }
        var changes = FieldChanges.Between(live, noted, type);
        return OwnedFields.Of(noted, type).Difference(changes.Set).Difference(changes.Removed);
    }

    /// <summary>Notes what is applied now, where something was noted before.</summary>
    public static void Follow(JsonObject after, JsonObject applied, string manager)
    {
        if (manager != Manager || Text(after) is null)
        {
            return;
        }
        var noted = applied.DeepClone().AsObject();
        (noted["metadata"]?["annotations"] as JsonObject)?.Remove(Annotation);
        after["metadata"]!["annotations"]![Annotation] = noted.ToJsonString() + "\n";
    }

    private static string? Text(JsonObject obj) =>
        ((obj["metadata"] as JsonObject)?["annotations"] as JsonObject)?[Annotation] is JsonValue value
            && value.TryGetValue(out string? text) ? text : null;

    /// <summary>Null: it is no object. Anybody may write the annotation.</summary>
    private static JsonObject? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
