using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
namespace Dataplane.Linux.Rtnetlink;

/// <summary>One address of an interface.</summary>
/// <param name="Index">The interface.</param>
/// <param name="PrefixLength">0 to 32, or 0 to 128.</param>
public readonly record struct AddressInfo(InterfaceIndex Index, IPAddress Address, int PrefixLength);

/// <summary>RTM_*ADDR: each method appends one message to the batch; the caller sends.</summary>
public static class Addresses
{
    /// <summary>
    /// Adds an address that is usable at once: IFA_F_NODAD skips IPv6 duplicate detection and means nothing to IPv4.
    /// </summary>
    public static void Add(NetlinkWriter writer, InterfaceIndex index, IPAddress address, int prefixLength)
    {
        Begin(writer, Rtm.RTM_NEWADDR, Request.CreateNew, index, address, prefixLength);
        writer.U32(Ifa.IFA_FLAGS, Ifa.IFA_F_NODAD);
        writer.End();
    }

    public static void Delete(NetlinkWriter writer, InterfaceIndex index, IPAddress address, int prefixLength)
    {
        Begin(writer, Rtm.RTM_DELADDR, Request.Change, index, address, prefixLength);
        writer.End();
    }

    /// <summary>The addresses of one family, or of both.</summary>
    public static IReadOnlyList<AddressInfo> Dump(
        NetlinkSocket socket, AddressFamily family = AddressFamily.Unspecified) =>
        socket.DumpAll(Rtm.RTM_GETADDR, new ifaddrmsg { ifa_family = NetlinkFamily.Of(family) }, "list addresses",
            static body => Parse(body));

    /// <summary>Reads an RTM_NEWADDR body; null if it names no address.</summary>
    /// <exception cref="InvalidDataException">It is cut short.</exception>
    public static AddressInfo? Parse(ReadOnlySpan<byte> body)
    {
        var header = MessageReader.Header<ifaddrmsg>(body);
        IPAddress? own = null, either = null;
        var attributes = MessageReader.Attributes<ifaddrmsg>(body);
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case Ifa.IFA_LOCAL: own = attributes.Address(); break;
                case Ifa.IFA_ADDRESS: either = attributes.Address(); break; // the peer's on point-to-point links
            }
        }

        return (own ?? either) is { } address
            ? new AddressInfo(new((int)header.ifa_index), address, header.ifa_prefixlen) : null;
    }

    private static void Begin(
        NetlinkWriter writer, ushort type, ushort flags, InterfaceIndex index, IPAddress address, int prefixLength)
    {
        writer.Begin(type, flags, new ifaddrmsg { ifa_family = NetlinkFamily.Of(address),
            ifa_prefixlen = (byte)prefixLength, ifa_index = (uint)index.Value });
        writer.Address(Ifa.IFA_LOCAL, address);
        writer.Address(Ifa.IFA_ADDRESS, address);
    }
}
