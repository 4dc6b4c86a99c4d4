using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Supervisor.Probing;

/// <summary>A connection, which is closed again.</summary>
internal static class TcpProbe
{
    /// <exception cref="Exception">It failed.</exception>
    public static async Task<bool> RunAsync(ContainerAction.Tcp action, IPAddress pod, CancellationToken cancellation)
    {
        using var socket = await ConnectAsync(action.Host, action.Port, pod, cancellation);
        return true;
    }

    /// <param name="host">A name or an address; null: the pod's.</param>
    /// <exception cref="Exception">It failed.</exception>
    public static async Task<Socket> ConnectAsync(
        string? host, ActionPort port, IPAddress pod, CancellationToken cancellation)
    {
        var address = host is null ? pod : IPAddress.TryParse(host, out var literal) ? literal
            : (await Dns.GetHostAddressesAsync(host, cancellation))[0];
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port.Number), cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
