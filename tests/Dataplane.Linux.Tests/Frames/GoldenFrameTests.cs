using Dataplane.Linux.Frames;
using static Dataplane.Linux.Tests.Frames.Probes;

namespace Dataplane.Linux.Tests.Frames;

/// <summary>
/// The wire bytes of each probe, so that a change of form is seen. Their checksums are verified elsewhere.
/// </summary>
public sealed class GoldenFrameTests
{
    private const string Ethernet4 = "0a580af40001 0a580af40003 0800 ";
    private const string Ethernet6 = "0a580af40001 0a580af40003 86dd ";
    private const string Addresses4 = "0af40003 0af40002 ";
    private const string Addresses6 = "fd000010024400000000000000000003 fd000010024400000000000000000002 ";

    [Theory]
    [InlineData(IpProtocol.Tcp, false,
        Ethernet4 + "4504 0028 0000 4000 4006 24e0 " + Addresses4 + "b0c2 0050 12345678 00000000 5002 ffff 8037 0000")]
    [InlineData(IpProtocol.Udp, false,
        Ethernet4 + "4504 0024 0000 4000 4011 24d9 " + Addresses4 + "b0c2 0050 0010 f94f 64707262 12345678")]
    [InlineData(IpProtocol.Sctp, false,
        Ethernet4 + "4504 0034 0000 4000 4084 2456 " + Addresses4
            + "b0c2 0050 00000000 6029ec3e 01000014 12345678 0000ffff 0001 0001 12345678")]
    [InlineData(IpProtocol.Icmp, false,
        Ethernet4 + "4504 0024 0000 4000 4001 24e9 " + Addresses4 + "0800 4fd4 5678 1234 64707262 12345678")]
    [InlineData(IpProtocol.Tcp, true,
        Ethernet6 + "60400000 0014 06 40 " + Addresses6 + "b0c2 0050 12345678 00000000 5002 ffff 9775 0000")]
    [InlineData(IpProtocol.Udp, true,
        Ethernet6 + "60400000 0010 11 40 " + Addresses6 + "b0c2 0050 0010 108e 64707262 12345678")]
    [InlineData(IpProtocol.Sctp, true,
        Ethernet6 + "60400000 0020 84 40 " + Addresses6
            + "b0c2 0050 00000000 6029ec3e 01000014 12345678 0000ffff 0001 0001 12345678")]
    [InlineData(IpProtocol.Icmpv6, true,
        Ethernet6 + "60400000 0010 3a 40 " + Addresses6 + "8000 d8da 5678 1234 64707262 12345678")]
    public void Probe(IpProtocol protocol, bool v6, string golden) =>
        Assert.Equal(Convert.ToHexString(Hex(golden)), Convert.ToHexString(Frame(protocol, v6)));
}
