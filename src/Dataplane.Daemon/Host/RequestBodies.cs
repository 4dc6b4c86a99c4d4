using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.Host;

/// <summary>Reads JSON from requests. The memory of all bodies together is bounded, not only that of each.</summary>
internal sealed class RequestBodies
{
    /// <summary>Bytes of all bodies that are held at a time.</summary>
    private const long Budget = 192L << 20;

    private const int Chunk = 64 << 10;

    private long _held;

    /// <summary>Reads a body and counts it as held until <paramref name="use"/> has ended.</summary>
    /// <exception cref="ApiProblem">The body is not this object, or there is too much at once.</exception>
    /// <exception cref="BadHttpRequestException">The body is larger than the limit, or too slow.</exception>
    public async Task<TResult> Read<T, TResult>(HttpContext http, JsonTypeInfo<T> type, Func<T, Task<TResult>> use)
        where T : class
    {
        var length = http.Request.ContentLength ?? 0;
        using var bytes = new MemoryStream((int)Math.Clamp(length, 0, Chunk));
        long mine = 0;
        try
        {
            var buffer = new byte[(int)Math.Clamp(length, 1024, Chunk)];
            while (await Next(http, buffer) is var n and > 0)
            {
                mine += n;
                if (Interlocked.Add(ref _held, n) > Budget)
                    throw Problems.Busy("too many large requests at once; try again");
                bytes.Write(buffer, 0, n);
            }
            return await use(Parse(bytes, type));
        }
        finally
        {
            Interlocked.Add(ref _held, -mine);
        }
    }

    private static async Task<int> Next(HttpContext http, byte[] buffer)
    {
        try
        {
            return await http.Request.Body.ReadAsync(buffer, http.RequestAborted);
        }
        catch (IOException e) when (e is not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested)
        {
            // So the server reports the length of a chunk that is no number of its own.
            throw Problems.BadRequest($"the body: {e.Message}");
        }
    }

    private static T Parse<T>(MemoryStream bytes, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), type)
                ?? throw Problems.BadRequest("the body is null");
        }
        catch (JsonException e)
        {
            var path = e.Path is null or "" ? "$" : e.Path;
            throw Problems.BadRequest(
                $"line {e.LineNumber + 1} of the body, {path}: no valid JSON, or not what belongs here");
        }
    }
}
