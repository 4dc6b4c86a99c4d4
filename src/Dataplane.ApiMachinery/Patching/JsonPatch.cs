using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.ApiMachinery.Patching;

/// <summary>
/// JSON patch (RFC 6902). Bounded, as the API server bounds it: <see cref="Operations"/> operations that copy or move
/// at most <see cref="CopiedBytes"/> bytes; results are at most <see cref="Depth"/> levels deep.
/// </summary>
public static class JsonPatch
{
    public const int Operations = 10_000;

    public const int CopiedBytes = 3 * 1024 * 1024;

    public const int Depth = 256;

    /// <summary>The patched object; neither argument is changed.</summary>
    /// <exception cref="StatusException">
    /// The patch is malformed (400), too large (413), has a path that is not there or a test that fails (422).
    /// </exception>
    public static JsonObject Apply(JsonObject live, JsonNode? patch)
    {
        if (patch is not JsonArray operations)
        {
            throw StatusException.BadRequest("a JSON patch must be a list of operations");
        }
        if (operations.Count > Operations)
        {
            throw new StatusException(StatusReason.RequestEntityTooLarge,
                $"The allowed maximum operations in a JSON patch is {Operations}, got {operations.Count}");
        }
        JsonPatchOperation[] steps = [.. operations.Select(JsonPatchOperation.Parse)];
        var document = live.DeepClone();
        var budget = CopiedBytes;
        foreach (var step in steps)
        {
            document = step.Apply(document, ref budget);
        }
        return document as JsonObject ?? throw Rejected("", "the patch leaves no object");
    }

    /// <summary>
    /// Upstream's answer, which does not say what is wrong; the cause does.
    /// </summary>
    internal static StatusException Rejected(string path, string why) =>
        new(StatusReason.Invalid, "the server rejected our request due to an error in our request")
        {
            Causes = [new StatusCause("FieldValueInvalid", why, path)],
        };
}
