using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dataplane.Cli.Terminal;

/// <summary>How all JSON is written.</summary>
internal static class JsonTexts
{
    /// <summary>Relaxed: this is never embedded in HTML, and names and messages stay readable.</summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };
}
