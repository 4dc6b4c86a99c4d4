using System.Net;
using System.Net.Sockets;
using Dataplane.Dns.Serving;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Daemon.HealthServing;

/// <summary>
/// Answers at one port of the node, in one family. What a client sends is waited for and thrown away unread: each gets
/// the same answer, so the daemon interprets nothing that others wrote.
/// </summary>
internal sealed class HealthListener : IAsyncDisposable
{
    /// <summary>Connections a second; more wait in the kernel, so that a flood costs the daemon little.</summary>
    private const int MostPerSecond = 1000;

    private const int Waiting = 128;

    /// <summary>For the whole of a connection.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Socket _listener;
    private readonly Connections _connections;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile byte[] _answer;

    /// <param name="connections">Those of all ports.</param>
    /// <exception cref="SocketException">The port is another program's, or the family is not there.</exception>
    public HealthListener(Netns netns, HealthCheck check, Connections connections)
    {
        (_connections, _answer) = (connections, check.ToAnswer());
        _listener = Open(netns, check.Family);
        try
        {
            _listener.Bind(new IPEndPoint(
                check.Family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, check.Port));
            _listener.Listen(Waiting);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
        _accepting = AcceptAsync();
    }

    public void Show(HealthCheck check) => _answer = check.ToAnswer();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private static Socket Open(Netns netns, AddressFamily family)
    {
        // AF_INET and AF_INET6, SOCK_STREAM, as the kernel numbers them.
        using var opened = netns.OpenSocket(family == AddressFamily.InterNetwork ? 2 : 10, 1, 0);
        var socket = new Socket(new SafeSocketHandle(opened.DangerousGetHandle(), ownsHandle: true));
        opened.SetHandleAsInvalid();
        // SOL_SOCKET, SO_REUSEADDR: connections that have just ended do not keep the next daemon from the port. .NET's
        // own name for it would let other sockets share the port (SO_REUSEPORT).
        socket.SetRawSocketOption(1, 2, BitConverter.GetBytes(1));
        if (family == AddressFamily.InterNetworkV6)
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.IPv6Only, true);
        return socket;
    }

    private async Task AcceptAsync()
    {
        await Task.Yield();
        var (second, count) = (Environment.TickCount64, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                _ = AnswerAsync(socket);
            }
            catch (SocketException)
            {
                // The client is gone already, or descriptors are short: others end meanwhile.
            }
            catch (OperationCanceledException)
            {
                return;
            }
            if (++count < MostPerSecond) continue;
            var rest = second + 1000 - Environment.TickCount64;
            if (rest > 0)
                await Task.Delay((int)rest, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            (second, count) = (Environment.TickCount64, 0);
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        using var own = socket;
        try
        {
            if (_connections.Add(socket, ((IPEndPoint)socket.RemoteEndPoint!).Address) is not { } connection) return;
            try
            {
                using var time = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                time.CancelAfter(Patience);
                var nowhere = new byte[1024];
                // An answer before the question would confuse clients that keep connections.
                if (await socket.ReceiveAsync(nowhere, time.Token) == 0) return;
                await socket.SendAsync(_answer, time.Token);
                socket.Shutdown(SocketShutdown.Send);
                // A socket with unread bytes would be reset, and the answer lost with it.
                while (await socket.ReceiveAsync(nowhere, time.Token) > 0)
                {
                }
            }
            finally
            {
                _connections.Remove(connection);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, too slow, or made room for another.
        }
    }
}
