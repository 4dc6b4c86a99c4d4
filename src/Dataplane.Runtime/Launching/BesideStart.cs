using System.Text.Json;

namespace Dataplane.Runtime.Launching;

/// <summary>
/// All that a launcher needs to become a program beside the first one of a container. It reads it from
/// <see cref="Descriptor"/>: its input is the program's.
/// </summary>
/// <param name="Id">Of the first process, with <paramref name="StartTicks"/> as a report has them.</param>
/// <param name="Directory">Null: /.</param>
/// <param name="HasTerminal">Its input is a terminal, which becomes that of its session.</param>
public sealed record BesideStart(int Id, ulong StartTicks, string? Directory, IReadOnlyList<string> Command,
    bool HasTerminal)
{
    /// <summary>Behind <see cref="Launcher.StatusDescriptor"/>.</summary>
    public const int Descriptor = 4;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ProgramJson.Default.BesideStart);

    /// <exception cref="JsonException">It is none.</exception>
    public static BesideStart FromJson(Stream json) =>
        JsonSerializer.Deserialize(json, ProgramJson.Default.BesideStart) ?? throw new JsonException("null");
}
