using Dataplane.Policy.Naming;

namespace Dataplane.Policy.Tests;

public sealed class ProbeTextTests
{
    [Theory]
    [InlineData("TCP:80", "TCP 80")]
    [InlineData("tcp/80", "TCP 80")]
    [InlineData("80/TCP", "TCP 80")]
    [InlineData("Tcp 80", "TCP 80")]
    [InlineData("80", "TCP 80")]
    [InlineData(" 65535 ", "TCP 65535")]
    [InlineData("udp:53", "UDP 53")]
    [InlineData("UDP/53", "UDP 53")]
    [InlineData("53/udp", "UDP 53")]
    [InlineData("SCTP:65535", "SCTP 65535")]
    [InlineData("icmp", "ICMP")]
    public void Every_spelling_is_read_and_printed_one_way(string text, string printed)
    {
        Assert.True(ProbeText.TryParse(text, out var probe, out var error), error);
        Assert.Equal(printed, probe.ToString());
        Assert.True(ProbeText.TryParse(printed, out var again, out _));
        Assert.Equal(probe, again);
    }

    [Theory]
    [InlineData("", "\"\" is no probe; write 80 (TCP), TCP:80, UDP:53, SCTP:132 or ICMP")]
    [InlineData("http", "\"http\" is no probe; write 80 (TCP), TCP:80, UDP:53, SCTP:132 or ICMP")]
    [InlineData("0", "\"0\": a port is a number from 1 to 65535")]
    [InlineData("65536", "\"65536\": a port is a number from 1 to 65535")]
    [InlineData("-1", "\"-1\" is no probe; write 80 (TCP), TCP:80, UDP:53, SCTP:132 or ICMP")]
    [InlineData("80:90", "\"80:90\" is no probe; write 80 (TCP), TCP:80, UDP:53, SCTP:132 or ICMP")]
    [InlineData("TCP", "\"TCP\" is no probe; write 80 (TCP), TCP:80, UDP:53, SCTP:132 or ICMP")]
    [InlineData("TPC:80", "\"TPC:80\" is no probe; write 80 (TCP), TCP:80, UDP:53, SCTP:132 or ICMP")]
    [InlineData("TCP:80:90", "\"TCP:80:90\" is no probe; write 80 (TCP), TCP:80, UDP:53, SCTP:132 or ICMP")]
    [InlineData("ICMP:8", "\"ICMP:8\": ICMP has no port")]
    [InlineData("TCP:0", "\"TCP:0\": a port is a number from 1 to 65535")]
    [InlineData("TCP:65536", "\"TCP:65536\": a port is a number from 1 to 65535")]
    [InlineData("TCP:http", "\"TCP:http\": a port is a number from 1 to 65535")]
    [InlineData("TCP:+80", "\"TCP:+80\": a port is a number from 1 to 65535")]
    public void What_is_no_probe_is_said(string text, string expected)
    {
        Assert.False(ProbeText.TryParse(text, out _, out var error));
        Assert.Equal(expected, error);
    }
}
