using System.Net;
using System.Net.Sockets;
using System.Text;
using Dataplane.Runtime.Answering;

namespace Dataplane.Runtime.Tests.Answering;

/// <summary>Answers as clients see them, by loopback.</summary>
public sealed class ResponderTests : IDisposable
{
    private readonly Responder _responder = new("shop/web-0", [0], [0], connections: 4);

    public ResponderTests() => _responder.Start();

    private int Tcp => _responder.Ports[0];

    public void Dispose() => _responder.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_browser_learns_who_answers_and_what_it_asked(string address)
    {
        using var client = new HttpClient();
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{host}:{Tcp}/cart?x=1")
        {
            Content = new StringContent(new string('b', 40_000)),
        };
        request.Headers.Add("X-Own", "yes");
        // The second one comes by the same connection, behind the body of the first.
        for (var turn = 0; turn < 2; turn++)
        {
            var stop = TestContext.Current.CancellationToken;
            using var response = turn == 0 ? await client.SendAsync(request, stop)
                : await client.GetAsync(new Uri($"http://{host}:{Tcp}/again"), stop);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var body = await response.Content.ReadAsStringAsync(stop);
            Assert.StartsWith($"shop/web-0 TCP {host}:{Tcp} from {host}:", body, StringComparison.Ordinal);
            Assert.Contains(turn == 0 ? "\n\nPOST /cart?x=1 HTTP/1.1\r\n" : "\n\nGET /again HTTP/1.1\r\n", body,
                StringComparison.Ordinal);
            Assert.Equal(turn == 0, body.Contains("X-Own: yes", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\nHost: a\n\n", true, false)]
    [InlineData("HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n", false)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", true)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", true)]
    public void Heads_of_requests(string head, bool hasBody, bool closes = true)
    {
        using var client = Connect();
        client.Send(Encoding.ASCII.GetBytes(head));
        if (!closes) client.Shutdown(SocketShutdown.Send);
        var response = ToEnd(client);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", response, StringComparison.Ordinal);
        Assert.Equal(hasBody, response.Contains("\r\n\r\nshop/web-0 TCP", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hello\n", "hello\n")]
    [InlineData("hello\r\nyou\n", "hello\nyou\n")]
    [InlineData("no end", "no end\n")]
    [InlineData("", "\n")]
    [InlineData("GET /nothing\r\n", "GET /nothing\n")]
    [InlineData("GET / HTTP/2.0\r\n", "GET / HTTP/2.0\n")]
    [InlineData("\u0016\u0003\u0001\n", "\u0016\u0003\u0001\n")]
    public void Other_clients_get_their_lines_back(string sent, string wanted)
    {
        using var client = Connect();
        client.Send(Encoding.ASCII.GetBytes(sent));
        client.Shutdown(SocketShutdown.Send);
        var own = $"shop/web-0 TCP 127.0.0.1:{Tcp} from {client.LocalEndPoint}: ";
        Assert.Equal(string.Concat(wanted.TrimEnd('\n').Split('\n').Select(l => $"{own}{l}\n")), ToEnd(client));
    }

    [Fact]
    public void A_line_without_end_is_answered_in_parts()
    {
        using var client = Connect();
        client.Send(new byte[100_000]);
        client.Shutdown(SocketShutdown.Send);
        var answer = ToEnd(client);
        Assert.Equal(100_000, answer.Count(c => c == '\0'));
        Assert.InRange(answer.Count(c => c == '\n'), 7, 8);
    }

    [Fact]
    public void A_head_without_end_ends_the_connection()
    {
        using var client = Connect();
        client.Send(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nX: " + new string('x', 20_000)));
        Assert.Equal("", ToEnd(client));
    }

    [Fact]
    public void The_oldest_connection_makes_room()
    {
        using var first = Connect();
        first.Send("one\n"u8);
        _ = Some(first);
        var others = Enumerable.Range(0, 4).Select(_ => Connect()).ToList();
        Assert.Equal("", ToEnd(first));
        others[^1].Send("two\n"u8);
        Assert.EndsWith(": two\n", Some(others[^1]), StringComparison.Ordinal);
        others.ForEach(o => o.Dispose());
    }

    [Fact]
    public void A_datagram_is_answered_and_an_answer_is_not()
    {
        using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        client.Connect(IPAddress.Loopback, _responder.Ports[1]);
        var own = $"shop/web-0 UDP 127.0.0.1:{_responder.Ports[1]} from {client.Client.LocalEndPoint}: ";
        client.Send("x/y UDP 10.0.0.1:53 from 10.0.0.2:53: ping\n"u8);
        client.Send("ping\n"u8);
        IPEndPoint? from = null;
        Assert.Equal(own + "ping\n", Encoding.UTF8.GetString(client.Receive(ref from)));
        client.Send([]);
        Assert.Equal(own + "\n", Encoding.UTF8.GetString(client.Receive(ref from)));
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, Tcp);
        return socket;
    }

    private static string Some(Socket socket)
    {
        var buffer = new byte[1000];
        return Encoding.Latin1.GetString(buffer, 0, socket.Receive(buffer));
    }

    /// <summary>What comes until the other side closes; a reset is such an end.</summary>
    private static string ToEnd(Socket socket)
    {
        var (text, buffer) = (new StringBuilder(), new byte[1 << 16]);
        try
        {
            while (socket.Receive(buffer) is var read and > 0) text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
        }
        return text.ToString();
    }
}
