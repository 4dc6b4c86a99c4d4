using System.Net;
using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Linux.Namespaces;
namespace Dataplane.Integration.Chaos;

/// <summary>
/// A TCP connection over IPv4 and a UDP flow over IPv6 between two pods of a daemon, to port 7. They must not lose a
/// byte.
/// </summary>
internal sealed class Talk : IDisposable
{
    private const int Port = 7, ClientPort = 40_007;

    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);

    private readonly Socket _tcpClient, _tcpServer, _udpClient, _udpServer;
    private long _said;

    private Talk(Netns client, PodEntry clientPod, Netns server, PodEntry serverPod)
    {
        var (c4, c6, s4, s6) = (IPAddress.Parse(clientPod.IPv4!), IPAddress.Parse(clientPod.IPv6!),
            IPAddress.Parse(serverPod.IPv4!), IPAddress.Parse(serverPod.IPv6!));
        _tcpClient = PodSocket.Open(client, c4, SocketType.Stream, ProtocolType.Tcp);
        using (var listener = PodSocket.Open(server, s4, SocketType.Stream, ProtocolType.Tcp))
        {
            listener.Bind(new IPEndPoint(s4, Port));
            listener.Listen();
            _tcpClient.Connect(s4, Port);
            _tcpServer = listener.Accept();
            _tcpServer.ReceiveTimeout = PodSocket.Patience;
        }
        (_udpClient, _udpServer) = (PodSocket.Open(client, c6, SocketType.Dgram, ProtocolType.Udp),
            PodSocket.Open(server, s6, SocketType.Dgram, ProtocolType.Udp));
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

    /// <summary>The connection was cut: neither end receives what the other sends.</summary>
    public void AssertSilent()
    {
        foreach (var (from, to) in new[]
        {
            (_tcpClient, _tcpServer), (_tcpServer, _tcpClient), (_udpClient, _udpServer), (_udpServer, _udpClient),
        })
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
}
