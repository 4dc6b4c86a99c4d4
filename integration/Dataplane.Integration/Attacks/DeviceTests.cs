using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports;
using Dataplane.Policy.Model;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// A pod with CAP_NET_ADMIN puts devices on top of its eth0, with MAC addresses and IP addresses of its choice, and
/// sends by them. The port, the MAC address and the IP address of a pod belong together, so nothing leaves but what the
/// pod may send by eth0. Tags of VLANs are <see cref="LinkLayer"/>'s, tunnels <see cref="Tunnels"/>'.
/// </summary>
[Collection(AttackCollection.Name)]
public sealed class DeviceTests(AttackLab lab)
{
    private const string Eth0 = "eth0";

    /// <summary>
    /// How the device d0 is made. Its MAC address is its own, but for those of the last three: eth0's.
    /// </summary>
    private static readonly Dictionary<string, string[]> Devices = new()
    {
        ["macvlan"] = [$"link add d0 link {Eth0} type macvlan mode bridge"],
        ["macvlan, private"] = [$"link add d0 link {Eth0} type macvlan mode private"],
        ["macvtap"] = [$"link add d0 link {Eth0} type macvlan mode vepa"],
        ["bridge"] = ["link add d0 type bridge", "link set d0 address 02:00:00:00:77:01", $"link set {Eth0} master d0"],
        ["macvlan with eth0's MAC address"] = [$"link add d0 link {Eth0} type macvlan mode passthru"],
        ["bridge with eth0's MAC address"] = ["link add d0 type bridge", $"link set {Eth0} master d0"],
        ["tun"] = ["tuntap add dev d0 mode tun"],
    };

    public static TheoryData<string, string, AddressFamily> Matrix =>
        new MatrixTheoryData<string, string, AddressFamily>(
            Devices.Keys, ["its own", "x/live", "node", "nobody"], [.. AddressFamilies.All]);

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Sends_by_a_device_of_its_own(string device, string whose, AddressFamily family)
    {
        var scene = lab.NewScene();
        var before = Whereabouts.Of(lab.Node);
        var attacker = lab.Attachment("x/attacker");
        // The friend: whom x/live may talk to, and so whoever is taken for it.
        var targets = new[] { scene.Isolated, scene.Live, scene.Friend, scene.Bystander };
        var (isFour, own) = (family == AddressFamily.InterNetwork, scene.Attacker.Address(family));
        var address = whose switch
        {
            "its own" => own,
            "x/live" => scene.Live.Address(family),
            "node" => scene.Node.Address(family),
            _ => IPAddress.Parse(isFour ? "10.99.0.1" : "fd99::1"),
        };
        try
        {
            foreach (var command in Devices[device]) Ip(attacker, command);
            Ip(attacker, "link set d0 up");
            Ip(attacker, isFour ? $"addr add {address}/32 dev d0" : $"addr add {address}/128 dev d0 nodad");
            // A device without the gateway's neighbour entry would ask for it, and nobody answers.
            var gateway = scene.Node.Address(family);
            if (device != "tun" && whose != "node")
            {
                Ip(attacker, $"neigh replace {gateway} lladdr {NodeLayout.GatewayMac} dev d0 nud permanent");
                foreach (var to in targets)
                {
                    if (to.Address(family).Equals(address)) continue;
                    Ip(attacker,
                        $"route add {to.Address(family)} via {gateway} dev d0 onlink metric 1 src {address}");
                }
            }
            var seen = lab.Fire(scene, () =>
            {
                using var socket = PodSocket.Open(attacker.Netns, address, SocketType.Dgram, ProtocolType.Udp);
                socket.Bind(new IPEndPoint(address, 0));
                foreach (var to in targets)
                {
                    if (to.Address(family).Equals(address)) continue;
                    for (var i = 0; i < 3; i++)
                        socket.SendTo(scene.Tag, new IPEndPoint(to.Address(family), Scene.UdpPort));
                }
            });
            // With its own address and MAC address it is the pod, whatever its devices are called.
            var isPod = whose == "its own" && (device.EndsWith("eth0's MAC address", StringComparison.Ordinal)
                || device == "tun");
            Assert.Equal(isPod ? ["x/bystander"] : [], seen.Select(s => s.Where).Distinct());
        }
        finally
        {
            Ip(attacker, $"link set {Eth0} nomaster");
            Ip(attacker, "link del d0");
        }
        Assert.Equal(before, Whereabouts.Of(lab.Node));
        Assert.Equal(["x/bystander"], lab.Fire(scene = lab.NewScene(), () =>
        {
            using var socket = PodSocket.Open(attacker.Netns, own, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(scene.Attacker.Address(family), 0));
            socket.SendTo(scene.Tag, new IPEndPoint(scene.Bystander.Address(family), Scene.UdpPort));
        }).Select(s => s.Where).Distinct());
        ThreadHome.AssertAllHome();
    }

    private static string Ip(Attachment pod, string arguments) => InNetns.Exec(pod.Netns, "ip", arguments);
}
