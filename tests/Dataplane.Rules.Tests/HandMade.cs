using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Shape;

namespace Dataplane.Rules.Tests;

/// <summary>
/// A class table written down number by number: two pods, one of each kind of entry in each direction.
/// </summary>
internal static class HandMade
{
    private static readonly SourcePosition Here = new("hand.yaml", 1, 1);

    private static readonly AddressClasses A4 = Address("a", "10.244.0.2", Roles(16, 0, 16, 19), Roles(17, 20, 0, 0));
    private static readonly AddressClasses B6 =
        Address("b", "fd00:10:244::3", Roles(17, 20, 17, 0), Roles(16, 0, 18, 19));

    public static readonly TierTable NoTiers = new([], []);

    public static readonly ClassTable Table = new([A4, B6], OneOfEach, OneOfEach, NoTiers, NoTiers, []);

    public static IReadOnlyList<PortAddress> Ports { get; } =
        [new(new(1001), new(0x0200_0100_0000), A4), new(new(1002), new(0x0200_0100_0001), B6)];

    private static DirectionTable OneOfEach => new(
        [new(16), new(17)],
        [
            new(new(16), Realm.PodsIPv4, PortRange.Everything),
            new(new(16), new(18), new(FlowProtocol.Sctp, 0, ushort.MaxValue)),
            new(new(16), new(18), new(FlowProtocol.Tcp, 80, 80)),
            new(new(17), new(18), new(FlowProtocol.Udp, 8000, 8010)),
        ],
        [new(new(16), new(21))],
        [
            new(AddressFamily.InterNetwork, Range("10.0.0.0/8"), new(21)),
            new(AddressFamily.InterNetworkV6, Range("ff00::/8"), new(22)),
        ],
        [new(AddressFamily.InterNetwork, Range("0.0.0.0/1"), new(23))]);

    public static NodeRuleset Ruleset(ClassTable? table = null, IReadOnlyList<PortAddress>? ports = null,
        uint epoch = 1) =>
        NodeRuleset.Build(NodeShape.Default, table ?? Table, ports ?? Ports, epoch);

    private static RoleClasses Roles(uint subject, uint subjectGroup, uint peer, uint peerGroup) =>
        new(new(subject), new(subjectGroup), new(peer), new(peerGroup));

    private static AddressRange Range(string network) => AddressRange.Of(IPNetwork.Parse(network));

    private static AddressClasses Address(string name, string address, RoleClasses egress, RoleClasses ingress)
    {
        var ip = IPAddress.Parse(address);
        var isFour = ip.AddressFamily == AddressFamily.InterNetwork;
        var pod = new PodEndpoint(new PodObject("x", name, new Dictionary<string, string>(), [], false, [], Here),
            isFour ? ip : null, isFour ? null : ip);
        return new AddressClasses(pod, ip, egress, ingress, default, default);
    }
}
