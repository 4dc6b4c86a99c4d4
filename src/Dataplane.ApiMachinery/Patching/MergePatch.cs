using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.ApiMachinery.Patching;

/// <summary>JSON merge patch (RFC 7386): mappings merge, null removes, everything else replaces.</summary>
public static class MergePatch
{
    /// <summary>The patched object; neither argument is changed.</summary>
    /// <exception cref="StatusException">The patch is no mapping (400).</exception>
    public static JsonObject Apply(JsonObject live, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            throw StatusException.BadRequest("a merge patch must be a JSON object");
        }
        var result = live.DeepClone().AsObject();
        Merge(result, changes);
        return result;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(key);
                    break;
                case JsonObject inner:
                    if (target[key] is not JsonObject old)
                    {
                        target[key] = old = [];
                    }
                    Merge(old, inner);
                    break;
                default:
                    target[key] = value.DeepClone();
                    break;
            }
        }
    }
}
