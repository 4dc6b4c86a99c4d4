using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>
/// A connection with channels to a client, by WebSocket. Everything is sent when the client takes it, so what waits is
/// one buffer of each sender. Safe for concurrent senders, and one reader.
/// </summary>
internal sealed class ChannelConnection : IDisposable
{
    private const string V5 = "v5.channel.k8s.io", V4 = "v4.channel.k8s.io";

    /// <summary>Between two pings; a client whose machine is gone is found out by TCP.</summary>
    private static readonly TimeSpan Pings = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may take to close its side.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly WebSocket _socket;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ChannelReader _reader;

    private ChannelConnection(WebSocket socket) =>
        (_socket, _reader) = (socket, new ChannelReader(socket, socket.SubProtocol == V5));

    /// <exception cref="StatusException">The client speaks no such protocol.</exception>
    public static async Task<ChannelConnection> AcceptAsync(HttpContext http) =>
        new(await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = ProtocolOf(http), KeepAliveInterval = Pings,
        }));

    /// <inheritdoc cref="ChannelReader.ReadAsync"/>
    public Task<ChannelPart?> ReadAsync(CancellationToken stop) => _reader.ReadAsync(stop);

    /// <param name="message">Its first byte is left for the channel.</param>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public async Task SendAsync(ContainerChannel channel, Memory<byte> message, CancellationToken stop)
    {
        message.Span[0] = (byte)channel;
        await _sending.WaitAsync(stop);
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, stop);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Says how it ended, and closes this side.</summary>
    /// <param name="reading">Ends when the client has closed the other.</param>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public async Task EndAsync(JsonNode status, Task reading, CancellationToken stop)
    {
        await SendAsync(ContainerChannel.Result, (byte[])[0, .. Encoding.UTF8.GetBytes(status.ToJsonString())], stop);
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop);
            await reading.WaitAsync(Patience, stop);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or TimeoutException)
        {
            // It has been told everything.
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _sending.Dispose();
    }

    private static string ProtocolOf(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            throw StatusException.BadRequest("unable to upgrade: this server streams by WebSocket and not by SPDY; use "
                + "kubectl 1.31 or newer");
        }
        var known = http.WebSockets.WebSocketRequestedProtocols;
        return known.Contains(V5) ? V5 : known.Contains(V4) ? V4 : throw StatusException.BadRequest(
            $"unable to upgrade: none of the subprotocols [{string.Join(' ', known)}] is served; there are {V5}, {V4}");
    }
}
