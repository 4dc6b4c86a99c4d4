using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Defaults;

/// <summary>When <c>metadata.generation</c> grows.</summary>
public static class Generations
{
    /// <summary>
    /// Something but metadata and status differs; of a Deployment the annotations count too, as they do upstream.
    /// </summary>
    public static bool SpecChanged(JsonObject before, JsonObject after) =>
        before.Select(p => p.Key).Union(after.Select(p => p.Key)).Where(k => k is not ("metadata" or "status"))
            .Any(k => !JsonNode.DeepEquals(before[k], after[k]))
        || (after.Text("kind") == "Deployment" && !JsonNode.DeepEquals(Annotations(before), Annotations(after)));

    private static JsonObject Annotations(JsonObject obj) => obj.Find("metadata")?.Find("annotations") ?? [];
}
