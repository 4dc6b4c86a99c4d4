using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Schemas;
using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.ApiMachinery.Patching;

/// <summary>
/// Strategic merge patch: a merge patch that merges the lists whose type says so, by the key of their items, and
/// understands the directives <c>$patch</c>, <c>$retainKeys</c>, <c>$deleteFromPrimitiveList/FIELD</c> and
/// <c>$setElementOrder/FIELD</c>.
/// </summary>
public static class StrategicMergePatch
{
    internal const string Directive = "$patch", RetainKeys = "$retainKeys";
    internal const string DeleteFromList = "$deleteFromPrimitiveList/", ElementOrder = "$setElementOrder/";

    /// <summary>The patched object; neither argument is changed.</summary>
    /// <param name="type">Null: that of a custom resource, which has no such patches.</param>
    /// <exception cref="StatusException">
    /// A custom resource (415), a malformed patch (400), or one that does not fit the object (422).
    /// </exception>
    public static JsonObject Apply(JsonObject live, JsonNode? patch, ApiType? type)
    {
        if (type is null)
        {
            throw new StatusException(StatusReason.UnsupportedMediaType, "the body of the request was in an unknown "
                + "format - accepted media types include: application/json-patch+json, "
                + "application/merge-patch+json, application/apply-patch+yaml");
        }
        if (patch is not JsonObject changes)
        {
            throw StatusException.BadRequest("a strategic merge patch must be a JSON object");
        }
        return StrategicMapping.Merged(live.DeepClone().AsObject(), changes, ValueSchema.Of(type));
    }

    internal static StatusException Rejected(string why, string field) =>
        new(StatusReason.Invalid, why) { Causes = [new StatusCause("FieldValueInvalid", why, field)] };
}
