using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Netlink;

/// <summary>
/// Address families (AF_*) in the family byte of a message's fixed header. Not the netlink protocol of a socket, which
/// is <see cref="NetlinkProtocol"/>.
/// </summary>
internal static class NetlinkFamily
{
    public static byte Of(IPAddress address) => Of(address.AddressFamily);

    /// <summary>
    /// AF_INET or AF_INET6; AF_UNSPEC, which stands for both in a dump, for <see cref="AddressFamily.Unspecified"/>.
    /// </summary>
    public static byte Of(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => Libc.AF_INET,
        AddressFamily.InterNetworkV6 => Libc.AF_INET6,
        AddressFamily.Unspecified => Libc.AF_UNSPEC,
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "Only IPv4 and IPv6."),
    };
}
