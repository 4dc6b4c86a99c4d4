using System.Text.Json.Nodes;
using Dataplane.Linux.Frames;

namespace Dataplane.Cli.Tests.Read;

/// <summary>read: what belongs to a flow, and which way it goes.</summary>
public sealed class ReplyTests : IDisposable
{
    private const string Client = "10.244.0.2", Web = "10.244.0.4";
    private const TcpFlags SynAck = TcpFlags.Syn | TcpFlags.Ack;

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_connection_caught_in_the_middle_belongs_to_who_speaks_first() => Sums(
        [Frames.Tcp(Web, 80, Client, 40000, TcpFlags.Ack), Frames.Tcp(Client, 40000, Web, 80, TcpFlags.Ack)],
        "x/web > x/client TCP 40000: 2 packets, 1 replies");

    [Fact]
    public void A_reply_that_says_so_is_one_though_it_comes_first() => Sums(
        [Frames.Tcp(Web, 80, Client, 40000, SynAck), Frames.Tcp(Client, 40000, Web, 80, TcpFlags.Ack)],
        "x/client > x/web TCP 80: 2 packets, 1 replies");

    [Fact]
    public void A_new_connection_between_the_same_ports_the_other_way_is_no_reply() => Sums(
        [Frames.Tcp(Client, 80, Web, 80, TcpFlags.Syn), Frames.Tcp(Web, 80, Client, 80, TcpFlags.Syn),
            Frames.Tcp(Web, 80, Client, 80, TcpFlags.Ack)],
        "x/client > x/web TCP 80: 1 packets, 0 replies", "x/web > x/client TCP 80: 2 packets, 0 replies");

    [Fact]
    public void Echo_and_datagrams()
    {
        var request = Frames.Probe(IpProtocol.Icmp, Client, Web);
        var answer = Frames.Probe(IpProtocol.Icmp, Web, Client);
        answer[34] = 0;
        Sums([request, answer, Frames.Probe(IpProtocol.Udp, Client, Web, 5000, 53),
            Frames.Probe(IpProtocol.Udp, Web, Client, 53, 5000), Frames.Probe(IpProtocol.Udp, Web, Client, 53, 5001)],
            "x/client > x/web ICMP 0: 2 packets, 1 replies", "x/client > x/web UDP 53: 2 packets, 1 replies",
            "x/web > x/client UDP 5001: 1 packets, 0 replies");
    }

    [Fact]
    public void An_error_belongs_to_what_it_quotes()
    {
        var datagram = Frames.Probe(IpProtocol.Udp, Client, Web, 5000, 53);
        // Port unreachable, with the header and eight bytes of the datagram.
        byte[] error =
            [.. Frames.Probe(IpProtocol.Icmp, Web, Client)[..34], 3, 3, 0, 0, 0, 0, 0, 0, .. datagram[14..42]];
        (error[16], error[17]) = (0, (byte)(error.Length - 14));
        Sums([datagram, error], "x/client > x/web UDP 53: 2 packets, 1 replies");
        // Without the first packet of a connection there is no verdict.
        Sums([error]);
    }

    [Fact]
    public void A_later_fragment_is_of_no_flow()
    {
        var fragment = Frames.Probe(IpProtocol.Udp, Client, Web, 5000, 53);
        (fragment[20], fragment[21]) = (0, 9);
        Sums([fragment]);
    }

    [Theory]
    [InlineData("224.0.0.1", "224.0.0.1 is not the address of one machine")]
    [InlineData("192.0.2.1", "neither end is a pod")]
    public void What_no_policy_is_asked_about(string to, string why)
    {
        var json = Read([Frames.Probe(IpProtocol.Udp, "192.0.2.9", to)]);
        Assert.Equal((null, why), ((string?)json["flows"]![0]!["verdict"], (string?)json["flows"]![0]!["reason"]));
    }

    private void Sums(byte[][] frames, params string[] expected) =>
        Assert.Equal(expected, Read(frames)["flows"]!.AsArray().Select(f =>
            $"{f!["from"]} > {f["to"]} {f["protocol"]} {f["port"]}: {f["packets"]} packets, {f["replies"]} replies"));

    private JsonNode Read(byte[][] frames)
    {
        var outcome = _cli.Run("read", _cli.Pcapng(frames), "-f", _cli.Example(), "-o", "json");
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        return outcome.Json;
    }
}
