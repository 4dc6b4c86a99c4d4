using System.Globalization;
using System.Text.Json.Nodes;
using Dataplane.Linux.Programs;

namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>How programs ended, as a metav1.Status.</summary>
internal static class ExitStatuses
{
    /// <summary>As shells count a signal.</summary>
    private const int SignalBase = 128;

    public static JsonObject Success => new()
    {
        ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success",
    };

    public static int CodeOf(ProgramEnd end) => end.Signal == 0 ? end.Code : SignalBase + end.Signal;

    public static JsonObject Of(ProgramEnd end) => CodeOf(end) is not 0 and var code
        ? NotZero(code, $"command terminated with non-zero exit code: exit code {Text(code)}") : Success;

    /// <summary>The exit code of a program other than 0, or of one that does not run.</summary>
    public static JsonObject NotZero(int code, string message) => new()
    {
        ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Failure",
        ["message"] = message, ["reason"] = "NonZeroExitCode",
        ["details"] = new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = Text(code) }),
        },
    };

    private static string Text(int code) => code.ToString(CultureInfo.InvariantCulture);
}
