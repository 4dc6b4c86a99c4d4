using System.Net;
using System.Net.Sockets;
using System.Text;
using Dataplane.Integration.Chaos;
namespace Dataplane.Integration.Promises;

/// <summary>
/// A pod that goes on trying, over TCP and UDP and both families, to reach a port of the server that it may not reach.
/// Nothing of it may ever arrive: asked at the end, behind a message of the client's that must.
/// </summary>
internal sealed class Intruder : IDisposable
{
    private const int Port = 9, Enough = 50;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);

    private readonly List<(Socket Sender, Socket Witness, Socket Control, IPEndPoint To)> _ways = [];
    private readonly Socket _listener;
    private readonly Func<Socket> _caller;
    private readonly IPEndPoint _listening;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private int _sent;

    public Intruder(DaemonProcess daemon)
    {
        var (intruder, client, server) =
            (Steady.Of(daemon, Steady.Intruder), Steady.Of(daemon, Steady.Client), Steady.Of(daemon, Steady.Server));
        using var there = Steady.NetnsOf(daemon, Steady.Server);
        using var control = Steady.NetnsOf(daemon, Steady.Client);
        var here = Steady.NetnsOf(daemon, Steady.Intruder);
        foreach (var (from, allowed, to) in new[]
        {
            (intruder.IPv4!, client.IPv4!, server.IPv4!), (intruder.IPv6!, client.IPv6!, server.IPv6!),
        })
        {
            var target = new IPEndPoint(IPAddress.Parse(to), Port);
            var witness = PodSocket.Open(there, target.Address, SocketType.Dgram, ProtocolType.Udp);
            witness.Bind(target);
            _ways.Add((PodSocket.Open(here, IPAddress.Parse(from), SocketType.Dgram, ProtocolType.Udp), witness,
                PodSocket.Open(control, IPAddress.Parse(allowed), SocketType.Dgram, ProtocolType.Udp), target));
        }
        _listening = _ways[0].To;
        _listener = PodSocket.Open(there, _listening.Address, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(_listening);
        _listener.Listen();
        _caller = () => PodSocket.Open(here, IPAddress.Parse(intruder.IPv4!), SocketType.Stream, ProtocolType.Tcp);
        _thread = new Thread(() =>
        {
            using (here) Try();
        });
        _thread.Start();
    }

    /// <param name="withControl">False: the client is cut off too, or gone.</param>
    public void AssertNothingArrived(bool withControl = true)
    {
        Steady.Until(() => Volatile.Read(ref _sent) > Enough, "the intruder has sent something");
        Stop();
        var heard = new byte[64];
        foreach (var (_, witness, control, to) in _ways)
        {
            if (!withControl)
            {
                Assert.Equal(0, witness.Available);
                continue;
            }
            control.SendTo("control"u8, to);
            Assert.Equal("control", Encoding.ASCII.GetString(heard, 0, witness.Receive(heard)));
        }
        Assert.False(_listener.Poll(0, SelectMode.SelectRead), "the intruder has a connection");
    }

    public void Dispose()
    {
        Stop();
        _listener.Dispose();
        foreach (var (sender, witness, control, _) in _ways)
        {
            sender.Dispose();
            witness.Dispose();
            control.Dispose();
        }
        _stop.Dispose();
    }

    private void Stop()
    {
        if (!_stop.IsSet) _stop.Set();
        _thread.Join();
    }

    private void Try()
    {
        using var caller = _caller();
        caller.Blocking = false;
        Attempt(() => caller.Connect(_listening));
        while (!_stop.Wait(Pace))
        {
            foreach (var (sender, _, _, to) in _ways)
                Attempt(() => sender.SendTo("intruder"u8, to));
        }
    }

    private void Attempt(Action send)
    {
        try
        {
            send();
            _sent++;
        }
        catch (SocketException)
        {
            // On its way, or refused where it was sent.
        }
    }
}
