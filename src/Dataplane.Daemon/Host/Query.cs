using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.Host;

/// <summary>The parameters of a request. An unknown parameter is refused: it may be a misspelt one.</summary>
internal readonly struct Query
{
    private readonly IQueryCollection _query;

    /// <exception cref="ApiProblem">There is a parameter of another name.</exception>
    public Query(HttpContext http, params ReadOnlySpan<string> known)
    {
        _query = http.Request.Query;
        foreach (var key in _query.Keys)
        {
            if (known.Contains(key)) continue;
            var names = string.Join(", ", known.ToArray());
            throw Problems.BadRequest($"there is no parameter {key}; there are {names}");
        }
    }

    public string? Text(string name) =>
        _query.TryGetValue(name, out var value) && value.Count == 1 && value[0] is { Length: > 0 } text ? text : null;

    /// <summary><c>follow</c>, <c>follow=true</c>, <c>follow=1</c>.</summary>
    public bool Flag(string name) => _query.TryGetValue(name, out var value) && (string?)value switch
    {
        null or "" or "true" or "1" => true,
        "false" or "0" => false,
        _ => throw Problems.BadRequest($"{name}: true or false"),
    };

    public int Number(string name, int least, int most, int otherwise)
    {
        if (Text(name) is not { } text) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number : throw Problems.BadRequest($"{name}: a number from {least} to {most}");
    }
}
