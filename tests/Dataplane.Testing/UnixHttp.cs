using System.Net.Sockets;

namespace Dataplane.Testing;

/// <summary>HTTP to a daemon's unix socket, as any client would speak it.</summary>
public static class UnixHttp
{
    /// <summary>A client that keeps its connection.</summary>
    public static HttpClient Client(string socket, TimeSpan timeout) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, stop) => new NetworkStream(await Connect(socket, stop), ownsSocket: true),
    })
    { BaseAddress = new Uri("http://localhost"), Timeout = timeout };

    public static async Task<Socket> Connect(string path, CancellationToken stop = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
