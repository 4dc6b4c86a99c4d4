using System.Buffers.Binary;
using Dataplane.Linux.Frames;
using PacketDotNet;
using static Dataplane.Linux.Tests.Frames.Probes;

namespace Dataplane.Linux.Tests.Frames;

/// <summary>
/// Our codec beside PacketDotNet, which others wrote: what we build, it reads as we mean it, and both read foreign
/// frames alike. It has no SCTP, so that stays with the golden frames.
/// </summary>
public sealed class SecondDecoderTests
{
    private const string Header6 =
        "60a00000 @LEN @NEXT 40 fd000010024400000000000000000003 fd000010024400000000000000000002 ";
    private const string Udp = "b0c2 0050 0010 0000 64707262 12345678";

    /// <summary>
    /// IP in IP with a header length of 0: asked for payload after payload PacketDotNet never ends, and its ToString
    /// overflows the stack.
    /// </summary>
    private const string Fatal = "0a580af40001 0a580af40003 0800 4000 0028 0000 4000 4004 0000 0af40003 0af40002";

    public static TheoryData<bool, string> Tagged => new()
    {
        { false, "" }, { true, "" }, { false, "8100 2064" }, { true, "8100 0001" }, { false, "88a8 0064 8100 0007" },
        { true, "88a8 0fff 8100 0001" },
    };

    [Theory]
    [MemberData(nameof(Tagged))]
    public void Tcp_and_its_tags(bool v6, string tags)
    {
        var (theirs, ip) = Both<TcpPacket>(Tag(Frame(IpProtocol.Tcp, v6), tags));
        Assert.True(TcpView.TryParse(ip.Transport, out var ours));
        Assert.Equal((theirs.SourcePort, theirs.DestinationPort, theirs.SequenceNumber, theirs.AcknowledgmentNumber,
            theirs.Flags & 0xff),
            (ours.SourcePort, ours.DestinationPort, ours.Sequence, ours.Acknowledgment, (byte)ours.Flags));
        Assert.Equal(theirs.PayloadData, ours.Payload.ToArray());
        Assert.True(theirs.ValidChecksum);
    }

    [Theory]
    [MemberData(nameof(Tagged))]
    public void Udp_and_its_tags(bool v6, string tags)
    {
        var (theirs, ip) = Both<UdpPacket>(Tag(Frame(IpProtocol.Udp, v6), tags));
        Assert.True(UdpView.TryParse(ip.Transport, out var ours));
        Assert.Equal((theirs.SourcePort, theirs.DestinationPort, theirs.Length),
            (ours.SourcePort, ours.DestinationPort, ours.Payload.Length + UdpView.HeaderLength));
        Assert.Equal(theirs.PayloadData, ours.Payload.ToArray());
        Assert.True(theirs.ValidChecksum);
    }

    [Fact]
    public void Icmp()
    {
        var (theirs, ip) = Both<IcmpV4Packet>(Frame(IpProtocol.Icmp, v6: false));
        Assert.True(IcmpView.TryParse(ip.Transport, isIPv6: false, out var ours));
        Assert.Equal(((ushort)theirs.TypeCode, theirs.Id, theirs.Sequence),
            ((ushort)(ours.Type << 8 | ours.Code), ours.Identifier, ours.Sequence));
        Assert.Equal(theirs.Data, ours.Body.ToArray());
        Assert.True(theirs.ValidIcmpChecksum);
    }

    [Theory]
    [InlineData("00", "1100 050200000000", 8)] // hop-by-hop with router alert
    [InlineData("3c", "1100 010400000000", 8)] // destination options
    [InlineData("2b", "1102 0401 00000000 fd000010024400000000000000000009", 24)] // routing
    [InlineData("2c", "1100 0000 00000001", 8)] // atomic fragment
    [InlineData("00", "3c00 010400000000 1100 010400000000", 16)]
    public void Extension_headers(string next, string headers, int length)
    {
        var frame = Hex("0a580af40001 0a580af40003 86dd"
            + Header6.Replace("@LEN", (length + 16).ToString("x4")).Replace("@NEXT", next) + headers + Udp);
        var (theirs, ip) = Both<UdpPacket>(frame);
        Assert.True(UdpView.TryParse(ip.Transport, out var ours));
        Assert.Equal((theirs.SourcePort, theirs.DestinationPort), (ours.SourcePort, ours.DestinationPort));
        Assert.Equal(length, ip.HeaderLength - 40);
    }

