using System.Net;
using Dataplane.Linux.Frames;
using static Dataplane.Linux.Tests.Frames.Probes;

namespace Dataplane.Linux.Tests.Frames;

public sealed class DecoderTests
{
    private const string Header6 =
        "60000000 @LEN @NEXT 40 fd000010024400000000000000000003 fd000010024400000000000000000002 ";
    private const string Udp = "b0c2 0050 0010 0000 64707262 12345678";

    private static byte[] V6(int length, string next, string rest) =>
        Hex(Header6.Replace("@LEN", length.ToString("x4")).Replace("@NEXT", next) + rest);

    [Theory]
    [InlineData("00", "1100 050200000000", 8)] // hop-by-hop with router alert
    [InlineData("3c", "1100 010400000000", 8)] // destination options
    [InlineData("2b", "1102 0401 00000000 fd000010024400000000000000000009", 24)] // routing
    // authentication: length in words, minus two
    [InlineData("33", "1104 0000 00000001 00000002 000102030405060708090a0b", 24)]
    [InlineData("2c", "1100 0000 00000001", 8)] // atomic fragment: whole
    [InlineData("00", "3c00 010400000000 2c00 010400000000 1100 0000 00000001", 24)]
    public void Extension_headers_are_walked(string next, string headers, int length)
    {
        var packet = V6(length + 16, next, headers + Udp);
        Assert.True(IpView.TryParse(packet, out var ip));
        Assert.Equal(IpProtocol.Udp, ip.Protocol);
        Assert.Equal(40 + length, ip.HeaderLength);
        Assert.False(ip.IsFragment);
        Assert.True(ProbeFrame.TryReadPacket(packet, out var identity));
        Assert.Equal(0x12345678u, identity.Id);
    }

    [Fact]
    public void The_walk_is_bounded()
    {
        var chain = string.Concat(Enumerable.Repeat("3c00 010400000000", IpView.MaxExtensionHeaders))
            + "1100 010400000000";
        var packet = V6(chain.Length / 2 + 16, "3c", chain + Udp);
        Assert.True(IpView.TryParse(packet, out var ip));
        Assert.Equal(60, (int)ip.Protocol);
        Assert.False(ProbeFrame.TryReadPacket(packet, out _));
    }

    [Fact]
    public void A_header_that_reaches_past_the_end_stops_the_walk()
    {
        Assert.True(IpView.TryParse(V6(24, "00", "11ff 050200000000" + Udp), out var ip));
        Assert.Equal(0, (int)ip.Protocol);
    }

    [Fact]
    public void A_later_fragment_has_no_transport()
    {
        Assert.True(IpView.TryParse(V6(24, "2c", "1100 0009 00000001" + Udp), out var six));
        Assert.Equal(8, six.FragmentOffset);
        Assert.True(six.MoreFragments);
        Assert.True(six.Transport.IsEmpty);
        Assert.Equal(IpProtocol.Udp, six.Protocol);

        Assert.True(IpView.TryParse(Hex("45000024 00012001 40110000 0af40003 0af40002" + Udp), out var four));
        Assert.Equal(8, four.FragmentOffset);
        Assert.True(four.MoreFragments);
        Assert.True(four.Transport.IsEmpty);
    }

    [Fact]
    public void Ipv4_options_are_skipped()
    {
        Assert.True(
            IpView.TryParse(Hex("47000030 00000000 40110000 0af40003 0af40002 0101010101010100" + Udp), out var ip));
        Assert.Equal(28, ip.HeaderLength);
        Assert.True(UdpView.TryParse(ip.Transport, out var udp));
        Assert.Equal(45250, udp.SourcePort);
        Assert.Equal(8, udp.Payload.Length);
    }

    [Theory]
    [InlineData("4400 0024")] // header shorter than 20 bytes
    [InlineData("4f00 0024")] // header longer than the packet
    [InlineData("4500 0010")] // total length shorter than the header
    [InlineData("5500 0024")] // version
    public void Impossible_ip_headers_are_refused(string start) =>
        Assert.False(IpView.TryParse(Hex(start + "00000000 40110000 0af40003 0af40002" + Udp), out _));

    [Fact]
    public void Tcp_is_read_with_its_options()
    {
        Assert.True(TcpView.TryParse(Hex("0050b0c2 00000001 12345679 6012ffff 00000000 020405b4 cafe"), out var tcp));
        Assert.Equal((80, 45250), (tcp.SourcePort, tcp.DestinationPort));
        Assert.Equal(1u, tcp.Sequence);
        Assert.Equal(0x12345679u, tcp.Acknowledgment);
        Assert.Equal(TcpFlags.Syn | TcpFlags.Ack, tcp.Flags);
        Assert.Equal(Hex("cafe"), tcp.Payload.ToArray());
        Assert.False(TcpView.TryParse(Hex("0050b0c2 00000001 12345679 4012ffff 00000000"), out _));
    }

    [Fact]
    public void Arp_is_read()
    {
        Assert.True(
            ArpView.TryParse(Hex("0001 0800 06 04 0001 0a580af40003 0af40003 000000000000 0af40001"), out var arp));
        Assert.Equal(ArpView.Request, arp.Operation);
        Assert.Equal(Pod, arp.SenderMac);
        Assert.Equal("10.244.0.3", arp.Sender.ToString());
        Assert.Equal("10.244.0.1", arp.Target.ToString());
        Assert.False(ArpView.TryParse(Hex("0006 0800 06 04 0001 0a580af40003 0af40003 000000000000 0af40001"), out _));
    }

    [Theory]
    [InlineData("10.244.0.3")]
    [InlineData("255.255.255.255")]
    [InlineData("fd00:10:244::3")]
    [InlineData("::ffff:10.0.0.1")]
    public void Addresses_keep_their_value_and_family(string text)
    {
        var value = IpAddressValue.Parse(text);
        Assert.Equal(IPAddress.Parse(text), value.ToIPAddress());
        Assert.Equal(text.Contains(':'), value.IsIPv6);
        Assert.NotEqual(value, IpAddressValue.Parse("0.0.0.0"));
        Assert.NotEqual(IpAddressValue.Parse("0.0.0.0"), IpAddressValue.Parse("::"));
    }

    [Theory]
    [InlineData("0a:58:0a:f4:00")]
    [InlineData("0a:58:0a:f4:00:01:02")]
    [InlineData("0a:58:0a:f4:0:011")]
    [InlineData("0a:58:0a:f4:00:zz")]
    public void A_bad_ethernet_address_is_refused(string text) =>
        Assert.Throws<FormatException>(() => MacAddress.Parse(text));
}
