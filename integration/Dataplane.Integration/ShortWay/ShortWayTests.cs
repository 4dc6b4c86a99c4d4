using System.Net.Sockets;
using Dataplane.Node.Live;

namespace Dataplane.Integration.ShortWay;

/// <summary>Who takes the short way, and who does not.</summary>
public sealed class ShortWayTests
{
    private const int Messages = 20, Port = 80;

    public static TheoryData<ProtocolType, AddressFamily> Talks => new()
    {
        { ProtocolType.Tcp, AddressFamily.InterNetwork }, { ProtocolType.Tcp, AddressFamily.InterNetworkV6 },
        { ProtocolType.Udp, AddressFamily.InterNetwork }, { ProtocolType.Udp, AddressFamily.InterNetworkV6 },
    };

    [Theory]
    [MemberData(nameof(Talks))]
    public void What_is_established_takes_it(ProtocolType protocol, AddressFamily family)
    {
        using var lab = new ShortLab(ShortWayMode.On);
        // The last packet before may be counted when it has arrived already.
        Assert.InRange(ByTheBridge(lab, protocol, family), 0, 2);
    }

    [Theory]
    [MemberData(nameof(Talks))]
    public void Turned_off_nothing_does(ProtocolType protocol, AddressFamily family)
    {
        using var lab = new ShortLab(ShortWayMode.Off);
        // A message, and with TCP perhaps an acknowledgement of its own, each way.
        Assert.InRange(ByTheBridge(lab, protocol, family), 2 * Messages, 4 * Messages);
    }

    /// <summary>Packets to both pods that the bridge has sent while they talked.</summary>
    private static long ByTheBridge(ShortLab lab, ProtocolType protocol, AddressFamily family)
    {
        var talk = lab.Live.Talk(ShortLab.A, ShortLab.B, protocol, Port, family);
        talk.BothWays();
        talk.BothWays();
        var before = lab.ByTheBridge(ShortLab.A) + lab.ByTheBridge(ShortLab.B);
        for (var i = 0; i < Messages; i++) talk.BothWays();
        return lab.ByTheBridge(ShortLab.A) + lab.ByTheBridge(ShortLab.B) - before;
    }
}
