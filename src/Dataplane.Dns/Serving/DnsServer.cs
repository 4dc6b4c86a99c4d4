using System.Net;
using System.Net.Sockets;
using Dataplane.Dns.Answers;
using Dataplane.Dns.Feeding;
using Dataplane.Dns.Forwarding;

namespace Dataplane.Dns.Serving;

/// <summary>
/// The name server: sockets for the addresses of its pod, and one for the daemon, which tells it the names. It is made
/// with the privileges that port 53 needs, and runs without any.
/// </summary>
public sealed class DnsServer : IDisposable
{
    /// <summary>The port of name servers.</summary>
    public const int Port = 53;

    /// <summary>Messages a second of one source that are looked at.</summary>
    public const int DefaultLimit = 10_000;

    /// <summary>Asked for in bytes; the kernel gives as much as net.core.rmem_max allows.</summary>
    private const int ReceiveBytes = 4 << 20;

    private static readonly TimeSpan PatienceWithUpstreams = TimeSpan.FromSeconds(2);

    private readonly FeedService _feed;
    private readonly Socket[] _datagrams, _listeners;
    private readonly Answerer _answerer;
    private readonly Forwarder? _forwarder;
    private readonly SourceLimit _limit;

    /// <param name="addresses">Where it answers, by UDP and TCP.</param>
    /// <param name="feed">The path of the socket for the daemon: made anew, for this user alone.</param>
    /// <param name="upstreams">Servers for names of elsewhere; none: they are refused.</param>
    /// <param name="limit">Messages a second of one source that are looked at.</param>
    /// <exception cref="SocketException">An address is not this machine's, or taken, or not allowed.</exception>
    public DnsServer(IReadOnlyList<IPEndPoint> addresses, string feed, IReadOnlyList<IPEndPoint> upstreams, int limit)
    {
        _feed = new FeedService(feed);
        _datagrams = [.. addresses.Select(Datagrams)];
        _listeners = [.. addresses.Select(Listener)];
        _forwarder = upstreams.Count == 0 ? null : new Forwarder(upstreams, PatienceWithUpstreams);
        _answerer = new Answerer(() => _feed.Zone, _forwarder is not null);
        _limit = new SourceLimit(limit);
    }

    /// <summary>Serves until it is disposed.</summary>
    public void Start()
    {
        var tcp = new TcpService(_answerer, _limit, _forwarder);
        foreach (var listener in _listeners) _ = tcp.AcceptAsync(listener);
        foreach (var socket in _datagrams)
            new Thread(new UdpLoop(socket, _answerer, _limit, _forwarder).Run) { IsBackground = true }.Start();
        _ = _feed.RunAsync();
    }

    public void Dispose()
    {
        _feed.Dispose();
        foreach (var socket in _datagrams.Concat(_listeners)) socket.Dispose();
    }

    private static Socket Datagrams(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = ReceiveBytes,
        };
        socket.Bind(address);
        return socket;
    }

    private static Socket Listener(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(address);
        socket.Listen();
        return socket;
    }
}
