using System.Net.Sockets;
using Dataplane.Integration.Live;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;

namespace Dataplane.Integration.ShortWay;

/// <summary>Who takes the short way, and who does not.</summary>
public sealed class ShortWayTests
{
    private const int Messages = 20;

    public static TheoryData<ProtocolType, AddressFamily> Talks => new()
    {
        { ProtocolType.Tcp, AddressFamily.InterNetwork }, { ProtocolType.Tcp, AddressFamily.InterNetworkV6 },
        { ProtocolType.Udp, AddressFamily.InterNetwork }, { ProtocolType.Udp, AddressFamily.InterNetworkV6 },
    };

    [Theory]
    [MemberData(nameof(Talks))]
    public void What_is_established_takes_it(ProtocolType protocol, AddressFamily family)
    {
        using var lab = new ShortLab();
        // The last packet before may be counted when it has arrived already.
        Assert.InRange(lab.ByTheBridge(lab.Talk(protocol, family), Messages), 0, ShortLab.Noise);
    }

    [Theory]
    [MemberData(nameof(Talks))]
    public void Turned_off_nothing_does(ProtocolType protocol, AddressFamily family)
    {
        using var lab = new ShortLab(ShortWayMode.Off);
        Assert.Equal("it is turned off", lab.Live.Node.NoShortWay);
        // A message, and with TCP perhaps an acknowledgement of its own, each way.
        Assert.InRange(lab.ByTheBridge(lab.Talk(protocol, family), Messages), 2 * Messages, int.MaxValue);
    }

    [Fact]
    public void Turned_on_a_node_that_cannot_have_it_is_not_opened()
    {
        using var unguarded = new LiveLab(guarded: false, shortWay: ShortWayMode.On);
        var refusal = Assert.Throws<LinuxException>(() => unguarded.Node);
        Assert.Equal(Errno.EOPNOTSUPP, refusal.ErrorNumber);
        Assert.Contains("the ports have no guard: it was not asked for", refusal.Message, StringComparison.Ordinal);
        ThreadHome.AssertAllHome();
    }

    /// <summary>Whoever captures at the port sees all packets of the pod.</summary>
    [Fact]
    public void A_port_that_is_watched_sees_all()
    {
        using var lab = new ShortLab();
        var talk = lab.Talk(ProtocolType.Tcp);
        using (lab.Live.Node.ShowAll(lab.Live.Pod(ShortLab.B).PortIndex))
        {
            using var again = lab.Live.Node.ShowAll(lab.Live.Pod(ShortLab.B).PortIndex);
            Assert.InRange(lab.ByTheBridge(talk, Messages), 2 * Messages, int.MaxValue);
            again.Dispose();
            Assert.InRange(lab.ByTheBridge(talk, Messages), 2 * Messages, int.MaxValue);
        }
        Assert.InRange(lab.ByTheBridge(talk, Messages), 0, ShortLab.Noise);
    }

    /// <summary>What a router would have to answer, or to cut, goes to the router.</summary>
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Packets_at_their_last_hop_and_too_large_ones_do_not(AddressFamily family)
    {
        using var lab = new ShortLab();
        var talk = lab.Talk(ProtocolType.Udp, family);
        // Fragments, of so many datagrams that the kernel's own packets are few beside them.
        const int Datagrams = 20;
        var before = lab.ByTheBridge();
        for (var i = 0; i < Datagrams; i++)
        {
            talk.Client.Send(new byte[4000]);
            Assert.Equal(4000, Closed.Talk.Receive(talk.Server).Length);
        }
        Assert.InRange(lab.ByTheBridge() - before, 2 * Datagrams, int.MaxValue);
        // The last hop is the node's: nothing arrives.
        SetHops(1);
        talk.Client.Send("late"u8);
        SetHops(64);
        talk.Client.Send("next"u8);
        Assert.Equal("next"u8.ToArray(), Closed.Talk.Receive(talk.Server));

        // IP_TTL of linux/in.h, IPV6_UNICAST_HOPS of linux/in6.h.
        void SetHops(int hops) => talk.Client.SetRawSocketOption(family == AddressFamily.InterNetwork ? 0 : 41,
            family == AddressFamily.InterNetwork ? 2 : 16, BitConverter.GetBytes(hops));
    }
}
