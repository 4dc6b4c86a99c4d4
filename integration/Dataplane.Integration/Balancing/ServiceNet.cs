using System.Net;
using System.Net.Sockets;
using System.Text;
using Dataplane.Integration.Live;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Nflog;
using Dataplane.Node.Live;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;
using Dataplane.Services.Tables;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Balancing;

/// <summary>
/// A live node with pods x/a (10.244.0.2) to x/d, a machine outside, and Services. Pods answer at port 8080.
/// </summary>
internal sealed class ServiceNet : IDisposable
{
    public const string Node = "node", Outside = "outside";

    private readonly List<IDisposable> _things = [];
    private readonly TestNetns _outside;
    private NflogReader? _log;

    /// <param name="table">Null: the Services of the cluster are compiled.</param>
    public ServiceNet(ServiceTable? table, Lab? pods = null, bool owned = true)
    {
        Lab = new LiveLab(owned);
        _outside = TestNetns.Create();
        _things.Add(_outside);
        try
        {
            Apply(table, pods);
            Wire();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public LiveLab Lab { get; }

    public static Lab Pods() => new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b").Pod("x/c", "app=c")
        .Pod("x/d", "app=d");

    public static IPAddress NodeAddress(AddressFamily family) =>
        IPAddress.Parse(family == AddressFamily.InterNetwork ? "198.51.100.1" : "2001:db8:7::1");

    public static IPAddress OutsideAddress(AddressFamily family) =>
        IPAddress.Parse(family == AddressFamily.InterNetwork ? "198.51.100.9" : "2001:db8:7::9");

    public LiveChange Apply(ServiceTable? table, Lab? pods = null)
    {
        Lab.Node.Programmer.Given = table;
        return Apply((pods ?? Pods()).Cluster);
    }

    public LiveChange Apply(Cluster cluster)
    {
        var (four, six) = (NodeAddress(AddressFamily.InterNetwork), NodeAddress(AddressFamily.InterNetworkV6));
        return Lab.Node.Apply(cluster with { Node = new NodeEndpoint(four, six) });
    }

    /// <summary>As another process would find the node.</summary>
    public LiveChange Reopen(ServiceTable table)
    {
        Lab.Reopen();
        return Apply(table);
    }

    public Netns NetnsOf(string who)
    {
        var netns = who == Outside ? _outside.Netns : Netns.Open(who == Node ? Lab.Name : Lab.Pod(who).NetnsName!);
        if (who != Outside) _things.Add(netns);
        return netns;
    }

    public IPAddress AddressOf(string who, AddressFamily family) => who switch
    {
        Node => NodeAddress(family),
        Outside => OutsideAddress(family),
        _ => Lab.Pod(who).Pod.Address(family)!,
    };

    /// <summary>Programs that answer at a port of these pods, in both families.</summary>
    public ServiceNet Serve(params string[] pods)
    {
        foreach (var pod in pods)
        {
            foreach (var family in AddressFamilies.All)
                _things.Add(new Answering(NetnsOf(pod), AddressOf(pod, family), 8080, pod));
        }
        return this;
    }

    public Socket Open(string who, AddressFamily family, ProtocolType protocol)
    {
        var socket = PodSocket.Open(NetnsOf(who), AddressOf(who, family),
            protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol);
        _things.Add(socket);
        return socket;
    }

    /// <summary>What the node has dropped since it was asked for the first time.</summary>
    public NflogReader Log
    {
        get
        {
            if (_log is null) _things.Add(_log = NflogReader.Open(NetnsOf(Node), NodeShape.Default.LogGroup));
            return _log;
        }
    }

    /// <summary>As below, from one port, so that each time looks like the same flow.</summary>
    public string AskAgain(string who, string address, int port)
    {
        var target = IPAddress.Parse(address);
        using var socket = Open(who, target.AddressFamily, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(AddressOf(who, target.AddressFamily), 40_123));
        return Ask(socket, target, port);
    }

    /// <summary>The answer, as in "x/b to 10.244.0.2", or "refused".</summary>
    public string Ask(string who, string address, int port, ProtocolType protocol = ProtocolType.Tcp)
    {
        var target = IPAddress.Parse(address);
        using var socket = Open(who, target.AddressFamily, protocol);
        return Ask(socket, target, port);
    }

    public static string Ask(Socket socket, IPAddress target, int port)
    {
        try
        {
            if (!socket.Connected) socket.Connect(target, port);
            if (socket.ProtocolType == ProtocolType.Udp) Send(socket);
            var buffer = new byte[128];
            return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return "refused";
        }
    }

    private static void Send(Socket socket)
    {
        try
        {
            socket.Send("?"u8);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            // The node's own datagram is dropped within the call; the answer to it comes all the same.
        }
    }

    /// <summary>Why the node drops the first packet of a connection.</summary>
    public string WhyDropped(string who, string address, int port, ProtocolType protocol = ProtocolType.Tcp)
    {
        var target = IPAddress.Parse(address);
        Log.Drain((scoped in NflogPacket _) => { });
        using var socket = Open(who, target.AddressFamily, protocol);
        socket.Blocking = false;
        try
        {
            socket.Connect(target, port);
            socket.Send("?"u8);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
        }
        return NextDrop();
    }

    /// <summary>The reason of the next packet that is dropped.</summary>
    public string NextDrop()
    {
        string? reason = null;
        Log.Receive(TimeSpan.FromMilliseconds(PodSocket.Patience),
            (scoped in NflogPacket packet) => reason ??= packet.Prefix.ToString());
        return reason ?? "nothing was dropped";
    }

    public void Dispose()
    {
        foreach (var thing in Enumerable.Reverse(_things)) thing.Dispose();
        Lab.Dispose();
    }

    private void Wire()
    {
        Lab.Exec("ip", $"link add out0 type veth peer name eth0 netns {_outside.Name}");
        foreach (var (exec, port, four, six) in ((Func<string, string, string>, string, string, string)[])
            [(Lab.Exec, "out0", "198.51.100.2/24", "2001:db8:7::2/64"),
                ((program, words) => _outside.Exec(program, words), "eth0", "198.51.100.9/24", "2001:db8:7::9/64")])
        {
            exec("ip", $"addr add {four} dev {port}");
            exec("ip", $"addr add {six} dev {port} nodad");
            exec("ip", $"link set {port} up");
        }
        _outside.Exec("ip", "link set lo up");
        _outside.Exec("ip", "route add default via 198.51.100.2");
        _outside.Exec("ip", "-6 route add default via 2001:db8:7::2");
        _outside.Exec("ip", "-6 route add 2001:db8:7::1/128 via 2001:db8:7::2");
    }
}
