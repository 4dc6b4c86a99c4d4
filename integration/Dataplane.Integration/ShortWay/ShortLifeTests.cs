using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Dataplane.Integration.Closed;
using Dataplane.Node.Live;

namespace Dataplane.Integration.ShortWay;

/// <summary>Connections on the short way live and end as they do on the long one.</summary>
public sealed partial class ShortLifeTests
{
    private const int Messages = 20;

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
    [Theory]
    [InlineData(ProtocolType.Tcp, "tcp", 431_900, 432_000)]
    [InlineData(ProtocolType.Udp, "udp", 100, 120)]
    public void A_connection_that_is_used_lives(ProtocolType protocol, string name, int left, int whole)
    {
        using var lab = new ShortLab();
        var talk = lab.Talk(protocol);
        Set(lab, name, $"--timeout {left}", protocol == ProtocolType.Udp ? "--status ASSURED,SEEN_REPLY" : "");
        Assert.InRange(lab.ByTheBridge(talk, Messages), 0, 2);
        Assert.InRange(Left(lab, name), whole - 5, whole);
    }

    /// <summary>Where conntrack has shortened the time, it decides.</summary>
    [Theory]
    [InlineData(ProtocolType.Tcp, "tcp", 290)]
    [InlineData(ProtocolType.Udp, "udp", 20)]
    public void With_little_time_left_conntrack_sees_the_packets(ProtocolType protocol, string name, int left)
    {
        using var lab = new ShortLab();
        var talk = lab.Talk(protocol);
        Set(lab, name, $"--timeout {left}");
        var before = lab.ByTheBridge();
        talk.BothWays();
        Assert.InRange(lab.ByTheBridge() - before, 1, 4);
        Assert.True(Left(lab, name) > left);
    }

    /// <summary>A daemon that does not come back leaves it open for some seconds only.</summary>
    [Fact]
    public void Without_a_process_it_ends_with_its_lease()
    {
        using var lab = new ShortLab();
        var talk = lab.Talk(ProtocolType.Tcp);
        Assert.InRange(lab.ByTheBridge(talk, Messages), 0, 2);
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
        Assert.InRange(lab.ByTheBridge(talk, Messages), 0, 2);
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
        Assert.InRange(lab.ByTheBridge(more, Messages), 0, 2);
        // And one that goes leaves nothing behind: its address is another's now.
        lab.Live.Node.Apply(ShortLab.Open);
        Assert.InRange(lab.ByTheBridge(lab.Talk(ProtocolType.Tcp), Messages), 0, 2);
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

    private static void Set(ShortLab lab, string protocol, params string[] what) =>
        lab.Live.Exec("conntrack", $"-U -p {protocol} --dport {ShortLab.Port} {string.Join(' ', what)}");

    /// <summary>Seconds.</summary>
    private static int Left(ShortLab lab, string protocol) => int.Parse(
        Timeout().Match(lab.Live.Exec("conntrack", $"-L -p {protocol} --dport {ShortLab.Port}")).Groups[1].Value,
        CultureInfo.InvariantCulture);

    private static void Await(Func<bool> condition, int seconds = 10) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(seconds)));

    [GeneratedRegex(@"^\S+\s+\d+\s+(\d+) ", RegexOptions.Multiline)]
    private static partial Regex Timeout();
}
