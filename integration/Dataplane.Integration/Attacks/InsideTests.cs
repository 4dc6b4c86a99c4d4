using System.Runtime.InteropServices;
using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports;
using Dataplane.Policy.Model;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// What a pod may do to itself: take addresses, listen to everything, mark its packets. None of it leaves the pod.
/// </summary>
[Collection(AttackCollection.Name)]
public sealed class InsideTests(AttackLab lab)
{
    public static TheoryData<string, AddressFamily> Takers =>
        new MatrixTheoryData<string, AddressFamily>(["x/live", "x/isolated", "node", "nobody"],
            [.. AddressFamilies.All]);

    /// <summary>
    /// With an address of another pod the attacker neither sends nor receives, and the owner misses nothing.
    /// </summary>
    [Theory]
    [MemberData(nameof(Takers))]
    public void Takes_an_address(string whose, AddressFamily family)
    {
        var scene = lab.NewScene();
        var before = Whereabouts.Of(lab.Node);
        var address = whose switch
        {
            "x/live" => scene.Live.Address(family),
            "x/isolated" => scene.Isolated.Address(family),
            "node" => scene.Node.Address(family),
            _ => IPAddress.Parse(family == AddressFamily.InterNetwork ? "10.244.7.7" : "fd00:10:244::777"),
        };
        var attacker = lab.Attachment("x/attacker");
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, attacker.Netns);
        var length = family == AddressFamily.InterNetwork ? 32 : 128;
        route.Commit("take an address", batch => Addresses.Add(batch, NodeLayout.PodInterface, address, length));
        try
        {
            Assert.True(SpinWait.SpinUntil(() => Routes.IsLocal(route, address), 10_000));
            using var ear = Listen(attacker);
            Assert.Empty(lab.Fire(scene, () =>
            {
                using var socket = Socket(attacker, family, SocketType.Dgram);
                socket.Bind(new IPEndPoint(address, 5000));
                foreach (var to in new[] { scene.Friend, scene.Bystander, scene.Live, scene.Outside, scene.Node })
                {
                    if (!to.Address(family).Equals(address))
                        socket.SendTo(scene.Tag, new IPEndPoint(to.Address(family), Scene.UdpPort));
                }
                // The owner is still reached where it was.
                foreach (var talk in lab.Talks) talk.BothWays();
            }));
            Assert.Empty(Heard(ear, scene));
        }
        finally
        {
            route.Commit("give it back", batch => Addresses.Delete(batch, NodeLayout.PodInterface, address, length));
        }
        Assert.Equal(before, Whereabouts.Of(lab.Node));
        ThreadHome.AssertAllHome();
    }

    /// <summary>The others talk, through the same bridge; a promiscuous ear hears none of it.</summary>
    [Fact]
    public void Listens_to_everything()
    {
        var scene = lab.NewScene();
        var attacker = lab.Attachment("x/attacker");
        using var promiscuous = attacker.Netns.OpenSocket(17, 3, 0); // AF_PACKET, SOCK_RAW
        SetPromiscuous(promiscuous);
        using var ear = Listen(attacker);
        lab.Fire(scene, () =>
        {
            foreach (var talk in lab.Talks) talk.BothWays();
        });
        Assert.Empty(Heard(ear, scene));
        ThreadHome.AssertAllHome();
    }

    /// <summary>
    /// A mark is how the node's own rules know a source: one that was set in the pod is gone at its end of the cable.
    /// </summary>
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Marks_its_packets(AddressFamily family)
    {
        var scene = lab.NewScene();
        Assert.Empty(lab.Fire(scene, () =>
        {
            foreach (var mark in new uint[] { 0x4000_0010, 0x2000_0010, 0x6000_0010, 0x8000_0001 })
            {
                using var socket = Socket(lab.Attachment("x/attacker"), family, SocketType.Dgram);
                socket.SetRawSocketOption(1, 36, BitConverter.GetBytes(mark)); // SOL_SOCKET, SO_MARK
                foreach (var to in new[] { scene.Isolated, scene.Live })
                    socket.SendTo(scene.Tag, new IPEndPoint(to.Address(family), Scene.UdpPort));
            }
        }));
        ThreadHome.AssertAllHome();
    }

    private static Socket Socket(Attachment of, AddressFamily family, SocketType type)
    {
        using var opened = of.Netns.OpenSocket(family == AddressFamily.InterNetwork ? 2 : 10, (int)type, 0);
        var socket = new Socket(new SafeSocketHandle(opened.DangerousGetHandle(), ownsHandle: true));
        opened.SetHandleAsInvalid();
        return socket;
    }

    private static PacketRing Listen(Attachment attacker) =>
        PacketRing.Open(attacker.Netns, CaptureFilter.Build(256, CaptureDirection.Incoming), NodeLayout.PodInterface,
            frameCount: 512, snapLength: 256);

    /// <summary>
    /// Frames for another MAC address, or between others, or of the attack. The node's control and its refusals are the
    /// attacker's own.
    /// </summary>
    private static List<string> Heard(PacketRing ear, Scene scene)
    {
        var heard = new List<string>();
        for (var control = false; !control;)
        {
            if (!ear.TryRead(out var frame))
            {
                Assert.True(ear.Wait(10_000), "the ear is deaf: it has not heard the control packet either");
                continue;
            }
            Assert.True(EthernetView.TryParse(frame.Data, out var ethernet));
            var isOwn = ethernet.Destination == scene.Attacker.Mac && IpView.TryParse(ethernet.Payload, out var ip)
                && ip.Source.ToIPAddress().Equals(scene.Node.Address(ip.Source.Family))
                && ip.Destination.ToIPAddress().Equals(scene.Attacker.Address(ip.Source.Family));
            control |= frame.Data.IndexOf("control"u8) >= 0;
            if (!isOwn) heard.Add(FrameText.Summarise(frame.Data));
        }
        return heard;
    }

    /// <summary>
    /// <c>struct packet_mreq</c> with PACKET_MR_PROMISC, as PACKET_ADD_MEMBERSHIP (linux/if_packet.h).
    /// </summary>
    private static void SetPromiscuous(SafeFileHandle socket)
    {
        Span<byte> request = stackalloc byte[16];
        BitConverter.TryWriteBytes(request, NodeLayout.PodInterface.Value);
        BitConverter.TryWriteBytes(request[4..], (ushort)1);
        LinuxException.Check(HomeLibc.SetOption(socket, LibC.SOL_PACKET, 1, MemoryMarshal.Read<UInt128>(request)),
            "listen to everything");
    }
}
