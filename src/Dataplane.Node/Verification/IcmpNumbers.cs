using Dataplane.Linux.Frames;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Verification;

/// <summary>The numbers of ICMP and ICMPv6 for the ICMP of policies, which means both.</summary>
internal static class IcmpNumbers
{
    public static readonly PerFamily<IpProtocol> Protocol = new(IpProtocol.Icmp, IpProtocol.Icmpv6);

    /// <summary>The type of an echo request: ICMP_ECHO, ICMPV6_ECHO_REQUEST.</summary>
    public static readonly PerFamily<byte> EchoRequest = new(8, 128);
}
