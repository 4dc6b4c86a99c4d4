using System.Net;
using System.Net.Sockets;

namespace Dataplane.Integration.Dns;

/// <summary>What one client does must not keep another one from its answers.</summary>
public sealed class HostileTests
{
    private const string Client = "10.9.0.3", Attacker = "10.9.0.2";

    private static readonly IPEndPoint Server = new(IPAddress.Parse("10.9.0.1"), 53);

    /// <summary>A query for the A of web, and its answer's last bytes.</summary>
    private static readonly byte[] Query =
    [
        0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, .. "web"u8, 4, .. "shop"u8, 3, .. "svc"u8, 7, .. "cluster"u8,
        5, .. "local"u8, 0, 0, 1, 0, 1,
    ];

    private static readonly byte[] Address = [10, 96, 0, 1];

    /// <summary>
    /// A flood is sent as fast as one CPU can while the client asks a hundred times. The flood is answered at most as
    /// often as one source is allowed to be in the tenths of a second that it took, of which the first and the last
    /// need not be whole, and the client is always answered in the end.
    /// </summary>
    [Fact]
    public async Task A_flood_from_one_source()
    {
        const int Limit = 1000, Least = 50_000;
        using var server = new NameServer("--limit", $"{Limit}");
        await server.TellAsync();
        using var attacker = server.Open(Attacker, SocketType.Dgram);
        attacker.Bind(new IPEndPoint(IPAddress.Parse(Attacker), 0));
        var stop = false;
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var flood = Task.Run(() =>
        {
            var (answers, buffer) = (0, new byte[512]);
            for (var sent = 0; !Volatile.Read(ref stop) || sent < Least; sent++)
            {
                attacker.SendTo(Query, Server);
                for (; attacker.Available > 0; answers++) attacker.Receive(buffer);
            }
            return answers;
        });
        for (var i = 0; i < 100; i++) AskByUdp(server);
        Volatile.Write(ref stop, true);
        var answers = await flood;
        var tenths = (int)(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds / 100) + 2;
        Assert.InRange(answers, 1, tenths * Limit / 10);
        Assert.False(server.HasExited);
    }

    [Fact]
    public async Task A_source_gets_no_more_answers_than_it_may()
    {
        using var server = new NameServer("--limit", "10");
        await server.TellAsync();
        using var attacker = server.Open(Attacker, SocketType.Dgram);
        attacker.Bind(new IPEndPoint(IPAddress.Parse(Attacker), 0));
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var i = 0; i < 200; i++) attacker.SendTo(Query, Server);
        // By now all of them were looked at: the socket's queue keeps their order.
        AskByUdp(server);
        var tenths = (int)(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds / 100) + 2;
        var answers = 0;
        for (var buffer = new byte[512]; attacker.Available > 0; answers++) attacker.Receive(buffer);
        Assert.InRange(answers, 1, tenths);
    }

    [Fact]
    public async Task Garbage_half_queries_and_silence_by_TCP()
    {
        using var server = new NameServer();
        await server.TellAsync();
        var connections = new List<Socket>();
        try
        {
            for (var i = 0; i < 40; i++)
            {
                var socket = server.Open(Attacker, SocketType.Stream);
                socket.Bind(new IPEndPoint(IPAddress.Parse(Attacker), 0));
                connections.Add(socket);
                socket.Connect(Server);
                // Silent; a length without a message; 64 kB that the length promises, and half of it.
                if (i % 3 == 1) Send(socket, [0, 40]);
                if (i % 3 == 2) Send(socket, [0xff, 0xff, .. new byte[32768]]);
            }
            AskByTcp(server, 1);
            AskByUdp(server);
        }
        finally
        {
            foreach (var socket in connections) socket.Dispose();
        }
    }

    /// <summary>The seventeenth connection of one source is closed, while another source connects.</summary>
    [Fact]
    public async Task Connections_of_one_source_are_few()
    {
        using var server = new NameServer();
        await server.TellAsync();
        var connections = new List<Socket>();
        try
        {
            for (var i = 0; i < 17; i++)
            {
                var socket = server.Open(Attacker, SocketType.Stream);
                socket.Bind(new IPEndPoint(IPAddress.Parse(Attacker), 0));
                connections.Add(socket);
                socket.Connect(Server);
                if (i < 16) AskByTcp(socket, 1);
            }
            Assert.Equal(0, connections[^1].Receive(new byte[1]));
            AskByTcp(connections[0], 1);
            AskByTcp(server, 1);
        }
        finally
        {
            foreach (var socket in connections) socket.Dispose();
        }
    }

    [Fact]
    public async Task Queries_in_one_connection_are_answered_in_their_order()
    {
        using var server = new NameServer();
        await server.TellAsync();
        AskByTcp(server, 50);
    }

    /// <summary>Another client's address, which has asked nothing yet.</summary>
    private static void AskByUdp(NameServer server)
    {
        using var client = server.Open(Client, SocketType.Dgram);
        client.Bind(new IPEndPoint(IPAddress.Parse(Client), 0));
        client.Connect(Server);
        client.ReceiveTimeout = 200;
        var answer = new byte[512];
        var asked = 0;
        Assert.True(SpinWait.SpinUntil(Asked, PodSocket.Patience), $"no answer to {asked} queries");

        // As a resolver does: what the queue had no room for is asked again.
        bool Asked()
        {
            asked++;
            client.Send(Query);
            try
            {
                return answer.AsSpan(0, client.Receive(answer)).EndsWith(Address);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
            {
                return false;
            }
        }
    }

    private static void AskByTcp(NameServer server, int times)
    {
        using var client = server.Open(Client, SocketType.Stream);
        client.Bind(new IPEndPoint(IPAddress.Parse(Client), 0));
        client.Connect(Server);
        AskByTcp(client, times);
    }

    /// <summary>All are sent before an answer is read.</summary>
    private static void AskByTcp(Socket client, int times)
    {
        for (var i = 0; i < times; i++) client.Send([0, (byte)Query.Length, 0, (byte)i, .. Query[2..]]);
        for (var i = 0; i < times; i++)
        {
            var answer = Read(client, Read(client, 2)[1]);
            Assert.Equal(i, answer[1]);
            Assert.Equal(Address, answer[^4..]);
        }
    }

    private static byte[] Read(Socket client, int length)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            var more = client.Receive(bytes.AsSpan(read));
            Assert.NotEqual(0, more);
            read += more;
        }
        return bytes;
    }

    /// <summary>The server may have closed it already.</summary>
    private static void Send(Socket socket, byte[] bytes)
    {
        try
        {
            socket.Send(bytes);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // It has more than its share of connections.
        }
    }
}
