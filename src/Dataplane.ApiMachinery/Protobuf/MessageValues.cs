using System.Globalization;
using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Protobuf;

/// <summary>Values of messages as JSON has them.</summary>
internal static class MessageValues
{
    /// <summary>The JSON of a message whose fields were read into an object.</summary>
    /// <exception cref="FormatException">A time is outside of the years 1 to 9999.</exception>
    public static JsonNode? Of(JsonObject read, MessageType type) => type.Form switch
    {
        MessageForm.Time => Time(read, 0, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        MessageForm.MicroTime => Time(read, Number(read, "nanos"), "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
        MessageForm.IntOrString => Number(read, "type") == 0 ? Number(read, "intVal")
            : read["strVal"]?.GetValue<string>() ?? "",
        MessageForm.Value => First(read, type),
        _ => read,
    };

    /// <summary>Whether a value is what its field is without one.</summary>
    public static bool IsZero(JsonNode? value) => value switch
    {
        null => true,
        JsonObject map => map.Count == 0,
        JsonArray list => list.Count == 0,
        JsonValue scalar when scalar.TryGetValue(out string? text) => text.Length == 0,
        JsonValue scalar when scalar.TryGetValue(out bool flag) => !flag,
        JsonValue scalar when scalar.TryGetValue(out long number) => number == 0,
        JsonValue scalar when scalar.TryGetValue(out double number) => number == 0,
        _ => false,
    };

    /// <summary>The value of an entry of a map that has none.</summary>
    public static JsonNode? Zero(MessageField field) => field.Type is "string" or "bytes" ? "" : null;

    /// <exception cref="FormatException">It has more than 32 bits.</exception>
    public static long Int32(ulong varint) => (long)varint is var value and >= int.MinValue and <= int.MaxValue ? value
        : throw new FormatException($"{(long)varint} has more than 32 bits");

    /// <exception cref="FormatException">JSON has no such number.</exception>
    public static double Double(double value) => double.IsFinite(value) ? value
        : throw new FormatException("a number is not finite");

    /// <summary>Null at the zero time, which Go's JSON shows so.</summary>
    private static JsonNode? Time(JsonObject read, long nanos, string format)
    {
        var seconds = Number(read, "seconds");
        if (seconds == 0 && Number(read, "nanos") == 0)
        {
            return null;
        }
        if (nanos is < 0 or > 999_999_999 || seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds()
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            throw new FormatException("a time is outside of the years 1 to 9999");
        }
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / TimeSpan.NanosecondsPerTick)
            .ToString(format, CultureInfo.InvariantCulture);
    }

    private static long Number(JsonObject read, string name) => read[name]?.GetValue<long>() ?? 0;

    private static JsonNode? First(JsonObject read, MessageType type)
    {
        foreach (var field in type.Fields)
        {
            if (read.TryGetPropertyValue(field.Name, out var value))
            {
                read.Remove(field.Name);
                return value;
            }
        }
        return type.Fields is [{ Count: FieldCount.List }] ? new JsonArray() : null;
    }
}
