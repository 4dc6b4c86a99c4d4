using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Schemas;

/// <summary>Whether one value is what a field holds.</summary>
internal static class ValueCheck
{
    /// <summary>What it has to be, such as <c>an integer</c>; null: it is that.</summary>
    public static string? Expected(JsonNode value, ApiField field)
    {
        var kind = value.GetValueKind();
        return field.Shape switch
        {
            ValueShape.Text when kind != JsonValueKind.String => "a string",
            ValueShape.Text when field.Format == "byte" && !IsBase64(value.GetValue<string>()) => "base64",
            ValueShape.Integer when !IsInteger(value, kind, field.Format) =>
                field.Format == "int32" ? "an integer of 32 bits" : "an integer",
            ValueShape.Number when kind != JsonValueKind.Number => "a number",
            ValueShape.Boolean when kind is not (JsonValueKind.True or JsonValueKind.False) => "true or false",
            ValueShape.IntegerOrText when kind != JsonValueKind.String && !IsInteger(value, kind, "int32") =>
                "an integer of 32 bits or a string",
            ValueShape.Quantity when kind is not (JsonValueKind.String or JsonValueKind.Number) =>
                "a quantity such as 100Mi",
            ValueShape.Time when kind != JsonValueKind.String || !IsTime(value.GetValue<string>()) =>
                "a time as of RFC 3339, such as 2006-01-02T15:04:05Z",
            ValueShape.Object or ValueShape.AnyObject when kind != JsonValueKind.Object => "a mapping",
            _ => null,
        };
    }

    private static bool IsInteger(JsonNode value, JsonValueKind kind, string format) =>
        kind == JsonValueKind.Number
        && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && (format != "int32" || number is >= int.MinValue and <= int.MaxValue);

    private static bool IsBase64(string text) => System.Buffers.Text.Base64.IsValid(text);

    private static bool IsTime(string text) =>
        text.Length >= "2006-01-02T15:04:05Z".Length && text[10] == 'T' && (text[^1] == 'Z' || text[^3] == ':')
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
}
