using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
namespace Dataplane.Linux.Rtnetlink;

/// <summary>RTN_*, linux/rtnetlink.h.</summary>
public enum RouteType : byte
{
    Unicast = 1,
    Local = 2,
    Broadcast = 3,
    Anycast = 4,
    Multicast = 5,

    /// <summary>Dropped silently.</summary>
    Blackhole = 6,

    /// <summary>Answered with host unreachable.</summary>
    Unreachable = 7,

    /// <summary>Answered with administratively prohibited.</summary>
    Prohibit = 8,
}

/// <summary>One route.</summary>
/// <param name="Destination">The network; 0.0.0.0/0 or ::/0 is the default route.</param>
public readonly record struct Route(IPNetwork Destination)
{
    /// <summary>RT_TABLE_MAIN.</summary>
    public const uint MainTable = 254;

    public RouteType Type { get; init; } = RouteType.Unicast;

    public uint Table { get; init; } = MainTable;

    public IPAddress? Gateway { get; init; }

    /// <summary>The interface it leaves by, as an index; 0 for none.</summary>
    public InterfaceIndex OutInterface { get; init; }

    /// <summary>The gateway is assumed to be on the link although no route says so.</summary>
    public bool OnLink { get; init; }

    /// <summary>The source address of the node's own packets.</summary>
    public IPAddress? PreferredSource { get; init; }

    /// <summary>RTA_PRIORITY; 0 leaves it to the kernel (1024 in IPv6).</summary>
    public uint Metric { get; init; }
}

/// <summary>RTM_*ROUTE: each method appends one message to the batch; the caller sends.</summary>
public static class Routes
{
    /// <summary>EEXIST when there is one with the same destination, table and metric.</summary>
    public static void Add(NetlinkWriter writer, in Route route) =>
        Write(writer, Rtm.RTM_NEWROUTE, Request.CreateNew, route);

    public static void Replace(NetlinkWriter writer, in Route route) =>
        Write(writer, Rtm.RTM_NEWROUTE, Request.CreateOrReplace, route);

    /// <summary>ESRCH when there is none.</summary>
    public static void Delete(NetlinkWriter writer, in Route route) =>
        Write(writer, Rtm.RTM_DELROUTE, Request.Change, route);

    /// <summary>The routes of all tables, of one family or both; cached clones left out.</summary>
    public static IReadOnlyList<Route> Dump(NetlinkSocket socket, AddressFamily family = AddressFamily.Unspecified) =>
        socket.DumpAll(Rtm.RTM_GETROUTE, new rtmsg { rtm_family = NetlinkFamily.Of(family) }, "list routes",
            static body => Parse(body));

    /// <summary>
    /// Whether the address is local, so that packets to it are received here. A new IPv6 address becomes local only
    /// when the kernel's work queue has processed it (addrconf_dad_work), even without duplicate address detection.
    /// </summary>
    public static bool IsLocal(NetlinkSocket socket, IPAddress address)
    {
        var isLocal = false;
        using var request = socket.NewBatch(128);
        request.Begin(Rtm.RTM_GETROUTE, NetlinkFlags.Request, new rtmsg { rtm_family = NetlinkFamily.Of(address),
            rtm_dst_len = (byte)(address.GetAddressBytes().Length * 8) });
        request.Address(Rta.RTA_DST, address);
        request.End();
        // An error, such as no route, means that the address is not local.
        socket.Send(
            request, (_, body) => isLocal = (RouteType)MessageReader.Header<rtmsg>(body).rtm_type == RouteType.Local);

        return isLocal;
    }

    /// <summary>Reads an RTM_NEWROUTE body; null for a cached clone or another family's route.</summary>
    /// <exception cref="InvalidDataException">It is cut short.</exception>
    public static Route? Parse(ReadOnlySpan<byte> body)
    {
        var header = MessageReader.Header<rtmsg>(body);
        if (header.rtm_family is not (Libc.AF_INET or Libc.AF_INET6) || (header.rtm_flags & Rta.RTM_F_CLONED) != 0)
        {
            return null;
        }

        var destination = header.rtm_family == Libc.AF_INET ? IPAddress.Any : IPAddress.IPv6Any;
        var route = new Route { Type = (RouteType)header.rtm_type, Table = header.rtm_table,
            OnLink = (header.rtm_flags & Rta.RTNH_F_ONLINK) != 0 };
        var attributes = MessageReader.Attributes<rtmsg>(body);
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case Rta.RTA_DST: destination = attributes.Address() ?? destination; break;
                case Rta.RTA_TABLE: route = route with { Table = attributes.U32() }; break;
                case Rta.RTA_GATEWAY: route = route with { Gateway = attributes.Address() }; break;
                case Rta.RTA_OIF: route = route with { OutInterface = new((int)attributes.U32()) }; break;
                case Rta.RTA_PREFSRC: route = route with { PreferredSource = attributes.Address() }; break;
                case Rta.RTA_PRIORITY: route = route with { Metric = attributes.U32() }; break;
            }
        }

        return IPNetwork.TryParse($"{destination}/{header.rtm_dst_len}", out var network)
            ? route with { Destination = network } : null;
    }

    private static void Write(NetlinkWriter writer, ushort type, ushort flags, in Route route)
    {
        var destination = route.Destination.BaseAddress;
        writer.Begin(type, flags, new rtmsg
        {
            rtm_family = NetlinkFamily.Of(destination),
            rtm_dst_len = (byte)route.Destination.PrefixLength,
            rtm_table = route.Table <= byte.MaxValue ? (byte)route.Table : Rta.RT_TABLE_UNSPEC,
            rtm_protocol = type == Rtm.RTM_NEWROUTE ? Rta.RTPROT_STATIC : (byte)0,
            // A unicast route without a gateway leads to neighbours; deleting matches any scope.
            rtm_scope = type == Rtm.RTM_DELROUTE ? Rta.RT_SCOPE_NOWHERE
                : route is { Type: RouteType.Unicast, Gateway: null } ? Rta.RT_SCOPE_LINK : Rta.RT_SCOPE_UNIVERSE,
            rtm_type = (byte)route.Type,
            rtm_flags = route.OnLink ? Rta.RTNH_F_ONLINK : 0,
        });
        if (route.Destination.PrefixLength != 0)
        {
            writer.Address(Rta.RTA_DST, destination);
        }

        writer.U32(Rta.RTA_TABLE, route.Table);
        if (route.Gateway is { } gateway)
        {
            writer.Address(Rta.RTA_GATEWAY, gateway);
        }

        if (!route.OutInterface.IsNone)
        {
            writer.U32(Rta.RTA_OIF, (uint)route.OutInterface.Value);
        }

        if (route.PreferredSource is { } source)
        {
            writer.Address(Rta.RTA_PREFSRC, source);
        }

        if (route.Metric != 0)
        {
            writer.U32(Rta.RTA_PRIORITY, route.Metric);
        }

        writer.End();
    }
}
