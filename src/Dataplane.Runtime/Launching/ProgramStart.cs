using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dataplane.Runtime.Launching;

/// <summary>
/// All that the launcher needs to become the program of a container. It reads it from its standard input: what stands
/// in a manifest must not be in the environment, or on the command line, of a process that is still root.
/// </summary>
/// <param name="Netns">The pod's namespace: a name below /run/netns, or a path; null: where the launcher is, with the
/// machine's files and name.</param>
/// <param name="HostName">Of the pod.</param>
/// <param name="Command">The program, looked up in PATH of <paramref name="Variables"/>, and its arguments.</param>
/// <param name="Variables">The environment.</param>
/// <param name="Directory">Null: /.</param>
/// <param name="Capabilities">Bits of those that it may have at most.</param>
/// <param name="MayGain">False: no program gives it more than it has.</param>
/// <param name="MemberFiles">Of its control group; empty: it has none.</param>
/// <param name="Claim">See <see cref="RunClaim"/>; null: it begins in any case.</param>
/// <param name="Announces">The program itself closes <see cref="Launcher.StatusDescriptor"/> when it works.</param>
public sealed record ProgramStart(string? Netns, string HostName, IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Variables, string? Directory, uint User, uint Group, IReadOnlyList<uint> Groups,
    ulong Capabilities, bool MayGain, IReadOnlyList<string> MemberFiles, string? Claim, bool Announces)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ProgramJson.Default.ProgramStart);

    /// <exception cref="JsonException">It is none.</exception>
    public static ProgramStart FromJson(Stream json) =>
        JsonSerializer.Deserialize(json, ProgramJson.Default.ProgramStart) ?? throw new JsonException("null");
}

[JsonSerializable(typeof(ProgramStart))]
[JsonSerializable(typeof(BesideStart))]
internal sealed partial class ProgramJson : JsonSerializerContext;
