using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Ports;
using Dataplane.Policy.Model;

namespace Dataplane.Integration.Closed;

/// <summary>A connection of two programs, with real sockets in two pods.</summary>
internal sealed class Talk : IDisposable
{
    private long _count;

    public Talk(NodePorts node, PodEndpoint a, PodEndpoint b, AddressFamily family, ProtocolType protocol, int port)
        : this(PodSocket.NetnsOf(node, a), a.Address(family)!, PodSocket.NetnsOf(node, b), b.Address(family)!, protocol,
            port)
    {
    }

    public Talk(Netns a, IPAddress client, Netns b, IPAddress server, ProtocolType protocol, int port)
    {
        var type = protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram;
        Client = PodSocket.Open(a, client, type, protocol);
        var listener = PodSocket.Open(b, server, type, protocol);
        listener.Bind(new IPEndPoint(server, port));
        if (protocol == ProtocolType.Tcp)
        {
            listener.Listen();
            Client.Connect(server, port);
            Server = listener.Accept();
            Server.ReceiveTimeout = PodSocket.Patience;
            Client.NoDelay = Server.NoDelay = true;
            listener.Dispose();
            return;
        }
        Server = listener;
        Client.Bind(new IPEndPoint(client, 40_000 + port));
        Client.Connect(server, port);
        Server.Connect(client, 40_000 + port);
    }

    public Socket Client { get; }

    public Socket Server { get; }

    /// <summary>One message each way, numbered: nothing is lost, nothing comes twice.</summary>
    public void BothWays()
    {
        var message = BitConverter.GetBytes(++_count);
        Client.Send(message);
        Assert.Equal(message, Receive(Server));
        Server.Send(message);
        Assert.Equal(message, Receive(Client));
    }

    public static byte[] Receive(Socket socket)
    {
        var buffer = new byte[8192];
        return buffer[..socket.Receive(buffer)];
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