    [Fact]
    public void Arp()
    {
        var frame =
            Hex("ffffffffffff 0a580af40003 0806 0001 0800 06 04 0001 0a580af40003 0af40003 000000000000 0af40001");
        var theirs = Find<ArpPacket>(frame)!;
        Assert.True(EthernetView.TryParse(frame, out var ethernet));
        Assert.True(ArpView.TryParse(ethernet.Payload, out var ours));
        Assert.Equal(((ushort)theirs.Operation, theirs.SenderProtocolAddress, theirs.TargetProtocolAddress),
            (ours.Operation, ours.Sender.ToIPAddress(), ours.Target.ToIPAddress()));
    }

    [Fact]
    public void The_frame_that_ends_the_other_decoder_is_refused_by_ours()
    {
        var frame = Hex(Fatal);
        Assert.True(EthernetView.TryParse(frame, out var ethernet));
        Assert.False(ethernet.TryReadIp(out _));
        Assert.False(IpView.TryParse(ethernet.Payload, out _));
        Assert.Equal("20 bytes, no whole IP header", FrameText.Summarise(frame));
        // So it is one level further in, where an ICMP error may quote it.
        byte[] icmp = [.. Hex("0301 0000 00000000"), .. frame[EthernetView.HeaderLength..]];
        Assert.True(IcmpView.TryParse(icmp, isIPv6: false, out var error));
        Assert.False(error.TryReadQuoted(out _));
        // And the other decoder still has the fault that it is kept away from the daemon for.
        var packet = Packet.ParsePacket(LinkLayers.Ethernet, frame);
        for (var layer = 0; layer < 1000; layer++) Assert.NotNull(packet = packet.PayloadPacket);
    }

    /// <summary>The kernel takes the family from the ethertype: a packet of the other version is none.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_ethertype_says_the_family(bool v6)
    {
        var frame = Frame(IpProtocol.Udp, v6);
        Assert.True(Parse(frame));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), v6 ? EtherTypes.IPv4 : EtherTypes.IPv6);
        Assert.False(Parse(frame));
        Assert.False(ProbeFrame.TryRead(frame, out _));
        Assert.EndsWith("no whole IP header", FrameText.Summarise(frame), StringComparison.Ordinal);
        Assert.Null(Find<UdpPacket>(frame));

        static bool Parse(byte[] frame) => EthernetView.TryParse(frame, out var ethernet) && ethernet.TryReadIp(out _);
    }

    /// <summary>The frame as both see it, with addresses, protocol and hop limit compared.</summary>
    private static Pair<T> Both<T>(byte[] frame)
        where T : Packet
    {
        var theirs = Find<T>(frame);
        Assert.NotNull(theirs);
        var outer = Find<IPPacket>(frame)!;
        Assert.True(EthernetView.TryParse(frame, out var ethernet));
        Assert.True(ethernet.TryReadIp(out var ip));
        Assert.Equal((outer.SourceAddress, outer.DestinationAddress, outer.TimeToLive, (byte)outer.Protocol),
            (ip.Source.ToIPAddress(), ip.Destination.ToIPAddress(), ip.HopLimit, (byte)ip.Protocol));
        if (outer is IPv4Packet four) Assert.Equal((four.TypeOfService, true), (ip.TrafficClass, four.ValidIPChecksum));
        if (outer is IPv6Packet six) Assert.Equal(six.TrafficClass, ip.TrafficClass);
        if (Find<Ieee8021QPacket>(frame) is { } tag) Assert.Equal(tag.VlanIdentifier, ethernet.VlanId);
        else Assert.Equal(0, ethernet.TagCount);
        return new Pair<T>(theirs, ip);
    }

    /// <summary>The outermost layer of a kind; a bounded walk, for reasons that <see cref="Fatal"/> shows.</summary>
    private static T? Find<T>(byte[] frame)
        where T : Packet
    {
        try
        {
            // A copy: it fills in what it finds to be 0.
            var packet = Packet.ParsePacket(LinkLayers.Ethernet, [.. frame]);
            for (var layer = 0; layer < 8 && packet is not null; layer++, packet = packet.PayloadPacket)
                if (packet is T found) return found;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What it cannot take apart.
        }
        return null;
    }

    private static byte[] Tag(byte[] frame, string tags) => [.. frame[..12], .. Hex(tags), .. frame[12..]];

    private readonly ref struct Pair<T>(T theirs, IpView ours)
    {
        private readonly IpView _ours = ours;

        public void Deconstruct(out T theirPacket, out IpView ourView)
        {
            theirPacket = theirs;
            ourView = _ours;
        }
    }
}
