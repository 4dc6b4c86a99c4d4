using System.Globalization;
using Dataplane.Daemon.Host;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.Observation;

/// <summary>The parameters of a request, none of which may be misspelt in silence.</summary>
internal readonly struct Query
{
    private readonly IQueryCollection _query;

    /// <exception cref="ApiProblem">There is a parameter of another name.</exception>
    public Query(HttpContext http, params ReadOnlySpan<string> known)
    {
        _query = http.Request.Query;
        foreach (var key in _query.Keys)
            if (!known.Contains(key)) throw Problems.InvalidQuery($"there is no parameter {key}; there are {string.Join(", ", known.ToArray())}");
    }

    public string? Text(string name) => _query.TryGetValue(name, out var value) && value.Count == 1 && value[0] is { Length: > 0 } text ? text : null;

    /// <summary><c>follow</c>, <c>follow=true</c>, <c>follow=1</c>.</summary>
    public bool Flag(string name) => _query.TryGetValue(name, out var value) && (string?)value switch
    {
        null or "" or "true" or "1" => true,
        "false" or "0" => false,
        _ => throw Problems.InvalidQuery($"{name}: true or false"),
    };

    public int Number(string name, int least, int most, int otherwise) => Text(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw Problems.InvalidQuery($"{name}: a number from {least} to {most}");
}
