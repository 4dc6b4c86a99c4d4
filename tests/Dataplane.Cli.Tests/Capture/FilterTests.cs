using Dataplane.Cli.Capture;
using Dataplane.Cli.Tests.Read;
using Dataplane.Api;
using Dataplane.Linux.Capture;
using PacketDotNet;
using SharpPcap.LibPcap;

namespace Dataplane.Cli.Tests.Capture;

/// <summary>capture --filter: libpcap compiles here, and the daemon gets a program.</summary>
public sealed class FilterTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    /// <param name="words">What every version of libpcap says.</param>
    [Theory]
    [InlineData("tcp dst port", "syntax error")]
    [InlineData("tcp port 70000", "illegal port number 70000")]
    [InlineData("ip broadcast", "netmask not known")]
    [InlineData("inbound",
        "its program cannot run in the kernel beside ours: instruction 0: reads what is not in the frame")]
    [InlineData("ip6 protochain 17",
        "its program cannot run in the kernel beside ours: instruction 18: jumps past the end")]
    public void A_wrong_expression_is_told_in_libpcaps_words_and_nothing_is_asked(string expression, string words)
    {
        using var daemon = new CannedDaemon(_cli.Socket);
        var outcome = _cli.Run("capture", "x/web", "--filter", expression, "-w", "-");
        Assert.Equal((2, ""), (outcome.Exit, outcome.Out));
        Assert.StartsWith($"dataplane: --filter \"{expression}\": ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(words, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(daemon.Asked);
    }

    [Fact]
    public void An_expression_that_is_too_long_is_refused()
    {
        var expression =
            string.Join(" or ", Enumerable.Range(0, 1100).Select(i => $"ip[{i}] = 7 and ip[{i + 1}:2] = {i}"));
        var outcome = _cli.Run("capture", "x/web", "--filter", expression, "-w", "-");
        Assert.Equal(2, outcome.Exit);
        Assert.Matches("^dataplane: --filter \"ip.{98}[.]{3}\": its program cannot run in the kernel beside ours: "
            + "[0-9]+ instructions, where 1 to 4000 can be\n$", outcome.Error);
    }

    [Fact]
    public void The_daemon_gets_the_program()
    {
        using var daemon = new CannedDaemon(_cli.Socket).Says("POST /v1/capture", []).Says(
            "GET /v1/pods", new PodsResponse("n", "dp0", "", "", []), ApiJson.Default.PodsResponse);
        var outcome = _cli.Run("capture", "web", "-n", "x", "--count", "2", "--filter", "arp", "-w", "-");
        Assert.Equal((0, "0 packets\n"), (outcome.Exit, outcome.Error));
        // tcpdump -ddd arp
        Assert.Equal("""{"pod":"x/web","count":2,"filter":[{"code":40,"jt":0,"jf":0,"k":12},{"code":21,"jt":0,"jf":1,"k":2054},{"code":6,"jt":0,"jf":0,"k":65536},{"code":6,"jt":0,"jf":0,"k":0}]}""",
            daemon.Asked[^1].Body);
    }

    /// <summary>Our machine, which filters the drop log, beside libpcap's own.</summary>
    [Theory]
    [InlineData("tcp port 80")]
    [InlineData("udp or icmp6")]
    [InlineData("host 10.244.0.2 and not tcp")]
    [InlineData("net fd00:10:244::/64 and dst port 80")]
    [InlineData("tcp[tcpflags] & (tcp-syn|tcp-fin) != 0")]
    [InlineData("ip[8] - 1 = 63 and ip[2:2] * 2 > 60")]
    [InlineData("ip[0] & 0xf << 2 = 20 or udp[4:2] / 2 = 8")]
    [InlineData("ether src 0a:58:0a:f4:00:03 and (sctp or udp portrange 50-90)")]
    [InlineData("less 60 or vlan 5 and ip")]
    [InlineData("icmp[icmptype] = icmp-echo or len % 7 = 1")]
    public void Programs_mean_here_what_they_mean_to_libpcap(string expression)
    {
        using var theirs = BpfProgram.Create(LinkLayers.Ethernet, expression);
        var ours = FilterProgram.TryCreate(Instructions(expression), out var none);
        Assert.Null(none);
        var (random, both) = (new Random(5), new int[2]);
        for (var round = 0; round < 4000; round++)
        {
            var frame = Frames.Random(random);
            var takes = theirs.Matches(frame);
            Assert.Equal(takes, ours!.Accepts(frame, frame.Length));
            both[takes ? 1 : 0]++;
        }
        Assert.All(both, n => Assert.NotEqual(0, n));
    }

    private static SockFilter[] Instructions(string expression) =>
        [.. PcapFilter.Compile(expression).Select((FilterInstruction i) => new SockFilter(i.Code, i.Jt, i.Jf, i.K))];
}
