using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Dataplane.Integration.Closed;

namespace Dataplane.Integration.ShortWay;

/// <summary>Connections on the short way live and end as they do on the long one.</summary>
public sealed partial class ShortLifeTests
{
    private const int Messages = 20, Days = 432_000;

    private const string TcpLife = "tcp_timeout_established", UdpLife = "udp_timeout_stream";

    /// <summary>
    /// Conntrack has seen the beginning only: what ends the connection is far outside the window that it knows.
    /// </summary>
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void A_reset_after_megabytes_arrives(AddressFamily family)
    {
        using var lab = new ShortLab();
        var talk = lab.Talk(ProtocolType.Tcp, family);
        Stream(talk, 32 << 20);
        talk.Client.LingerState = new LingerOption(true, 0);
        talk.Client.Close();
        var reset = Assert.Throws<SocketException>(() => Talk.Receive(talk.Server));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        // Its entry does not stay: it would count against the pod's limit.
        Await(() => lab.Live.Connections().All(c => c.Original.DestinationPort != ShortLab.Port || !c.IsAlive));
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void One_side_ends_and_the_other_goes_on(AddressFamily family)
    {
        using var lab = new ShortLab();
        var talk = lab.Talk(ProtocolType.Tcp, family);
        Stream(talk, 32 << 20);
        talk.Client.Shutdown(SocketShutdown.Send);
        Assert.Empty(Talk.Receive(talk.Server));
        for (var i = 0; i < Messages; i++)
        {
            talk.Server.Send([(byte)i]);
            Assert.Equal([(byte)i], Talk.Receive(talk.Client));
        }
        talk.Server.Shutdown(SocketShutdown.Send);
        Assert.Empty(Talk.Receive(talk.Client));
        Await(() => lab.Live.Connections().All(c => c.Original.DestinationPort != ShortLab.Port || !c.IsAlive));
    }

    /// <summary>Conntrack does not see the packets, so its entries would end at last.</summary>
    [Fact]
    public void A_connection_that_is_used_lives()
    {
        using var lab = new ShortLab();
        Set(lab, TcpLife, 310);
        var talk = lab.Talk(ProtocolType.Tcp);
        Assert.InRange(Left(lab, "tcp"), 300, 310);
        Set(lab, TcpLife, Days);
        Assert.InRange(lab.ByTheBridge(talk, Messages), 0, ShortLab.Noise);
        Assert.InRange(Left(lab, "tcp"), Days - 5, Days);
    }

    /// <summary>Where conntrack has shortened the time, it decides.</summary>
    [Fact]
    public void With_little_time_left_conntrack_sees_the_packets()
    {
        using var lab = new ShortLab();
        Set(lab, TcpLife, 290);
        var talk = lab.Talk(ProtocolType.Tcp);
        Assert.InRange(lab.ByTheBridge(talk, Messages), 2 * Messages, int.MaxValue);
        // And gives it more when all is acknowledged, which the peer does a little later.
        Set(lab, TcpLife, Days);
        talk.BothWays();
        Await(() => Left(lab, "tcp") > Days - 5);
        Assert.InRange(lab.ByTheBridge(talk, Messages), 0, ShortLab.Noise);
    }

    /// <summary>Only packets that conntrack sees make a flow of datagrams one that lives longer.</summary>
    [Fact]
    public void A_flow_of_datagrams_becomes_assured_and_lives()
    {
        using var lab = new ShortLab();
        Set(lab, UdpLife, 15);
        var talk = lab.Talk(ProtocolType.Udp);
        Await(() =>
        {
            for (var i = 0; i < Messages; i++) talk.BothWays();
            return Line(lab, "udp").Contains("[ASSURED]", StringComparison.Ordinal);
        });
        Set(lab, UdpLife, 120);
        Assert.InRange(lab.ByTheBridge(talk, Messages), 0, ShortLab.Noise);
        Assert.InRange(Left(lab, "udp"), 115, 120);
    }

    /// <summary>A daemon that does not come back leaves it open for some seconds only.</summary>
    [Fact]
    public void Without_a_process_it_ends_with_its_lease()
    {
        using var lab = new ShortLab();
        var talk = lab.Talk(ProtocolType.Tcp);
        Assert.InRange(lab.ByTheBridge(talk, Messages), 0, ShortLab.Noise);
        var closed = Stopwatch.GetTimestamp();
        var (name, ports) = (lab.Live.Name, lab.Ports());
        lab.Live.Close();
        Await(() =>
        {
            var before = ShortLab.Sent(name, ports);
            for (var i = 0; i < Messages; i++) talk.BothWays();
            return ShortLab.Sent(name, ports) - before >= 2 * Messages;
        }, seconds: 30);
        Assert.True(Stopwatch.GetElapsedTime(closed).TotalSeconds < 25);
        // The next process opens it again, with programs of its own.
        lab.Live.Reopen().Apply(ShortLab.Open);
        talk.BothWays();
        talk.BothWays();
        Assert.InRange(lab.ByTheBridge(talk, Messages), 0, ShortLab.Noise);
    }

    /// <summary>While somebody looks at the tables it stays open.</summary>
    [Fact]
    public void A_check_keeps_it_open_and_a_pod_that_comes_takes_it()
    {
        using var lab = new ShortLab();
        Assert.True(lab.Live.Node.Check());
        lab.Live.Node.Apply(ShortLab.Pods().Pod("x/c").Cluster);
        using var more = lab.Live.Talk("x/c", ShortLab.B, ProtocolType.Udp, 81);
        more.BothWays();
        more.BothWays();
        Assert.InRange(lab.ByTheBridge(more, Messages), 0, ShortLab.Noise);
        // And one that goes leaves nothing behind: its address is another's now.
        lab.Live.Node.Apply(ShortLab.Open);
        Assert.InRange(lab.ByTheBridge(lab.Talk(ProtocolType.Tcp), Messages), 0, ShortLab.Noise);
    }

    internal static void Stream(Talk talk, int bytes)
    {
        var chunk = new byte[64 << 10];
        var reading = Task.Run(() =>
        {
            var buffer = new byte[256 << 10];
            for (var left = bytes; left > 0;) left -= talk.Server.Receive(buffer);
        });
        for (var sent = 0; sent < bytes; sent += chunk.Length) talk.Client.Send(chunk);
        reading.GetAwaiter().GetResult();
    }

    /// <summary>Seconds; the node has read them when it has looked at itself.</summary>
    private static void Set(ShortLab lab, string setting, int seconds)
    {
        lab.Live.Exec("sysctl", $"-qw net.netfilter.nf_conntrack_{setting}={seconds}");
        Assert.True(lab.Live.Node.Check());
    }

    /// <summary>Seconds.</summary>
    private static int Left(ShortLab lab, string protocol) =>
        int.Parse(Timeout().Match(Line(lab, protocol)).Groups[1].Value, CultureInfo.InvariantCulture);

    private static string Line(ShortLab lab, string protocol) =>
        lab.Live.Exec("conntrack", $"-L -p {protocol} --dport {ShortLab.Port}");

    private static void Await(Func<bool> condition, int seconds = 10) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(seconds)));

    [GeneratedRegex(@"^\S+\s+\d+\s+(\d+) ", RegexOptions.Multiline)]
    private static partial Regex Timeout();
}
