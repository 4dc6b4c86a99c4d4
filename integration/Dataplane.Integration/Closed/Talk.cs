using System.Net;
using System.Net.Sockets;
using Dataplane.Node.Network;
using Dataplane.Policy;

namespace Dataplane.Integration.Closed;

/// <summary>A connection of two programs, with real sockets in two pods.</summary>
internal sealed class Talk : IDisposable
{
    public Talk(PrivateNode node, PodEndpoint a, PodEndpoint b, AddressFamily family, ProtocolType protocol, int port)
    {
        var type = protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram;
        Client = PodSocket.Open(node, a, family, type, protocol);
        var listener = PodSocket.Open(node, b, family, type, protocol);
        listener.Bind(new IPEndPoint(b.Address(family)!, port));
        if (protocol == ProtocolType.Tcp)
        {
            listener.Listen();
            Client.Connect(b.Address(family)!, port);
            Server = listener.Accept();
            Server.ReceiveTimeout = PodSocket.Patience;
            listener.Dispose();
            return;
        }
        Server = listener;
        Client.Bind(new IPEndPoint(a.Address(family)!, 40_000 + port));
        Client.Connect(b.Address(family)!, port);
        Server.Connect(a.Address(family)!, 40_000 + port);
    }

    public Socket Client { get; }

    public Socket Server { get; }

    public void BothWays()
    {
        Client.Send("ping"u8);
        Assert.Equal("ping"u8, Receive(Server));
        Server.Send("pong"u8);
        Assert.Equal("pong"u8, Receive(Client));
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
