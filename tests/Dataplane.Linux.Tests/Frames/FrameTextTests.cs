using Dataplane.Linux.Frames;
using static Dataplane.Linux.Tests.Frames.Probes;

namespace Dataplane.Linux.Tests.Frames;

public sealed class FrameTextTests
{
    [Theory]
    [InlineData(IpProtocol.Tcp, false, "TCP SYN 10.244.0.3:45250 > 10.244.0.2:80")]
    [InlineData(IpProtocol.Udp, true, "UDP [fd00:10:244::3]:45250 > [fd00:10:244::2]:80")]
    [InlineData(IpProtocol.Sctp, false, "SCTP INIT 10.244.0.3:45250 > 10.244.0.2:80")]
    [InlineData(IpProtocol.Icmp, false, "ICMP echo request 10.244.0.3 > 10.244.0.2 id 22136 seq 4660")]
    [InlineData(IpProtocol.Icmpv6, true, "ICMPv6 echo request fd00:10:244::3 > fd00:10:244::2 id 22136 seq 4660")]
    public void Probes_read_well(IpProtocol protocol, bool v6, string text) =>
        Assert.Equal(text, FrameText.Summarise(Frame(protocol, v6)));

    [Theory]
    [InlineData("ffffffffffff 0a580af40003 0806 0001 0800 06 04 0001 0a580af40003 0af40003 000000000000 0af40001",
        "ARP who-has 10.244.0.1 tell 10.244.0.3")]
    [InlineData("ffffffffffff 0a580af40003 88b5 00", "ethertype 0x88b5 0a:58:0a:f4:00:03 > ff:ff:ff:ff:ff:ff")]
    [InlineData("ffffffffffff 0a580af40003 8100 0007 88b5 00",
        "VLAN 7 ethertype 0x88b5 0a:58:0a:f4:00:03 > ff:ff:ff:ff:ff:ff")]
    [InlineData("ffffffffffff 0a580af40003 0800 45000024 00012001 40110000 0af40003 0af40002",
        "UDP 10.244.0.3 > 10.244.0.2 fragment at 8+")]
    [InlineData("ffffffffffff 0a580af40003 0800 45000024 00000000 40060000 0af40003 0af40002 b0c2",
        "TCP 10.244.0.3 > 10.244.0.2 (cut short)")]
    [InlineData("ffffffffffff 0a580af40003 0800 45000024 00000000 402f0000 0af40003 0af40002",
        "IPv4 protocol 47 10.244.0.3 > 10.244.0.2")]
    [InlineData("0a580af40003 0a580af40001 0800 45c00044 00000000 40010000 0af40001 0af40003 030d0000 00000000 "
        + "45000028 00004000 40060000 0af40003 0af40002 b0c20050 12345678 00000000 5002ffff 00000000",
        "ICMP administratively prohibited 10.244.0.1 > 10.244.0.3 quoting TCP SYN 10.244.0.3:45250 > 10.244.0.2:80")]
    [InlineData("0a58", "2 bytes, no whole Ethernet header")]
    [InlineData("ffffffffffff 0a580af40003 0800 45", "1 bytes, no whole IP header")]
    public void Other_frames_read_well(string frame, string text) =>
        Assert.Equal(text, FrameText.Summarise(Hex(frame)));

    [Fact]
    public void Flags_are_joined() =>
        Assert.Equal("TCP SYN-ACK 10.244.0.3:45250 > 10.244.0.2:80",
            FrameText.Summarise([.. Frame(IpProtocol.Tcp, false)[..47], 0x12, .. Frame(IpProtocol.Tcp, false)[48..]]));
}
