using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Native;

namespace Dataplane.Integration.Capture;

public sealed class PacketRingTests
{
    /// <summary>Long enough that only a fault reaches it.</summary>
    private const int Patience = 10_000;

    [Fact]
    public void Injected_frames_all_arrive_in_order_and_nowhere_else()
    {
        const uint Frames = 20_000;
        using var lab = new VethPair();
        using var ring = PacketRing.Open(lab.Right, CaptureFilter.Build(ProbeFrame.SnapLength));
        using var alone = PacketRing.Open(lab.Alone, CaptureFilter.Build(ProbeFrame.SnapLength));
        using var injector = PacketInjector.Open(lab.Left, VethPair.LeftIndex);
        using var batch = new FrameBatch(256);
        using var pin = CpuPinning.PinCurrentThread();
        uint sent = 0, seen = 0;
        while (seen < Frames)
        {
            for (batch.Clear(); sent < Frames && !batch.IsFull;)
            {
                batch.Add(VethPair.Probe(IpProtocol.Udp, v6: (sent & 1) != 0, ++sent));
            }

            injector.Send(batch);
            while (seen < sent)
            {
                if (!ring.TryRead(out var frame))
                {
                    Assert.True(ring.Wait(Patience), $"frame {seen + 1} of {sent} is missing");
                    continue;
                }

                Assert.Equal(VethPair.RightIndex, frame.InterfaceIndex);
                if (ProbeFrame.TryRead(frame.Data, out var identity))
                {
                    Assert.Equal(VethPair.Probe(IpProtocol.Udp, (seen & 1) != 0, ++seen).Identity, identity);
                    Assert.Equal(PacketType.Host, frame.Type);
                    Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(frame.TimestampNanoseconds / 1_000_000),
                        DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
                }
            }
        }

        var counted = ring.Statistics();
        Assert.Equal(0, counted.Dropped);
        Assert.True(counted.Received >= Frames);
        Assert.Equal(counted.Received, ring.Statistics().Received); // the kernel's counters start anew, ours do not
        Assert.False(alone.TryRead(out _));
    }

    [Fact]
    public void A_full_ring_drops_counts_and_recovers()
    {
        using var lab = new VethPair();
        using var ring = PacketRing.Open(lab.Right, OfTypeOfService(4), VethPair.RightIndex, frameCount: 1);
        using var injector = PacketInjector.Open(lab.Left, VethPair.LeftIndex);
        using var batch = new FrameBatch(1000);
        for (var round = 0; round < 2; round++)
        {
            batch.Clear();
            for (uint id = 1; id <= batch.Capacity; id++)
            {
                batch.Add(VethPair.Probe(IpProtocol.Sctp, v6: false, id) with { TrafficClass = 4 });
            }

            injector.Send(batch);
            Assert.True(ring.Wait(Patience));
            uint read = 0;
            while (ring.TryRead(out var frame))
            {
                Assert.True(ProbeFrame.TryRead(frame.Data, out var identity));
                Assert.Equal(++read, identity.Id);
            }

            Assert.Equal(256u, read); // one block of 64 KiB
        }

        Assert.Equal(new CaptureStatistics(2000, 2 * (1000 - 256)), ring.Statistics());
    }

    [Fact]
    public void Filters_tell_directions_apart()
    {
        using var lab = new VethPair();
        using var outgoing = PacketRing.Open(lab.Left,
            [.. CaptureFilter.Build(ProbeFrame.SnapLength, CaptureDirection.Outgoing)[..^1], .. OfTypeOfService(4)]);
        using var incoming =
            PacketRing.Open(lab.Left, CaptureFilter.Build(ProbeFrame.SnapLength, CaptureDirection.Incoming));
        using var sender = RawIpInjector.Open(lab.Left, System.Net.Sockets.AddressFamily.InterNetwork);
        var probe = VethPair.Probe(IpProtocol.Icmp, v6: false, 77) with { TrafficClass = 4 };
        Span<byte> packet = stackalloc byte[ProbeFrame.MaxLength];
        Assert.True(sender.TrySend(packet[..ProbeFrame.WritePacket(packet, probe)], out _));

        Assert.True(outgoing.Wait(Patience));
        Assert.True(outgoing.TryRead(out var there));
        Assert.Equal(PacketType.Outgoing, there.Type);
        Assert.True(ProbeFrame.TryRead(there.Data, out var identity));
        Assert.Equal(probe.Identity, identity);

        Assert.True(incoming.Wait(Patience));
        Assert.True(incoming.TryRead(out var back));
        Assert.Equal(PacketType.Host, back.Type);
        Assert.False(ProbeFrame.TryRead(back.Data, out _));
        Assert.True(ProbeFrame.TryReadReply(back.Data, out var reply));
        Assert.Equal((ProbeReplyKind.EchoReply, probe.Identity), (reply.Kind, reply.Probe));
        Assert.False(outgoing.TryRead(out _));
    }

    [Fact]
    public void An_interface_that_goes_down_is_reported()
    {
        using var lab = new VethPair();
        using var ring = PacketRing.Open(lab.Right, CaptureFilter.Build(ProbeFrame.SnapLength), VethPair.RightIndex);
        using var injector = PacketInjector.Open(lab.Left, VethPair.LeftIndex);
        using var batch = new FrameBatch(1);
        lab.LinkDown('r');
        lab.LinkDown('l');
        while (ring.TryRead(out _))
        {
        }

        Assert.Equal(Errno.ENETDOWN, Assert.Throws<LinuxException>(() => ring.Wait(Patience)).ErrorNumber);
        batch.Add(VethPair.Probe(IpProtocol.Udp, v6: false, 1));
        Assert.Equal(Errno.ENETDOWN, Assert.Throws<LinuxException>(() => injector.Send(batch)).ErrorNumber);
        Assert.Equal(Errno.ENODEV,
            Assert.Throws<LinuxException>(() => PacketInjector.Open(lab.Left, new(999))).ErrorNumber);
        Assert.Equal(Errno.ENODEV,
            Assert.Throws<LinuxException>(() =>
                PacketRing.Open(lab.Left, CaptureFilter.Build(96), new(999))).ErrorNumber);
        ring.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ring.TryRead(out _));
    }

    [Fact]
    public void Pinning_holds_and_is_undone()
    {
        string Allowed() => File.ReadAllLines("/proc/thread-self/status")
            .Single(l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))
            .Split('\t')[1];
        var before = Allowed();
        using (var pin = CpuPinning.PinCurrentThread())
        {
            Assert.Equal(pin.Cpu.ToString(), Allowed());
        }

        Assert.Equal(before, Allowed());
        Assert.Throws<LinuxException>(() => { CpuPinning.PinCurrentThread(1000).Dispose(); });
        Assert.Equal(before, Allowed());
    }

    /// <summary>Keeps IPv4 packets with this TOS byte: nothing of what the interfaces send on their own.</summary>
    private static SockFilter[] OfTypeOfService(byte wanted) =>
    [
        new(0x30, 0, 0, 15),
        new(0x15, 0, 1, wanted),
        new(0x06, 0, 0, ProbeFrame.SnapLength),
        new(0x06, 0, 0, 0),
    ];
}
