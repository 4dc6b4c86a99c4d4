using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
namespace Dataplane.Integration.Attacks;

/// <summary>
/// A pod with a packet socket (CAP_NET_RAW, CAP_NET_ADMIN) sends arbitrary frames. No pod receives denied packets, no
/// traffic is redirected, live connections continue.
/// </summary>
public abstract class AttackBattery(AttackLab lab)
{
    public static TheoryData<string> Names => [.. Attack.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Does_not_get_through(string name)
    {
        var attack = Attack.All[name];
        var scene = lab.NewScene();
        var before = Whereabouts.Of(lab.Node);
        var seen = lab.Fire(scene, attack.Frames(scene));
        Assert.DoesNotContain(seen, s => !attack.MayReach.Contains(s.Where));
        Assert.Equal(before, Whereabouts.Of(lab.Node));
        Assert.All(lab.Talks, talk =>
        {
            Assert.Equal(1500, Mtu(talk.Client));
            Assert.Equal(1500, Mtu(talk.Server));
            talk.BothWays();
        });
        ThreadHome.AssertAllHome();
    }

    /// <summary>
    /// Of the way to the peer, as this end has learned it: IP_MTU of linux/in.h, IPV6_MTU of linux/in6.h.
    /// </summary>
    private static int Mtu(Socket socket)
    {
        Span<byte> mtu = stackalloc byte[4];
        var (level, option) = socket.LocalEndPoint!.AddressFamily == AddressFamily.InterNetwork ? (0, 14) : (41, 24);
        socket.GetRawSocketOption(level, option, mtu);
        return BitConverter.ToInt32(mtu);
    }
}
