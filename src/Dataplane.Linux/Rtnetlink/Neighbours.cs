using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
namespace Dataplane.Linux.Rtnetlink;

/// <summary>One entry of a neighbour table.</summary>
/// <param name="State">NUD_*, linux/neighbour.h; 0x80 is permanent.</param>
public readonly record struct NeighbourInfo(InterfaceIndex Index, IPAddress Address, MacAddress? Mac, ushort State)
{
    public bool Permanent => (State & Nda.NUD_PERMANENT) != 0;
}

/// <summary>One forwarding entry of a bridge.</summary>
/// <param name="Port">The port's interface index.</param>
/// <param name="Master">The bridge's interface index; 0 for a device's own entry.</param>
/// <param name="State">NUD_*: 0x40 (NOARP) is static, 0x80 the bridge's own.</param>
public readonly record struct ForwardingEntry(InterfaceIndex Port, InterfaceIndex Master, MacAddress Mac, ushort State)
{
    /// <summary>Whether it was configured and does not age.</summary>
    public bool Static => (State & Nda.NUD_NOARP) != 0;
}

/// <summary>
/// RTM_*NEIGH for IPv4 and IPv6 neighbours: each method appends one message to the batch; the caller sends.
/// </summary>
public static class Neighbours
{
    /// <summary>Sets an entry that is never resolved and never ages, and replaces any other of this address.</summary>
    public static void SetPermanent(NetlinkWriter writer, InterfaceIndex index, IPAddress address, MacAddress mac)
    {
        writer.Begin(Rtm.RTM_NEWNEIGH, Request.CreateOrReplace,
            new ndmsg { ndm_family = NetlinkFamily.Of(address), ndm_ifindex = index.Value,
                ndm_state = Nda.NUD_PERMANENT });
        writer.Address(Nda.NDA_DST, address);
        writer.Mac(Nda.NDA_LLADDR, mac);
        writer.End();
    }

    /// <summary>ENOENT when there is none.</summary>
    public static void Delete(NetlinkWriter writer, InterfaceIndex index, IPAddress address)
    {
        writer.Begin(Rtm.RTM_DELNEIGH, Request.Change,
            new ndmsg { ndm_family = NetlinkFamily.Of(address), ndm_ifindex = index.Value });
        writer.Address(Nda.NDA_DST, address);
        writer.End();
    }

    /// <summary>The neighbours of one family, or of both.</summary>
    public static IReadOnlyList<NeighbourInfo> Dump(
        NetlinkSocket socket, AddressFamily family = AddressFamily.Unspecified) =>
        socket.DumpAll<ndmsg, NeighbourInfo>(
            Rtm.RTM_GETNEIGH, new ndmsg { ndm_family = NetlinkFamily.Of(family) }, "list neighbours", static body =>
            Parse(body) is (var header, { } address, var mac, _)
                ? new NeighbourInfo(new(header.ndm_ifindex), address, mac, header.ndm_state)
                : null);

    /// <summary>Reads an RTM_NEWNEIGH body of any family.</summary>
    internal static (ndmsg Header, IPAddress? Address, MacAddress? Mac, InterfaceIndex Master) Parse(
        ReadOnlySpan<byte> body)
    {
        var header = MessageReader.Header<ndmsg>(body);
        (IPAddress? address, MacAddress? mac, var master) = (null, null, InterfaceIndex.None);
        var attributes = MessageReader.Attributes<ndmsg>(body);
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case Nda.NDA_DST: address = attributes.Address(); break;
                case Nda.NDA_LLADDR: mac = attributes.Mac(); break;
                case Nda.NDA_MASTER: master = new((int)attributes.U32()); break;
            }
        }

        return (header, address, mac, master);
    }
}

/// <summary>
/// RTM_*NEIGH of family AF_BRIDGE: where a bridge sends a frame. Each method appends one message to the batch; the
/// caller sends.
/// </summary>
public static class ForwardingTable
{
    /// <summary>A static entry (<c>bridge fdb replace MAC dev PORT master static</c>).</summary>
    /// <param name="port">The port's interface index.</param>
    public static void SetStatic(NetlinkWriter writer, InterfaceIndex port, MacAddress mac)
    {
        Begin(writer, Rtm.RTM_NEWNEIGH, Request.CreateOrReplace, port, mac);
        writer.End();
    }

    /// <summary>ENOENT when there is none.</summary>
    public static void Delete(NetlinkWriter writer, InterfaceIndex port, MacAddress mac)
    {
        Begin(writer, Rtm.RTM_DELNEIGH, Request.Change, port, mac);
        writer.End();
    }

    /// <summary>The entries of all bridges in the socket's namespace.</summary>
    public static IReadOnlyList<ForwardingEntry> Dump(NetlinkSocket socket) =>
        socket.DumpAll<ndmsg, ForwardingEntry>(Rtm.RTM_GETNEIGH, new ndmsg { ndm_family = Libc.AF_BRIDGE },
            "list bridge forwarding entries", static body =>
            Neighbours.Parse(body) is (var header, _, { } mac, var master)
                ? new ForwardingEntry(new(header.ndm_ifindex), master, mac, header.ndm_state)
                : null);

    private static void Begin(NetlinkWriter writer, ushort type, ushort flags, InterfaceIndex port, MacAddress mac)
    {
        writer.Begin(type, flags, new ndmsg { ndm_family = Libc.AF_BRIDGE, ndm_ifindex = port.Value,
            ndm_state = Nda.NUD_NOARP, ndm_flags = Nda.NTF_MASTER });
        writer.Mac(Nda.NDA_LLADDR, mac);
    }
}
