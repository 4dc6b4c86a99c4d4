using System.Net;
using System.Net.Sockets;

namespace Dataplane.Planning;

/// <summary>
/// Which addresses a machine behind a router can have: those that the kernel does not treat as martian
/// (ip_route_input_slow, ip6_rcv_core). The first and the last address of a network (10.0.0.0, 10.255.255.255) are
/// valid: every address is a /32.
/// </summary>
public static class HostAddress
{
    /// <returns>Null, or why no packet can come from or go to this address.</returns>
    public static string? WhyNot(IPAddress address)
    {
        if (IPAddress.IsLoopback(address)) return "it is a loopback address";
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            if (address.Equals(IPAddress.Any)) return "it means \"no address\"";
            if (address.Equals(IPAddress.Broadcast)) return "it is the broadcast address";
            return (address.GetAddressBytes()[0] & 0xf0) == 0xe0 ? "it is a multicast address" : null;
        }
        if (address.Equals(IPAddress.IPv6Any)) return "it means \"no address\"";
        if (address.IsIPv6Multicast) return "it is a multicast address";
        if (address.IsIPv6LinkLocal) return "it is a link-local address";
        return address.IsIPv4MappedToIPv6 ? "it is an IPv4 address in IPv6 notation" : null;
    }
}
