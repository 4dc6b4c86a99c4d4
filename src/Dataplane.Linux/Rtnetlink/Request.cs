using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
namespace Dataplane.Linux.Rtnetlink;

/// <summary>What the message builders of this folder share.</summary>
internal static class Request
{
    public const ushort Change = NetlinkFlags.Request | NetlinkFlags.Ack;
    public const ushort CreateNew = Change | NetlinkFlags.Create | NetlinkFlags.Exclusive;
    public const ushort CreateOrReplace = Change | NetlinkFlags.Create | NetlinkFlags.Replace;

    public static byte Family(IPAddress address) => Family(address.AddressFamily);

    public static byte Family(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => Libc.AF_INET,
        AddressFamily.InterNetworkV6 => Libc.AF_INET6,
        AddressFamily.Unspecified => Libc.AF_UNSPEC,
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "Only IPv4 and IPv6."),
    };

    public static void Address(NetlinkWriter writer, int type, IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        writer.Bytes(type, bytes[..length]);
    }

    public static void Mac(NetlinkWriter writer, int type, MacAddress mac)
    {
        Span<byte> bytes = stackalloc byte[6];
        mac.Write(bytes);
        writer.Bytes(type, bytes);
    }

    /// <summary>Null for a value that is no address: a newer kernel's, or garbage.</summary>
    public static IPAddress? ReadAddress(in AttributeReader attribute) =>
        attribute.Value.Length is 4 or 16 ? new IPAddress(attribute.Value) : null;

    public static MacAddress? ReadMac(in AttributeReader attribute) =>
        attribute.Value.Length == 6 ? MacAddress.Read(attribute.Value) : null;
}
