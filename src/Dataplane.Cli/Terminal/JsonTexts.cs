using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dataplane.Cli.Terminal;

/// <summary>Options for all JSON output.</summary>
internal static class JsonTexts
{
    /// <summary>
    /// Relaxed escaping keeps names and messages readable; the output is not embedded in HTML. What it lets through and
    /// is not seen, <see cref="VisibleJson"/> escapes.
    /// </summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };
}
