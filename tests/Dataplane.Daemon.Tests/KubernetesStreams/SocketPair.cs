using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Dataplane.Daemon.Tests.KubernetesStreams;

/// <summary>Two ends of a WebSocket.</summary>
internal sealed class SocketPair : IDisposable
{
    private SocketPair(WebSocket client, WebSocket server) => (Client, Server) = (client, server);

    public WebSocket Client { get; }

    public WebSocket Server { get; }

    public static async Task<SocketPair> MakeAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var server = await listener.AcceptTcpClientAsync();
        return new SocketPair(Of(client, isServer: false), Of(server, isServer: true));

        static WebSocket Of(TcpClient end, bool isServer) =>
            WebSocket.CreateFromStream(end.GetStream(), new WebSocketCreationOptions { IsServer = isServer });
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
