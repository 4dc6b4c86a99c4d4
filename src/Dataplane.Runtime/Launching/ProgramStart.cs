using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dataplane.Runtime.Launching;

/// <summary>
/// All that the launcher needs to become the program of a container. It reads it from its standard input: what stands
/// in a manifest must not be in the environment, or on the command line, of a process that is still root.
/// </summary>
/// <param name="Netns">The name of the pod's namespace, below /run/netns.</param>
/// <param name="HostName">Of the pod.</param>
/// <param name="Command">The program, looked up in PATH of <paramref name="Variables"/>, and its arguments.</param>
/// <param name="Variables">The environment.</param>
/// <param name="Directory">Null: /.</param>
/// <param name="Capabilities">Bits of those that it may have at most.</param>
/// <param name="MayGain">False: no program gives it more than it has.</param>
/// <param name="MemberFiles">Of its control group; empty: it has none.</param>
/// <param name="FailureFile">Where the reason is written if the program cannot be started.</param>
public sealed record ProgramStart(string Netns, string HostName, IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Variables, string? Directory, uint User, uint Group, IReadOnlyList<uint> Groups,
    ulong Capabilities, bool MayGain, IReadOnlyList<string> MemberFiles, string FailureFile)
{
    public string ToJson() => JsonSerializer.Serialize(this, ProgramJson.Default.ProgramStart);

    /// <exception cref="JsonException">It is none.</exception>
    public static ProgramStart FromJson(string json) =>
        JsonSerializer.Deserialize(json, ProgramJson.Default.ProgramStart) ?? throw new JsonException("null");
}

[JsonSerializable(typeof(ProgramStart))]
internal sealed partial class ProgramJson : JsonSerializerContext;
