using System.Net;
using System.Net.Sockets;

namespace Dataplane.Runtime.Answering;

/// <summary>
/// Answers on ports of a pod that runs no program of its own: HTTP and lines by TCP, datagrams by UDP. It is made with
/// the privileges that low ports need, and runs without any.
/// </summary>
public sealed class Responder : IDisposable
{
    /// <summary>Connections at a time; the oldest makes room for another.</summary>
    public const int MostConnections = 256;

    /// <summary>asm-generic/socket.h. ReuseAddress of .NET is SO_REUSEPORT too, by which two would share a
    /// port.</summary>
    private const int SOL_SOCKET = 1, SO_REUSEADDR = 2;

    /// <summary>A longer datagram is answered by its beginning.</summary>
    private const int LongestDatagram = 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PodAnswer _answer;
    private readonly List<Socket> _listeners, _datagrams;
    private readonly Places _places;

    /// <param name="pod">As <c>namespace/name</c>.</param>
    /// <param name="tcp">Ports; 0 is any.</param>
    /// <param name="udp">Ports; 0 is any.</param>
    /// <param name="connections">At a time.</param>
    /// <exception cref="SocketException">A port is taken, or not allowed.</exception>
    public Responder(string pod, IReadOnlyList<int> tcp, IReadOnlyList<int> udp, int connections = MostConnections)
    {
        (_answer, _places) = (new PodAnswer(pod), new Places(connections));
        _listeners = [.. tcp.Select(port => Open(SocketType.Stream, ProtocolType.Tcp, port))];
        foreach (var listener in _listeners) listener.Listen();
        _datagrams = [.. udp.Select(port => Open(SocketType.Dgram, ProtocolType.Udp, port))];
    }

    /// <summary>The ports, those of TCP first.</summary>
    public IReadOnlyList<int> Ports =>
        [.. _listeners.Concat(_datagrams).Select(s => ((IPEndPoint)s.LocalEndPoint!).Port)];

    /// <summary>Answers until it is disposed.</summary>
    public void Start()
    {
        foreach (var listener in _listeners) _ = AcceptAsync(listener);
        foreach (var socket in _datagrams) _ = DatagramsAsync(socket);
    }

    public void Dispose()
    {
        foreach (var socket in _listeners.Concat(_datagrams)) socket.Dispose();
    }

    /// <summary>At all addresses of both families, or of IPv4 where the namespace has no other.</summary>
    private static Socket Open(SocketType type, ProtocolType protocol, int port)
    {
        var isDual = Socket.OSSupportsIPv6;
        var socket = new Socket(isDual ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, type, protocol);
        if (isDual) socket.DualMode = true;
        if (type == SocketType.Stream)
            socket.SetRawSocketOption(SOL_SOCKET, SO_REUSEADDR, [1, 0, 0, 0]);
        socket.Bind(new IPEndPoint(isDual ? IPAddress.IPv6Any : IPAddress.Any, port));
        return socket;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync();
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.OperationAborted)
            {
                // The client is gone already, or descriptors are short: others end meanwhile.
                await Task.Yield();
                continue;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            _ = ServeAsync(socket);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var own = socket;
        var place = _places.Take(socket);
        try
        {
            await new Conversation(socket, _answer, Patience).RunAsync();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, too slow, or made room for another.
        }
        finally
        {
            _places.Leave(place);
        }
    }

    private async Task DatagramsAsync(Socket socket)
    {
        var buffer = new byte[LongestDatagram];
        var local = (IPEndPoint)socket.LocalEndPoint!;
        var any = new IPEndPoint(
            socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (true)
        {
            try
            {
                var got = await socket.ReceiveMessageFromAsync(buffer, any);
                var line = buffer.AsSpan(0, got.ReceivedBytes).TrimEnd("\r\n"u8);
                // Two that answer each other would never end.
                if (PodAnswer.IsOne(line)) continue;
                var server = Conversation.Plain(new IPEndPoint(got.PacketInformation.Address, local.Port));
                await socket.SendToAsync(_answer.Line("UDP", Conversation.Plain(got.RemoteEndPoint), server, line),
                    got.RemoteEndPoint);
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.OperationAborted)
            {
                // Longer than fits, or an error of an earlier answer.
                await Task.Yield();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
