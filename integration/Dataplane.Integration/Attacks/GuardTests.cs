using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Programming;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Rules.Guard;
using Dataplane.Rules.Shape;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Attacks;

/// <summary>What a frame asks of the kernel is looked at before it is judged; and fragments have a bound.</summary>
public sealed class GuardTests
{
    private static readonly Cluster Cluster =
        new Lab().Namespace("x").Pod("x/attacker").Pod("x/open").Pod("x/friend").Cluster;

    public static TheoryData<string, AddressFamily> Cases() => new(
        from family in AddressFamilies.All
        from one in GuardCase.All
        select (one.Name, family));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Only_the_packets_own_checksum_is_written(string name, AddressFamily family)
    {
        using var node = new Node(isGuarded: true);
        var one = GuardCase.All.Single(c => c.Name == name);
        var fate = node.Lab.FateOf(one, family);
        // Some forgeries the sender's own kernel refuses; no honest packet.
        if (one.Reason is null || fate != "refused") Assert.Equal(one.Reason ?? "arrived", fate);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void Headers_without_an_end_are_not_followed()
    {
        using var node = new Node(isGuarded: true);
        Assert.Equal(GuardCase.Endless.Reason, node.Lab.FateOf(GuardCase.Endless, AddressFamily.InterNetworkV6));
    }

    /// <summary>The port without its guard is closed for ordinary packets too.</summary>
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void A_port_without_a_guard_is_closed(AddressFamily family)
    {
        using var node = new Node(isGuarded: true);
        Assert.Equal("arrived", node.Lab.FateOf(GuardCase.All[1], family));
        var port = node.Ports.Attachments.OfPod("x/attacker")!.PortIndex;
        node.Ports.Route.Commit("take the guard away", batch => IngressFilters.Delete(batch, port));
        Assert.Equal(DropReason.Unguarded, node.Lab.FateOf(GuardCase.All[1], family));
        Assert.Equal([port], node.Ports.Guard.Without(node.Ports.Route, [port]));
        node.Ports.Route.Commit("put it back", batch => node.Ports.Guard.Put(batch, port));
        Assert.Equal("arrived", node.Lab.FateOf(GuardCase.All[1], family));
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork, true, "arrived")]
    [InlineData(AddressFamily.InterNetworkV6, true, "arrived")]
    [InlineData(AddressFamily.InterNetwork, false, DropReason.Fragment)]
    [InlineData(AddressFamily.InterNetworkV6, false, DropReason.Fragment)]
    public void A_datagram_in_pieces_arrives_where_there_is_a_guard(
        AddressFamily family, bool isGuarded, string expected)
    {
        using var node = new Node(isGuarded);
        Assert.Equal(isGuarded, node.Programmer.Warnings.Count == 0);
        Assert.Equal("arrived", node.Lab.FateOf(GuardCase.All[1], family));
        using var sender = node.Lab.Injector();
        var tag = node.Lab.NewTag();
        Send(sender, Pieces(node.Lab, node.Lab.From(family), family, tag, 1));
        Assert.Equal(expected, node.Lab.FateOf(tag));
    }

    /// <summary>
    /// 6,000 unfinished datagrams of one pod; ten datagrams in pieces of another one arrive meanwhile.
    /// </summary>
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void A_flood_of_fragments_harms_nobody_else(AddressFamily family)
    {
        const int flood = 6000, part = 600;
        using var node = new Node(isGuarded: true);
        using var pinned = CpuPinning.PinCurrentThread();
        using var sender = node.Lab.Injector();
        var friend = node.Ports.Attachments.OfPod("x/friend")!;
        using var other = PacketInjector.Open(friend.Netns, NodeLayout.PodInterface);
        var fates = new List<string>();
        for (var id = 0u; id < flood; id += part)
        {
            Send(sender, [.. Enumerable.Range((int)id, part)
                .Select(i => Pieces(node.Lab, node.Lab.From(family), family, new byte[1300], (uint)i + 1)[0])]);
            var tag = node.Lab.NewTag();
            Send(other, Pieces(node.Lab, ((PodEndpoint)friend.Endpoint!).Address(family)!, family, tag, 1_000_000 + id,
                friend.Mac));
            fates.Add(node.Lab.FateOf(tag));
        }
        Assert.Equal(Enumerable.Repeat("arrived", flood / part), fates);
        var dropped = Regex.Match(
            InNetns.Exec(node.Ports.Netns.Name!, "nft", "list chain bridge dataplane drop_too_many_fragments"),
            "packets ([0-9]+) bytes").Groups[1].Value;
        Assert.True(int.Parse(dropped) > 0 && int.Parse(dropped) <= flood - GuardProgram.FragmentsPerWindow, dropped);
    }

    /// <summary>A datagram in two pieces, of which the first contains the tag.</summary>
    private static byte[][] Pieces(GuardLab lab, IPAddress source, AddressFamily family, byte[] tag, uint id,
        MacAddress? mac = null)
    {
        const int cut = 1384;
        var destination = lab.To(family);
        var whole = Craft.UdpTo(source, destination, 7, 800, [.. tag, .. new byte[2000 - tag.Length]]);
        byte[][] packets = family == AddressFamily.InterNetwork
            ?
            [
                Craft.Ip4(source, destination, Craft.Udp, whole[..cut], id: (ushort)id,
                    fragment: Craft.MoreFragments),
                Craft.Ip4(source, destination, Craft.Udp, whole[cut..], id: (ushort)id, fragment: cut / 8),
            ]
            :
            [
                Craft.Ip6(source, destination, 44, [Craft.Udp, 0, 0, 1, .. Id(id), .. whole[..cut]]),
                Craft.Ip6(source, destination, 44, [Craft.Udp, 0, cut >> 8, cut & 0xff, .. Id(id), .. whole[cut..]]),
            ];
        return [.. packets.Select(p => Craft.Frame(NodeLayout.GatewayMac, mac ?? lab.Mac,
            family == AddressFamily.InterNetwork ? (ushort)0x0800 : (ushort)0x86dd, p))];

        static byte[] Id(uint id) => [.. BitConverter.GetBytes(id).Reverse()];
    }

    private static void Send(PacketInjector sender, byte[][] frames)
    {
        using var batch = new FrameBatch(frames.Length, 1514);
        foreach (var frame in frames)
        {
            frame.CopyTo(batch.Next());
            batch.Commit(frame.Length);
        }
        sender.Send(batch);
    }

    private sealed class Node : IDisposable
    {
        public Node(bool isGuarded)
        {
            var plan = NodePlan.Private(RunName.Next(), NodeOptions.Default);
            Ports = PrivateNode.Create(plan with { Shape = plan.Shape with { IsGuarded = isGuarded } });
            var pods = Ports.AttachPods(Cluster.Pods);
            Programmer = new RulesetProgrammer(Ports);
            Programmer.Program(Cluster);
            Lab = new GuardLab(Ports.Netns, f => Cluster.Pods[0].Address(f)!, pods[0].Netns, pods[0].Mac,
                f => Cluster.Pods[1].Address(f)!, pods[1].Netns);
        }

        public PrivateNode Ports { get; }

        public RulesetProgrammer Programmer { get; }

        public GuardLab Lab { get; }

        public void Dispose()
        {
            Lab.Dispose();
            Programmer.Dispose();
            Ports.Dispose();
        }
    }
}
