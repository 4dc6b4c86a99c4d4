using System.Net.Sockets;
using Dataplane.Integration.Closed;
using Dataplane.Integration.Live;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Live;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.ShortWay;

/// <summary>A node with two pods, and the packets that the near ends of their pairs have sent.</summary>
internal sealed class ShortLab : IDisposable
{
    public const string A = "x/a", B = "x/b";

    public const int Port = 80;

    public ShortLab(ShortWayMode mode = ShortWayMode.On)
    {
        Live = new LiveLab(shortWay: mode);
        Live.Node.Apply(Open);
    }

    public LiveLab Live { get; }

    public static Cluster Open { get; } = Pods().Cluster;

    /// <summary>Nobody reaches anybody.</summary>
    public static Cluster Closed { get; } = Pods().Policy("x/deny", ingress: []).Cluster;

    /// <summary>The near ends of the pairs of both pods.</summary>
    public InterfaceIndex[] Ports() => [Live.Pod(A).PortIndex, Live.Pod(B).PortIndex];

    /// <summary>
    /// Packets by the bridge that are none of a talk's: the kernel asks for neighbours, and on a busy machine sends
    /// again what was not acknowledged in time. A talk of 20 messages that goes by the bridge makes 40 at least.
    /// </summary>
    public const long Noise = 12;

    /// <summary>
    /// Packets that the node has sent to both pods by its bridge: those of the short way are not among them, since they
    /// go to the far end at once.
    /// </summary>
    public long ByTheBridge() => Sent(Live.Name, Ports());

    /// <inheritdoc cref="ByTheBridge()"/>
    public static long Sent(string node, InterfaceIndex[] ports)
    {
        using var netns = Netns.Open(node);
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        return (long)Links.Dump(route).Where(l => ports.Contains(l.Index)).Sum(l => (decimal)l.SentPackets);
    }

    /// <summary>A connection whose first packets have been judged.</summary>
    public Talk Talk(ProtocolType protocol, AddressFamily family = AddressFamily.InterNetwork, int port = Port)
    {
        var talk = Live.Talk(A, B, protocol, port, family);
        talk.BothWays();
        talk.BothWays();
        return talk;
    }

    /// <summary>Packets that the bridge sends while they talk.</summary>
    public long ByTheBridge(Talk talk, int messages)
    {
        var before = ByTheBridge();
        for (var i = 0; i < messages; i++) talk.BothWays();
        return ByTheBridge() - before;
    }

    public void Dispose() => Live.Dispose();

    public static Lab Pods() => new Lab().Namespace("x").Pod(A).Pod(B);
}
