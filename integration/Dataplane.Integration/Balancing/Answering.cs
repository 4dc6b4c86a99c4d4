using System.Net;
using System.Net.Sockets;
using System.Text;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Balancing;

/// <summary>A program that answers every connection and datagram with its name and the address of who asks.</summary>
internal sealed class Answering : IDisposable
{
    /// <summary>How often a thread looks whether the test has ended.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly Socket _tcp, _udp;
    private readonly Thread _accepting, _receiving;
    private volatile bool _stopping;

    public Answering(Netns netns, IPAddress address, int port, string name)
    {
        _tcp = PodSocket.Open(netns, address, SocketType.Stream, ProtocolType.Tcp);
        _udp = PodSocket.Open(netns, address, SocketType.Dgram, ProtocolType.Udp);
        _tcp.Bind(new IPEndPoint(address, port));
        _udp.Bind(new IPEndPoint(address, port));
        _tcp.Listen(512);
        _accepting = new Thread(() => Until(_tcp, () =>
        {
            using var caller = _tcp.Accept();
            caller.Send(Answer(name, caller.RemoteEndPoint!));
        }));
        _receiving = new Thread(() => Until(_udp, () =>
        {
            EndPoint caller = new IPEndPoint(address, 0);
            _udp.ReceiveFrom(new byte[64], ref caller);
            _udp.SendTo(Answer(name, caller), caller);
        }));
        _accepting.Start();
        _receiving.Start();
    }

    public void Dispose()
    {
        _stopping = true;
        // No descriptor is closed while a thread may still wait for it.
        _accepting.Join();
        _receiving.Join();
        _tcp.Dispose();
        _udp.Dispose();
    }

    private static byte[] Answer(string name, EndPoint caller) =>
        Encoding.ASCII.GetBytes($"{name} to {((IPEndPoint)caller).Address}");

    private void Until(Socket socket, Action step)
    {
        while (!_stopping)
        {
            // An Accept that fails, for the time or because the socket is closed, makes .NET close descriptor 0, which
            // may be anybody's by then (seen with strace).
            if (!socket.Poll(Look, SelectMode.SelectRead)) continue;
            try
            {
                step();
            }
            catch (SocketException)
            {
                // The caller has gone.
            }
        }
    }
}
