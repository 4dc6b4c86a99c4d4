using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Page;

/// <summary>
/// The document as JSON in ASCII, without a character that HTML knows: it may stand inside a page. Whatever others
/// wrote is made visible, as everything that people read.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(VisibleText)])]
[JsonSerializable(typeof(PageDocument))]
[JsonSerializable(typeof(PageAnswer))]
internal sealed partial class PageJson : JsonSerializerContext
{
    /// <summary>The default encoder escapes what is not ASCII, and &lt;, &gt;, &amp; and quotes.</summary>
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.Default };

    public static byte[] Of(PageDocument document) => Bytes(json =>
        JsonSerializer.Serialize(json, document, Default.PageDocument));

    public static byte[] Of(PageAnswer answer) => Bytes(json =>
        JsonSerializer.Serialize(json, answer, Default.PageAnswer));

    private static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Writing)) write(json);
        return bytes.ToArray();
    }
}

/// <summary>Makes what is not seen visible.</summary>
internal sealed class VisibleText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Visible.Line(value));
}
