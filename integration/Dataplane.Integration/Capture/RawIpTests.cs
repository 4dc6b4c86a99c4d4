using System.Net.Sockets;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Native;
namespace Dataplane.Integration.Capture;

public sealed class RawIpTests
{
    public static TheoryData<IpProtocol, bool> AllProbes => VethPair.AllProbes;

    [Theory, MemberData(nameof(AllProbes))]
    public void What_a_node_sends_another_receives(IpProtocol protocol, bool v6)
    {
        using var lab = new VethPair();
        var family = v6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        using var sender = RawIpInjector.Open(lab.Left, family);
        using var receiver = RawIpReceiver.Open(lab.Right, family, protocol);
        var probe = VethPair.Probe(protocol, v6, 4711);
        Span<byte> packet = stackalloc byte[ProbeFrame.MaxLength];
        Assert.True(sender.TrySend(packet[..ProbeFrame.WritePacket(packet, probe)], out _));
        Assert.Equal(probe.Identity, NextProbe(receiver));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void What_the_input_chain_drops_is_not_received(bool v6)
    {
        using var lab = new VethPair();
        lab.Nft('r', "add table inet t; add chain inet t i { type filter hook input priority 0; }; "
            + "add rule inet t i tcp dport 80 drop");
        var family = v6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        using var injector = PacketInjector.Open(lab.Left, VethPair.LeftIndex);
        using var ring = PacketRing.Open(lab.Right, CaptureFilter.Build(ProbeFrame.SnapLength));
        using var receiver = RawIpReceiver.Open(lab.Right, family, IpProtocol.Tcp);
        using var batch = new FrameBatch(2);
        var dropped = VethPair.Probe(IpProtocol.Tcp, v6, 1);
        var passed = dropped with { Identity = dropped.Identity with { Id = 2, DestinationPort = 81 } };
        batch.Add(dropped);
        batch.Add(passed);
        using (CpuPinning.PinCurrentThread())
        {
            injector.Send(batch);
        }

        // The second follows the first on the same CPU: the first would have been received before it.
        Assert.Equal(passed.Identity, NextProbe(receiver));
        Assert.False(receiver.TryRead(out _));
        Assert.True(ring.TryRead(out _));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_refusal_of_the_nodes_own_is_told(bool v6)
    {
        using var lab = new VethPair();
        lab.Nft('l', "add table inet t; add chain inet t o { type filter hook output priority 0; }; "
            + "add rule inet t o tcp dport 80 drop");
        using var sender = RawIpInjector.Open(lab.Left, v6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
        Span<byte> packet = stackalloc byte[ProbeFrame.MaxLength];
        var probe = VethPair.Probe(IpProtocol.Tcp, v6, 1);
        Assert.False(sender.TrySend(packet[..ProbeFrame.WritePacket(packet, probe)], out var errno));
        Assert.Equal(Errno.EPERM, errno);

        var nowhere = probe with
        {
            Identity = probe.Identity with
            {
                DestinationPort = 81, Destination = IpAddressValue.Parse(v6 ? "2001:db8::1" : "192.0.2.1"),
            },
        };
        Assert.False(sender.TrySend(packet[..ProbeFrame.WritePacket(packet, nowhere)], out errno));
        Assert.Equal(Errno.ENETUNREACH, errno);
    }

    private static ProbeIdentity NextProbe(RawIpReceiver receiver)
    {
        for (; ; )
        {
            if (!receiver.TryRead(out var packet))
            {
                Assert.True(receiver.Wait(10_000), "nothing received");
            }
            else if (packet.TryReadProbe(out var identity))
            {
                return identity;
            }
        }
    }
}
