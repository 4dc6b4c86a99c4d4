using Dataplane.Linux.Frames;

namespace Dataplane.Linux.Tests.Frames;

/// <summary>
/// No input makes a decoder throw: views are spans, so a read out of bounds would be an exception. Each frame lies at
/// the very end of its array and every property is read. Seeds are fixed.
/// </summary>
public sealed class FuzzTests
{
    [Fact]
    public void Random_bytes()
    {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var frame = new byte[random.Next(0, 140)];
            random.NextBytes(frame);
            if (frame.Length > 14)
            {
                // Half of the frames get as far as the IP parser.
                (frame[12], frame[13]) = random.Next(6) switch
                {
                    0 => ((byte)0x86, (byte)0xdd),
                    1 => ((byte)8, (byte)0),
                    2 => ((byte)8, (byte)6),
                    3 => ((byte)0x81, (byte)0),
                    _ => (frame[12], frame[13]),
                };
                frame[14] = (byte)(random.Next(3) switch
                {
                    0 => 0x60 | frame[14] & 0xf,
                    1 => 0x40 | frame[14] & 0xf,
                    _ => frame[14],
                });
            }

            ReadEverything(frame);
        }
    }

    [Fact]
    public void Damaged_and_cut_probes()
    {
        var random = new Random(2);
        ITheoryDataRow[] rows = [.. Probes.All];
        for (var i = 0; i < 100_000; i++)
        {
            var row = rows[i % rows.Length].GetData();
            var frame = Probes.Frame((IpProtocol)row[0]!, (bool)row[1]!);
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                frame[random.Next(12, frame.Length)] = random.Next(3) == 0
                    ? (byte)random.Next(256)
                    : (byte)(new[] { 0, 43, 44, 51, 60, 0xff, 1, 58, 6, 17, 132, 8 })[random.Next(12)];
            }

            ReadEverything(frame[..random.Next(frame.Length + 1)]);
        }
    }

    [Fact]
    public void Random_bytes_are_never_a_probe_with_id_0()
    {
        var random = new Random(3);
        for (var i = 0; i < 50_000; i++)
        {
            var frame = Probes.Frame(IpProtocol.Tcp, v6: false);
            for (var n = 0; n < 3; n++)
            {
                frame[random.Next(34, frame.Length)] = 0;
            }

            Assert.False(ProbeFrame.TryRead(frame, out var identity) && identity.Id == 0);
        }
    }

    private static void ReadEverything(byte[] frame)
    {
        _ = FrameText.Summarise(frame);
        _ = FrameText.SummarisePacket(frame);
        if (ProbeFrame.TryRead(frame, out var identity))
        {
            Assert.NotEqual(0u, identity.Id);
            Assert.False(ProbeFrame.TryReadReply(frame, out _));
        }

        _ = ProbeFrame.TryReadReply(frame, out _);
        _ = ProbeFrame.TryReadPacket(frame, out _);
        _ = ProbeFrame.TryReadReplyPacket(frame, out _);
        foreach (var protocol in Enum.GetValues<IpProtocol>())
        {
            _ = ProbeFrame.TryReadTransport(protocol, default, default, frame, out _);
        }

        if (!EthernetView.TryParse(frame, out var ethernet))
        {
            return;
        }

        _ = (ethernet.Destination, ethernet.Source, ethernet.EtherType, ethernet.TagCount, ethernet.VlanId);
        if (ArpView.TryParse(ethernet.Payload, out var arp))
        {
            _ = (arp.Operation, arp.Sender, arp.SenderMac, arp.Target);
        }

        if (!IpView.TryParse(ethernet.Payload, out var ip))
        {
            return;
        }

        _ = (ip.Source, ip.Destination, ip.TrafficClass, ip.HopLimit, ip.HeaderLength, ip.FragmentOffset,
            ip.MoreFragments);
        var transport = ip.Transport;
        if (TcpView.TryParse(transport, out var tcp))
        {
            _ = (tcp.SourcePort, tcp.DestinationPort, tcp.Sequence, tcp.Acknowledgment, tcp.Flags, tcp.Payload.Length);
        }

        if (UdpView.TryParse(transport, out var udp))
        {
            _ = (udp.SourcePort, udp.DestinationPort, udp.Payload.Length);
        }

        if (SctpView.TryParse(transport, out var sctp))
        {
            _ = (sctp.SourcePort, sctp.DestinationPort, sctp.VerificationTag, sctp.ChunkType, sctp.ChunkFlags,
                sctp.InitiateTag);
        }

        foreach (var v6 in (ReadOnlySpan<bool>)[false, true])
        {
            if (IcmpView.TryParse(transport, v6, out var icmp))
            {
                _ = (icmp.Type, icmp.Code, icmp.IsEchoRequest, icmp.IsEchoReply, icmp.Identifier, icmp.Sequence,
                    icmp.Body.Length);
                _ = icmp.TryReadQuoted(out _);
            }
        }
    }
}
