using Dataplane.Linux.Frames;

namespace Dataplane.Linux.Tests.Frames;

public sealed class ProbeFrameTests
{
    public static TheoryData<IpProtocol, bool> All => Probes.All;

    [Theory, MemberData(nameof(All))]
    public void What_is_written_is_what_is_read(IpProtocol protocol, bool v6)
    {
        var spec = Probes.Spec(protocol, v6);
        var frame = Probes.Frame(spec);

        Assert.True(ProbeFrame.TryRead(frame, out var identity));
        Assert.Equal(spec.Identity, identity);
        Assert.True(ProbeFrame.TryReadPacket(frame.AsSpan(EthernetView.HeaderLength), out identity));
        Assert.Equal(spec.Identity, identity);

        Assert.True(EthernetView.TryParse(frame, out var ethernet));
        Assert.Equal(spec.SourceMac, ethernet.Source);
        Assert.Equal(spec.DestinationMac, ethernet.Destination);
        Assert.True(IpView.TryParse(ethernet.Payload, out var ip));
        Assert.Equal(4, ip.TrafficClass);
        Assert.Equal(64, ip.HopLimit);
        Assert.False(ip.IsFragment);
    }

    [Theory, MemberData(nameof(All))]
    public void Every_checksum_is_right(IpProtocol protocol, bool v6)
    {
        // Ids are walked so that carries of every kind come up.
        for (uint i = 1; i < 5000; i++)
        {
            var frame = Probes.Frame(Probes.Spec(protocol, v6, i * 2654435761u | 1));
            var packet = frame[14..];
            var header = v6 ? 40 : 20;
            var transport = packet[header..];
            if (!v6)
            {
                Assert.Equal(0xffff, IndependentChecksum.OnesComplementSum(packet[..20]));
            }

            switch (protocol)
            {
                case IpProtocol.Sctp:
                    var stored = BitConverter.ToUInt32(transport, 8);
                    transport.AsSpan(8, 4).Clear();
                    Assert.Equal(IndependentChecksum.Crc32c(transport), stored);
                    break;
                case IpProtocol.Icmp:
                    Assert.Equal(0xffff, IndependentChecksum.OnesComplementSum(transport));
                    break;
                default:
                    var pseudo = IndependentChecksum.PseudoHeader(v6 ? packet[8..40] : packet[12..20], (byte)protocol,
                        transport.Length);
                    Assert.Equal(0xffff, IndependentChecksum.OnesComplementSum(pseudo, transport));
                    break;
            }
        }
    }

    [Fact]
    public void A_udp_checksum_is_never_written_as_none()
    {
        // One id among 65,536 makes the sum come out as 0, which means "no checksum" and is invalid over IPv6.
        var seen = false;
        for (uint id = 1; id <= 0x1_0000; id++)
        {
            var frame = Probes.Frame(Probes.Spec(IpProtocol.Udp, v6: true, id));
            Assert.False(frame[60] == 0 && frame[61] == 0, $"id {id}");
            seen |= frame[60] == 0xff && frame[61] == 0xff;
        }

        Assert.True(seen);
    }

    [Theory, MemberData(nameof(All))]
    public void A_cut_frame_is_read_to_the_last_needed_byte_and_no_less(IpProtocol protocol, bool v6)
    {
        var frame = Probes.Frame(protocol, v6);
        var needed = protocol switch
        {
            IpProtocol.Sctp => frame.Length - 12, // up to the initiate tag
            _ => frame.Length,
        };
        for (var length = 0; length <= frame.Length; length++)
        {
            Assert.Equal(length >= needed, ProbeFrame.TryRead(frame.AsSpan(0, length), out _));
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Link_layer_padding_changes_nothing(IpProtocol protocol, bool v6)
    {
        var padded = new byte[200];
        Probes.Frame(protocol, v6).CopyTo(padded, 0);
        Assert.True(ProbeFrame.TryRead(padded, out var identity));
        Assert.Equal(Probes.Spec(protocol, v6).Identity, identity);
    }

    [Theory]
    [InlineData(0)] // the id must not be 0: an initiate tag of 0 is invalid
    [InlineData(1)] // families must agree
    [InlineData(2)] // ICMPv6 does not run over IPv4
    [InlineData(3)] // an echo request has no ports
    [InlineData(4)] // not a protocol we build
    public void What_is_no_probe_is_refused(int what)
    {
        var good = Probes.Spec(IpProtocol.Tcp, v6: false).Identity;
        var bad = what switch
        {
            0 => good with { Id = 0 },
            1 => good with { Destination = IpAddressValue.Parse("fd00::1") },
            2 => good with { Protocol = IpProtocol.Icmpv6, SourcePort = 0, DestinationPort = 0 },
            3 => good with { Protocol = IpProtocol.Icmp },
            _ => good with { Protocol = (IpProtocol)50 },
        };
        Assert.Throws<ArgumentException>(() => Probes.Frame(new ProbeSpec(Probes.Pod, Probes.Gateway, bad)));
    }

    [Fact]
    public void A_fragment_or_a_tagged_frame_is_no_probe()
    {
        var fragment = Probes.Frame(IpProtocol.Udp, v6: false);
        fragment[14 + 6] = 0x20; // more fragments
        Assert.False(ProbeFrame.TryRead(fragment, out _));

        var frame = Probes.Frame(IpProtocol.Udp, v6: false);
        byte[] tagged = [.. frame[..12], 0x81, 0x00, 0x00, 0x05, .. frame[12..]];
        Assert.True(EthernetView.TryParse(tagged, out var view));
        Assert.Equal(5, view.VlanId);
        Assert.False(ProbeFrame.TryRead(tagged, out _));
    }

    [Fact]
    public void An_ethertype_that_contradicts_the_version_is_no_probe()
    {
        var frame = Probes.Frame(IpProtocol.Udp, v6: false);
        (frame[12], frame[13]) = (0x86, 0xdd);
        Assert.False(ProbeFrame.TryRead(frame, out _));
        Assert.False(ProbeFrame.TryReadReply(frame, out _));
    }

    [Fact]
    public void Consecutive_echo_requests_differ_in_the_identifier()
    {
        // conntrack keys an echo exchange by its identifier, not by its sequence number
        var one = Probes.Frame(Probes.Spec(IpProtocol.Icmp, v6: false, 7));
        var two = Probes.Frame(Probes.Spec(IpProtocol.Icmp, v6: false, 8));
        Assert.NotEqual(one[38..40], two[38..40]);
    }

    [Theory, MemberData(nameof(All))]
    public void Reading_and_writing_allocates_nothing(IpProtocol protocol, bool v6)
    {
        var spec = Probes.Spec(protocol, v6);
        var buffer = new byte[ProbeFrame.MaxLength];
        var length = ProbeFrame.Write(buffer, spec);
        ProbeFrame.TryRead(buffer.AsSpan(0, length), out _);
        ProbeFrame.TryReadReply(buffer.AsSpan(0, length), out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            length = ProbeFrame.Write(buffer, spec);
            ProbeFrame.TryRead(buffer.AsSpan(0, length), out _);
            ProbeFrame.TryReadReply(buffer.AsSpan(0, length), out _);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
