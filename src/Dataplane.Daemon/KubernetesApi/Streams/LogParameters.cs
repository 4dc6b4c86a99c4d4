using System.Globalization;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.Programs;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>The parameters of a pod's log, PodLogOptions; others are left out.</summary>
internal static class LogParameters
{
    /// <exception cref="StatusException">A value is none, in the words of the API server.</exception>
    public static LogRequest Of(HttpContext http)
    {
        var query = http.Request.Query;
        var (seconds, time) = (Number(query, "sinceSeconds", 1), Text(query, "sinceTime"));
        if (seconds is not null && time is not null)
            throw Invalid("sinceSeconds, sinceTime", "at most one of `sinceTime` or `sinceSeconds` may be specified");
        var since = seconds is { } ago ? LogRequest.Ago(ago) : Time(time);
        return new LogRequest(Text(query, "container"), Flag(query, "follow"), Flag(query, "previous"),
            Flag(query, "timestamps"), (int)Math.Min(Number(query, "tailLines", 0) ?? int.MaxValue, int.MaxValue),
            since, Number(query, "limitBytes", 1) ?? long.MaxValue);
    }

    private static DateTimeOffset? Time(string? text) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : throw Invalid("sinceTime", $"\"{text}\" is no time of RFC 3339");

    private static long? Number(IQueryCollection query, string name, long least) => Text(query, name) is not { } text
        ? null : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least ? number
            : throw Invalid(name, $"Invalid value: \"{text}\": must be a number greater than or equal to "
                + least.ToString(CultureInfo.InvariantCulture));

    private static bool Flag(IQueryCollection query, string name) => query.TryGetValue(name, out var value)
        && ((string?)value) switch
        {
            null or "" or "false" or "0" => false,
            "true" or "1" => true,
            var other => throw Invalid(name, $"Invalid value: \"{other}\": must be true or false"),
        };

    private static string? Text(IQueryCollection query, string name) =>
        query[name].ToString() is { Length: > 0 } text ? text : null;

    private static StatusException Invalid(string name, string why) => StatusException.BadRequest($"{name}: {why}");
}
