using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Chaos;

/// <summary>
/// What the policies allow, all the time: a stream and datagrams in both families and both directions, and a new
/// connection every few milliseconds.
/// </summary>
internal sealed class AllowedTraffic : IDisposable
{
    /// <summary>Ports of the server: of the talks, and of new connections.</summary>
    public const int Port = 7, NewPort = 8;

    /// <summary>A SYN is sent again after a second: a connection that takes this long has lost one, or a CPU.</summary>
    private static readonly TimeSpan LostSyn = TimeSpan.FromMilliseconds(950);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(2), NewPace = TimeSpan.FromMilliseconds(20);

    private readonly List<Closed.Talk> _talks = [];
    private readonly List<Way> _ways = [];
    private readonly List<(IPAddress From, IPEndPoint At, Socket Listener)> _listeners = [];
    private readonly Netns _client;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _sender, _caller;
    private volatile Exception? _failure;
    private int _connections, _lostSyns;

    public AllowedTraffic(PodEntry client, PodEntry server)
    {
        _client = Netns.Open(client.Netns!);
        using var there = Netns.Open(server.Netns!);
        foreach (var (from, to) in new[] { (client.IPv4!, server.IPv4!), (client.IPv6!, server.IPv6!) })
        {
            var (source, destination) = (IPAddress.Parse(from), IPAddress.Parse(to));
            foreach (var protocol in new[] { ProtocolType.Tcp, ProtocolType.Udp })
            {
                var talk = new Closed.Talk(_client, source, there, destination, protocol, Port);
                _talks.Add(talk);
                _ways.Add(new Way($"{protocol} {from} to {to}", talk.Client, talk.Server));
                _ways.Add(new Way($"{protocol} {to} to {from}", talk.Server, talk.Client));
            }
            var at = new IPEndPoint(destination, NewPort);
            var listener = PodSocket.Open(there, destination, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(at);
            listener.Listen();
            _listeners.Add((source, at, listener));
        }
        _sender = Start(Pace, SendAll);
        _caller = Start(NewPace, Connect);
    }

    /// <summary>Fails where something has been lost, or stands still.</summary>
    public void AssertWell() => Assert.True(_failure is null, $"allowed traffic: {_failure}");

    /// <summary>Sends no more, hears the rest, and tells what became of it.</summary>
    public string Finish()
    {
        _stop.Set();
        _sender.Join();
        _caller.Join();
        AssertWell();
        foreach (var way in _ways) way.Finish();
        Assert.All(_ways.Where(w => w.IsStream), w => Assert.Equal(0, w.Lost));
        Assert.All(_ways, w => Assert.True(w.Sent > 0));
        Assert.True(_connections > 0);
        var streams = _ways.Where(w => w.IsStream).Sum(w => w.Sent) * sizeof(long);
        return string.Join('\n',
            [
                $"{streams} bytes on 4 streams, none lost",
                .. _ways.Where(w => !w.IsStream).Select(w => $"{w.Name}: {w.Lost} of {w.Sent} datagrams lost"),
                $"{_connections} new connections, {_lostSyns} of them as late as with a lost SYN",
            ]);
    }

    public void Dispose()
    {
        _stop.Set();
        _sender.Join();
        _caller.Join();
        foreach (var talk in _talks) talk.Dispose();
        foreach (var (_, _, listener) in _listeners) listener.Dispose();
        _client.Dispose();
        _stop.Dispose();
    }

    private Thread Start(TimeSpan pace, Action round)
    {
        var thread = new Thread(() =>
        {
            try
            {
                while (!_stop.Wait(pace)) round();
            }
            catch (Exception e)
            {
                _failure = e;
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void SendAll()
    {
        foreach (var way in _ways) way.Send();
    }

    private void Connect()
    {
        foreach (var (from, at, listener) in _listeners)
        {
            using var caller = PodSocket.Open(_client, from, SocketType.Stream, ProtocolType.Tcp);
            // Its port is free again at once: a reset leaves no TIME_WAIT.
            caller.LingerState = new LingerOption(true, 0);
            var started = Stopwatch.GetTimestamp();
            caller.Connect(at);
            using var accepted = listener.Accept();
            if (Stopwatch.GetElapsedTime(started) > LostSyn) _lostSyns++;
            _connections++;
        }
    }
}
