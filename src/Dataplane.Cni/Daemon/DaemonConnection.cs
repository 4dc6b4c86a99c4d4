using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dataplane.Cni.Protocol;

namespace Dataplane.Cni.Daemon;

/// <summary>
/// Asks the daemon, one request for each connection. HTTP/1.0 by hand: the answer ends with the connection. (With
/// HttpClient the program is 2 MiB larger, and each request takes 2 ms more of the processor's time.)
/// </summary>
/// <param name="socket">The path of its socket.</param>
internal sealed class DaemonConnection(string socket)
{
    /// <summary>For an answer, milliseconds. Runtimes wait for minutes; the daemon may be busy with others.</summary>
    private const int Patience = 60_000;

    /// <exception cref="CniException">There is no answer, or it is a refusal.</exception>
    public T Get<T>(string path, JsonTypeInfo<T> type) => Ask("GET", path, [], type);

    /// <inheritdoc cref="Get"/>
    public T Post<TRequest, T>(
        string path, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<T> type) =>
        Ask("POST", path, JsonSerializer.SerializeToUtf8Bytes(request, requestType), type);

    private T Ask<T>(string method, string path, byte[] body, JsonTypeInfo<T> type)
    {
        var answer = Exchange(method, path, body);
        var end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        var status = end > 0 && answer.AsSpan(0, end).IndexOf((byte)' ') is > 0 and var blank
            && end > blank + 4 && int.TryParse(
                answer.AsSpan(blank + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number : throw BrokenOff();
        var content = answer.AsSpan(end + 4);
        return status == 200 ? Parse(content, type)
            : throw Refusals.Of(Parse(content, CniJson.Default.Problem));
    }

    private byte[] Exchange(string method, string path, byte[] body)
    {
        using var connection = Connect();
        try
        {
            connection.Send(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"{method} {path} HTTP/1.0\r\nHost: dataplane\r\nContent-Type: application/json\r\n"
                + $"Content-Length: {body.Length}\r\n\r\n")));
            for (var sent = 0; sent < body.Length;) sent += connection.Send(body.AsSpan(sent));
            var answer = new MemoryStream();
            var buffer = new byte[16 << 10];
            while (connection.Receive(buffer) is > 0 and var read) answer.Write(buffer, 0, read);
            return answer.ToArray();
        }
        catch (SocketException e)
        {
            throw e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock
                ? new CniException(
                    ErrorCode.TryAgainLater, $"the daemon at {socket} has not answered in {Patience / 1000} s")
                : BrokenOff();
        }
    }

    private Socket Connect()
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = Patience, SendTimeout = Patience,
        };
        try
        {
            connection.Connect(new UnixDomainSocketEndPoint(socket));
            return connection;
        }
        catch (SocketException e)
        {
            connection.Dispose();
            throw e.SocketErrorCode == SocketError.AccessDenied
                ? new CniException(ErrorCode.InputOutput,
                    $"no permission to talk to the daemon at {socket}", "the runtime must be root's")
                : new CniException(ErrorCode.TryAgainLater, $"no daemon answers at {socket}",
                    "what is attached stays enforced, and what is not stays closed; systemctl start dataplane");
        }
    }

    private T Parse<T>(ReadOnlySpan<byte> content, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(content, type) ?? throw BrokenOff();
        }
        catch (JsonException)
        {
            // Cut off, or another program's.
            throw BrokenOff();
        }
    }

    private CniException BrokenOff() => new(ErrorCode.TryAgainLater,
        $"the daemon at {socket} ended the connection before its answer was complete",
        "its log says more: journalctl -u dataplane");
}
