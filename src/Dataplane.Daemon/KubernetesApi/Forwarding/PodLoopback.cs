using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;

namespace Dataplane.Daemon.KubernetesApi.Forwarding;

/// <summary>
/// Connections to the loopback address of a pod, from inside the pod as container runtimes make them: no packet passes
/// the pod's port, so that no policy sees them, as in a cluster.
/// </summary>
internal static class PodLoopback
{
    private const int AF_INET = 2, AF_INET6 = 10, SOCK_STREAM = 1;

    /// <exception cref="IOException">Nobody answers, by either family; or the pod has gone.</exception>
    public static async Task<Socket> ConnectAsync(LivePod pod, int port, CancellationToken stop)
    {
        try
        {
            using var netns = pod.NetnsName is { } name ? Netns.Open(name) : Netns.OpenPath(pod.NetnsPath!);
            try
            {
                return await ConnectAsync(netns, AF_INET, new IPEndPoint(IPAddress.Loopback, port), stop);
            }
            catch (SocketException first)
            {
                try
                {
                    return await ConnectAsync(netns, AF_INET6, new IPEndPoint(IPAddress.IPv6Loopback, port), stop);
                }
                catch (SocketException second)
                {
                    throw new IOException($"failed to connect to localhost:{port} inside namespace {netns}, "
                        + $"IPv4: {Said(first)} IPv6: {Said(second)}");
                }
            }
        }
        catch (LinuxException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static async Task<Socket> ConnectAsync(Netns netns, int family, IPEndPoint to, CancellationToken stop)
    {
        using var opened = netns.OpenSocket(family, SOCK_STREAM, (int)ProtocolType.Tcp);
        var socket = new Socket(new SafeSocketHandle(opened.DangerousGetHandle(), ownsHandle: true));
        opened.SetHandleAsInvalid();
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(to, stop);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Said(SocketException e) => e.SocketErrorCode == SocketError.ConnectionRefused
        ? "connection refused" : e.SocketErrorCode.ToString();
}
