using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dataplane.Testing;

/// <summary>
/// What a daemon says on its socket, bytes on a wire and all, to questions that were foreseen. Others get 404.
/// </summary>
public sealed class CannedDaemon : IDisposable
{
    private readonly record struct Answer(string Status, string ContentType, byte[] Body, bool Breaks);

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<string, Answer> _answers = [];
    private readonly ConcurrentQueue<(string Question, string Body)> _asked = [];

    public CannedDaemon(string socket)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(socket));
        _listener.Listen();
        _ = Accept();
    }

    /// <summary>Method and path with query, and the body, in the order they came.</summary>
    public IReadOnlyList<(string Question, string Body)> Asked => [.. _asked];

    /// <summary>The body of the only POST; what is read beside it does not count.</summary>
    public JsonElement OnlyBody => JsonDocument.Parse(
        Assert.Single(_asked, a => a.Question.StartsWith("POST ", StringComparison.Ordinal)).Body).RootElement;

    /// <param name="question">Such as <c>GET /v1/pods</c>; without a query it stands for every query.</param>
    public CannedDaemon Says<T>(string question, T answer, JsonTypeInfo<T> type, string status = "200 OK",
        string contentType = "application/json") =>
        Says(question, JsonSerializer.SerializeToUtf8Bytes(answer, type), status, contentType);

    /// <param name="breaks">The connection ends before the announced length.</param>
    public CannedDaemon Says(string question, byte[] body, string status = "200 OK", string contentType = "text/plain",
        bool breaks = false)
    {
        _answers[question] = new Answer(status, contentType, body, breaks);
        return this;
    }

    public void Dispose() => _listener.Dispose();

    private async Task Accept()
    {
        try
        {
            while (true) _ = Serve(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task Serve(Socket connection)
    {
        using var stream = new NetworkStream(connection, ownsSocket: true);
        while (await Line(stream) is { Length: > 0 } request)
        {
            var (length, chunked) = (0, false);
            while (await Line(stream) is { Length: > 0 } header)
            {
                if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                    length = int.Parse(header[15..]);
                chunked |= header.StartsWith("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
            }
            var body = chunked ? await Chunks(stream) : await Exactly(stream, length);
            var question = request[..request.LastIndexOf(' ')];
            _asked.Enqueue((question, Encoding.UTF8.GetString(body)));
            var answer = _answers.GetValueOrDefault(question, _answers.GetValueOrDefault(
                question.Split('?')[0], new Answer("404 Not Found", "text/plain", [], false)));
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"HTTP/1.1 {answer.Status}\r\nContent-Type: {answer.ContentType}\r\n"
                    + $"Content-Length: {answer.Body.Length + (answer.Breaks ? 1 : 0)}\r\n\r\n"));
            await stream.WriteAsync(answer.Body);
            if (answer.Breaks) return;
        }
    }

    private static async Task<string> Line(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1 && one[0] != '\n') line.Append((char)one[0]);
        return line.ToString().TrimEnd('\r');
    }

    private static async Task<byte[]> Exactly(Stream stream, int length)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    private static async Task<byte[]> Chunks(Stream stream)
    {
        var all = new List<byte>();
        while (Convert.ToInt32(await Line(stream), 16) is > 0 and var size)
        {
            all.AddRange(await Exactly(stream, size));
            await Line(stream);
        }
        await Line(stream);
        return [.. all];
    }
}
