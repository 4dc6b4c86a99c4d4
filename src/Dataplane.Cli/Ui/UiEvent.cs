using System.Text;
using System.Text.Json.Serialization;
using Dataplane.Api;
using Dataplane.Cli.Page;

namespace Dataplane.Cli.Ui;

/// <summary>One event as pages receive it, ready to be sent (server-sent events of the HTML standard).</summary>
/// <param name="Bytes">All of it, with the empty line behind.</param>
/// <param name="IsHere">Of states: the daemon answers.</param>
internal sealed record UiEvent(ReadOnlyMemory<byte> Bytes, bool IsHere)
{
    public static UiEvent Flow(FlowEntry flow) =>
        new(Text("flow", UiJson.Bytes(flow, UiJson.Default.FlowEntry)), IsHere: false);

    /// <param name="version">The number of the document to ask for.</param>
    public static UiEvent Here(long version, ChangeEntry change) => new(Text("state", UiJson.Bytes(
        new UiState("here", version) { Problem = change.Problem, Cut = change.Cut }, UiJson.Default.UiState)), true);

    public static UiEvent Away(string? why) => new(Text("state", UiJson.Bytes(
        new UiState("away", 0) { Problem = why }, UiJson.Default.UiState)), false);

    // JSON of this writer has no line ends.
    private static byte[] Text(string name, byte[] data) =>
        [.. Encoding.ASCII.GetBytes($"event: {name}\ndata: "), .. data, (byte)'\n', (byte)'\n'];
}

/// <param name="Status">here or away.</param>
internal sealed record UiState(string Status, long Version)
{
    public string? Problem { get; init; }

    public IReadOnlyList<CutFlow>? Cut { get; init; }
}

/// <summary>Messages to the page: what others wrote is made visible, and nothing is HTML.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(VisibleText)])]
[JsonSerializable(typeof(UiState))]
[JsonSerializable(typeof(FlowEntry))]
internal sealed partial class UiJson : JsonSerializerContext
{
    public static byte[] Bytes<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(value, type);
}
