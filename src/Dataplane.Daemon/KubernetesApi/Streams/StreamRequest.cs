using Dataplane.ApiMachinery.Statuses;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>What a client wants to say to a container, and to hear (PodExecOptions, PodAttachOptions).</summary>
/// <param name="Container">Null: the only one.</param>
/// <param name="Errors">Never with a terminal, where there is one output.</param>
internal sealed record StreamRequest(
    string? Container, IReadOnlyList<string> Command, bool Input, bool Output, bool Errors, bool HasTerminal)
{
    /// <exception cref="StatusException">Nothing is wanted.</exception>
    public static StreamRequest Of(HttpContext http)
    {
        var query = http.Request.Query;
        var hasTerminal = Flag(query, "tty");
        var request = new StreamRequest(query["container"].ToString() is { Length: > 0 } name ? name : null,
            [.. query["command"].OfType<string>()], Flag(query, "stdin"), Flag(query, "stdout"),
            Flag(query, "stderr") && !hasTerminal, hasTerminal);
        return request.Input || request.Output || request.Errors ? request
            : throw StatusException.BadRequest("you must specify at least 1 of stdin, stdout, stderr");
    }

    private static bool Flag(IQueryCollection query, string name) => query[name].ToString() is "true" or "1";
}
