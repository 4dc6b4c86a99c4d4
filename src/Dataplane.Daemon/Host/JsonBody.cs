using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.Host;

/// <summary>Bodies as JSON. What all requests together hold in memory is bounded, not only what each does.</summary>
internal static class JsonBody
{
    private const long Budget = 192L << 20;
    private const int Chunk = 64 << 10;
    private static long held;

    /// <summary>Takes what the body is kept for from the request, and gives it back when <paramref name="use"/> has ended.</summary>
    /// <exception cref="ApiProblem">No JSON, not this object, or too much of it at once.</exception>
    /// <exception cref="BadHttpRequestException">Larger than the limit, or too slow.</exception>
    public static async Task<TResult> Read<T, TResult>(HttpContext http, JsonTypeInfo<T> type, Func<T, Task<TResult>> use)
        where T : class
    {
        var length = http.Request.ContentLength ?? 0;
        using var bytes = new MemoryStream((int)Math.Clamp(length, 0, Chunk));
        long mine = 0;
        try
        {
            var buffer = new byte[(int)Math.Clamp(length, 1024, Chunk)];
            while (await http.Request.Body.ReadAsync(buffer, http.RequestAborted) is var n and > 0)
            {
                mine += n;
                if (Interlocked.Add(ref held, n) > Budget) throw Problems.Busy("too many large requests at once; try again");
                bytes.Write(buffer, 0, n);
            }
            return await use(Parse(bytes, type));
        }
        finally
        {
            Interlocked.Add(ref held, -mine);
        }
    }

    public static Task Write<T>(HttpContext http, T value, JsonTypeInfo<T> type)
    {
        http.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(http.Response.Body, value, type, http.RequestAborted);
    }

    private static T Parse<T>(MemoryStream bytes, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), type) ?? throw Problems.BadRequest("the body is null");
        }
        catch (JsonException e)
        {
            throw Problems.BadRequest($"line {e.LineNumber + 1} of the body, {(e.Path is null or "" ? "$" : e.Path)}: no valid JSON, or not what belongs here");
        }
    }
}
