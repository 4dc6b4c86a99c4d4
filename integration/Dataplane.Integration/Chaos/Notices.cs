using System.Net.Sockets;
using System.Text;

namespace Dataplane.Integration.Chaos;

/// <summary>The service manager's end of sd_notify(3): datagrams of several lines.</summary>
internal sealed class Notices : IDisposable
{
    private const int Patience = 120_000;

    private readonly Socket _socket =
        new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = Patience };

    public Notices(string path)
    {
        Path = path;
        _socket.Bind(new UnixDomainSocketEndPoint(path));
    }

    public string Path { get; }

    /// <summary>Takes what comes until this line is among it.</summary>
    /// <returns>False: the process has ended without.</returns>
    public bool Await(string line)
    {
        var buffer = new byte[4096];
        try
        {
            while (_socket.Receive(buffer) is > 0 and var length)
                if (Encoding.UTF8.GetString(buffer, 0, length).Split('\n').Contains(line)) return true;
            return false;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>No more notices are sent; those that were sent can still be read.</summary>
    public void End()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener has stopped too.
        }
    }

    public void Dispose() => _socket.Dispose();
}
