using System.Globalization;
using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Applying;

/// <summary>One entry of <c>metadata.managedFields</c>: what one manager owns by one kind of operation.</summary>
/// <param name="Operation"><c>Apply</c> or <c>Update</c>.</param>
/// <param name="Time">Null: not said.</param>
/// <param name="Subresource">Empty: the object itself.</param>
internal sealed record ManagedFieldsEntry(
    string Manager, string Operation, string ApiVersion, DateTimeOffset? Time, string Subresource, FieldSet Fields)
{
    public const string Apply = "Apply", Update = "Update";

    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ssZ";

    public bool IsApplied => Operation == Apply;

    /// <summary>Who else is the same manager: one that applies is the same in each version.</summary>
    public bool IsOf(ManagedFieldsEntry other) => Manager == other.Manager && Operation == other.Operation
        && Subresource == other.Subresource && (IsApplied || ApiVersion == other.ApiVersion);

    /// <summary>As a conflict names it: <c>"kubectl" using apps/v1</c>.</summary>
    public string Shown
    {
        get
        {
            var shown = $"\"{Manager}\"" + (Subresource.Length > 0 ? $" with subresource \"{Subresource}\"" : "");
            return IsApplied ? shown : $"{shown} using {ApiVersion}";
        }
    }

    /// <summary>Null: it is none.</summary>
    public static ManagedFieldsEntry? Parse(JsonNode? node)
    {
        if (node is not JsonObject entry || Text(entry, "operation") is not (Apply or Update) and not ""
            || entry["fieldsV1"] is not (JsonObject or null))
        {
            return null;
        }
        var isTime = DateTimeOffset.TryParse(Text(entry, "time"), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var time);
        return new ManagedFieldsEntry(Text(entry, "manager"), Text(entry, "operation"), Text(entry, "apiVersion"),
            isTime ? time : null, Text(entry, "subresource"), FieldSet.Parse(entry["fieldsV1"] as JsonObject ?? []));
    }

    public JsonObject ToJson()
    {
        var entry = new JsonObject
        {
            ["manager"] = Manager, ["operation"] = Operation, ["apiVersion"] = ApiVersion,
        };
        if (Time is { } time)
        {
            entry["time"] = time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        }
        entry["fieldsType"] = "FieldsV1";
        entry["fieldsV1"] = Fields.ToJson();
        if (Subresource.Length > 0)
        {
            entry["subresource"] = Subresource;
        }
        return entry;
    }

    private static string Text(JsonObject entry, string key) =>
        entry[key] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
