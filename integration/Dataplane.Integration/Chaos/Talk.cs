using System.Net;
using System.Net.Sockets;
using Dataplane.Daemon.Api;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Routes = Dataplane.Linux.Rtnetlink.Routes;

namespace Dataplane.Integration.Chaos;

/// <summary>A TCP connection over IPv4 and a UDP flow over IPv6 between two pods of a daemon, to port 7. They must not lose a byte.</summary>
internal sealed class Talk : IDisposable
{
    private const int Port = 7, ClientPort = 40_007, Patience = 10_000;

    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);

    private readonly Socket _tcpClient, _tcpServer, _udpClient, _udpServer;
    private long _said;

    private Talk(Netns client, PodEntry clientPod, Netns server, PodEntry serverPod)
    {
        var (c4, c6, s4, s6) = (IPAddress.Parse(clientPod.IPv4!), IPAddress.Parse(clientPod.IPv6!), IPAddress.Parse(serverPod.IPv4!), IPAddress.Parse(serverPod.IPv6!));
        using (var route = NetlinkSocket.Open(NetlinkProtocol.Route, server))
            Assert.True(SpinWait.SpinUntil(() => Routes.IsLocal(route, s4) && Routes.IsLocal(route, s6), Patience));
        _tcpClient = Open(client, s4, SocketType.Stream);
        using (var listener = Open(server, s4, SocketType.Stream))
        {
            listener.Bind(new IPEndPoint(s4, Port));
            listener.Listen();
            _tcpClient.Connect(s4, Port);
            _tcpServer = listener.Accept();
            _tcpServer.ReceiveTimeout = Patience;
        }
        (_udpClient, _udpServer) = (Open(client, s6, SocketType.Dgram), Open(server, s6, SocketType.Dgram));
        _udpClient.Bind(new IPEndPoint(c6, ClientPort));
        _udpServer.Bind(new IPEndPoint(s6, Port));
        _udpClient.Connect(s6, Port);
        _udpServer.Connect(c6, ClientPort);
        BothWays();
    }

    public static Talk Between(DaemonProcess daemon, string from, string to)
    {
        var pods = daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.ToDictionary(p => p.Name);
        using var client = Netns.Open(pods[from].Netns!);
        using var server = Netns.Open(pods[to].Netns!);
        return new Talk(client, pods[from], server, pods[to]);
    }

    /// <summary>One message each way on both; each must be the next one.</summary>
    public void BothWays()
    {
        OverTcp();
        Say(_udpClient, _udpServer);
        Say(_udpServer, _udpClient);
    }

    /// <summary>What was lost on the way is sent again: this outlives a gap.</summary>
    public void OverTcp()
    {
        Say(_tcpClient, _tcpServer);
        Say(_tcpServer, _tcpClient);
    }

    /// <summary>It was cut: whatever either end says, the other one does not hear.</summary>
    public void AssertSilent()
    {
        foreach (var (from, to) in new[] { (_tcpClient, _tcpServer), (_tcpServer, _tcpClient), (_udpClient, _udpServer), (_udpServer, _udpClient) })
        {
            from.Send(BitConverter.GetBytes(++_said));
            Assert.False(to.Poll(Silence, SelectMode.SelectRead), "it is heard");
        }
    }

    public void Dispose()
    {
        foreach (var socket in new[] { _tcpClient, _tcpServer, _udpClient, _udpServer }) socket.Dispose();
    }

    private void Say(Socket from, Socket to)
    {
        var message = BitConverter.GetBytes(++_said);
        from.Send(message);
        var heard = new byte[64];
        Assert.Equal(message, heard[..to.Receive(heard)]);
    }

    private static Socket Open(Netns netns, IPAddress address, SocketType type)
    {
        // AF_INET and AF_INET6, SOCK_STREAM and SOCK_DGRAM as the kernel numbers them.
        using var opened = netns.OpenSocket(address.AddressFamily == AddressFamily.InterNetwork ? 2 : 10, type == SocketType.Stream ? 1 : 2, 0);
        var socket = new Socket(new SafeSocketHandle(opened.DangerousGetHandle(), ownsHandle: true)) { ReceiveTimeout = Patience, SendTimeout = Patience };
        opened.SetHandleAsInvalid();
        return socket;
    }
}
