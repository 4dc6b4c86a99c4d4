using System.Text;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
namespace Dataplane.Linux.Rtnetlink;

/// <summary>RTM_*LINK: each method appends one message to the batch; the caller sends.</summary>
public static class Links
{
    /// <summary>The loopback's index in every namespace.</summary>
    public static readonly InterfaceIndex Loopback = new(1);

    public static void AddBridge(NetlinkWriter writer, in BridgeRequest request)
    {
        writer.Begin(Rtm.RTM_NEWLINK, Request.CreateNew, Header(request.Index, request.Up));
        writer.String(Ifla.IFLA_IFNAME, request.Name);
        writer.Mac(Ifla.IFLA_ADDRESS, request.Mac);
        var info = writer.Open(Ifla.IFLA_LINKINFO);
        writer.String(Ifla.IFLA_INFO_KIND, "bridge");
        var data = writer.Open(Ifla.IFLA_INFO_DATA);
        writer.U32(Ifla.IFLA_BR_FORWARD_DELAY, 0);
        writer.U32(Ifla.IFLA_BR_STP_STATE, 0);
        writer.U8(Ifla.IFLA_BR_MCAST_SNOOPING, 0);
        writer.Close(data);
        writer.Close(info);
        writer.End();
    }

    /// <summary>
    /// Creates a veth pair. Both ends are down: IFF_UP in the peer's header is ENOTCONN, and a port's flags must be set
    /// before its first frame.
    /// </summary>
    public static void AddVeth(NetlinkWriter writer, in VethRequest request)
    {
        writer.Begin(Rtm.RTM_NEWLINK, Request.CreateNew, Header(request.Index, up: false));
        writer.String(Ifla.IFLA_IFNAME, request.Name);
        Common(writer, request.Mac, request.Mtu);
        OneQueue(writer);
        if (request.Group != 0)
        {
            writer.U32(Ifla.IFLA_GROUP, request.Group);
        }

        if (!request.Master.IsNone)
        {
            writer.U32(Ifla.IFLA_MASTER, (uint)request.Master.Value);
        }

        var info = writer.Open(Ifla.IFLA_LINKINFO);
        writer.String(Ifla.IFLA_INFO_KIND, "veth");
        var data = writer.Open(Ifla.IFLA_INFO_DATA);
        var peer = writer.Open(Ifla.VETH_INFO_PEER);
        writer.Put(Header(request.PeerIndex, up: false));
        writer.String(Ifla.IFLA_IFNAME, request.PeerName);
        Common(writer, request.PeerMac, request.Mtu);
        OneQueue(writer);
        writer.U32(Ifla.IFLA_NET_NS_FD, (uint)request.PeerNetns.Handle.DangerousGetHandle());
        writer.Close(peer);
        writer.Close(data);
        writer.Close(info);
        writer.End();
    }

    /// <summary>
    /// Sets a bridge port's flags, and brings it up in the same message if asked: the kernel applies them in that
    /// order.
    /// </summary>
    /// <param name="alias">IFLA_IFALIAS, which the kernel takes only of a link that exists: 1 to 255 bytes; null leaves
    /// it.</param>
    public static void SetBridgePort(
        NetlinkWriter writer, InterfaceIndex index, in BridgePortFlags flags, bool up, string? alias = null)
    {
        writer.Begin(Rtm.RTM_NEWLINK, Request.Change, Header(index, up));
        if (alias is not null)
        {
            writer.Bytes(Ifla.IFLA_IFALIAS, Encoding.UTF8.GetBytes(alias));
        }

        var info = writer.Open(Ifla.IFLA_LINKINFO);
        writer.String(Ifla.IFLA_INFO_SLAVE_KIND, "bridge");
        var data = writer.Open(Ifla.IFLA_INFO_SLAVE_DATA);
        writer.U8(Ifla.IFLA_BRPORT_LEARNING, flags.Learning ? (byte)1 : (byte)0);
        writer.U8(Ifla.IFLA_BRPORT_UNICAST_FLOOD, flags.Flood ? (byte)1 : (byte)0);
        writer.U8(Ifla.IFLA_BRPORT_MCAST_FLOOD, flags.MulticastFlood ? (byte)1 : (byte)0);
        writer.U8(Ifla.IFLA_BRPORT_BCAST_FLOOD, flags.BroadcastFlood ? (byte)1 : (byte)0);
        writer.U8(Ifla.IFLA_BRPORT_ISOLATED, flags.Isolated ? (byte)1 : (byte)0);
        writer.Close(data);
        writer.Close(info);
        writer.End();
    }

    public static void SetUp(NetlinkWriter writer, InterfaceIndex index)
    {
        writer.Begin(Rtm.RTM_NEWLINK, Request.Change, Header(index, up: true));
        writer.End();
    }

    public static void SetDown(NetlinkWriter writer, InterfaceIndex index)
    {
        writer.Begin(Rtm.RTM_NEWLINK, Request.Change,
            new ifinfomsg { ifi_index = index.Value, ifi_change = Ifla.IFF_UP });
        writer.End();
    }

    /// <summary>Gives a link another name, of at most 15 bytes. Before Linux 6.2 the link must be down.</summary>
    public static void Rename(NetlinkWriter writer, InterfaceIndex index, string name)
    {
        writer.Begin(Rtm.RTM_NEWLINK, Request.Change, Header(index, up: false));
        writer.String(Ifla.IFLA_IFNAME, name);
        writer.End();
    }

    public static void SetGroup(NetlinkWriter writer, InterfaceIndex index, uint group)
    {
        writer.Begin(Rtm.RTM_NEWLINK, Request.Change, Header(index, up: false));
        writer.U32(Ifla.IFLA_GROUP, group);
        writer.End();
    }

    /// <summary>IFLA_IFALIAS: 1 to 255 bytes.</summary>
    public static void SetAlias(NetlinkWriter writer, InterfaceIndex index, string alias)
    {
        writer.Begin(Rtm.RTM_NEWLINK, Request.Change, Header(index, up: false));
        writer.Bytes(Ifla.IFLA_IFALIAS, Encoding.UTF8.GetBytes(alias));
        writer.End();
    }

    public static void SetMaster(NetlinkWriter writer, InterfaceIndex index, InterfaceIndex bridge)
    {
        writer.Begin(Rtm.RTM_NEWLINK, Request.Change, Header(index, up: false));
        writer.U32(Ifla.IFLA_MASTER, (uint)bridge.Value);
        writer.End();
    }

    public static void SetMac(NetlinkWriter writer, InterfaceIndex index, MacAddress mac)
    {
        writer.Begin(Rtm.RTM_NEWLINK, Request.Change, Header(index, up: false));
        writer.Mac(Ifla.IFLA_ADDRESS, mac);
        writer.End();
    }

    /// <summary>
    /// Deletes one link. For a pod, delete its namespace instead: the kernel frees those in batches, single links cost
    /// 19 ms each.
    /// </summary>
    public static void Delete(NetlinkWriter writer, InterfaceIndex index)
    {
        writer.Begin(Rtm.RTM_DELLINK, Request.Change, Header(index, up: false));
        writer.End();
    }

    /// <summary>Deletes all links of a group with one request.</summary>
    public static void DeleteGroup(NetlinkWriter writer, uint group)
    {
        writer.Begin(Rtm.RTM_DELLINK, Request.Change, Header(InterfaceIndex.None, up: false));
        writer.U32(Ifla.IFLA_GROUP, group);
        writer.End();
    }

    /// <summary>
    /// Asks for one link; the answer is an RTM_NEWLINK for <see cref="Parse"/>. Since Linux 6.8 the kernel first
    /// completes the pending work of a carrier change (linkwatch_sync_dev); for a dump of all links it does not.
    /// </summary>
    public static void Get(NetlinkWriter writer, InterfaceIndex index)
    {
        writer.Begin(Rtm.RTM_GETLINK, NetlinkFlags.Request, Header(index, up: false));
        writer.End();
    }

    /// <summary>All links of the socket's namespace, by index.</summary>
    public static IReadOnlyList<LinkInfo> Dump(NetlinkSocket socket)
    {
        var links = socket.DumpAll<ifinfomsg,
            LinkInfo>(Rtm.RTM_GETLINK, default, "list links", static body => Parse(body));
        links.Sort(static (a, b) => a.Index.Value.CompareTo(b.Index.Value));
        return links;
    }

    /// <summary>Reads an RTM_NEWLINK body.</summary>
    /// <exception cref="InvalidDataException">It is cut short.</exception>
    public static LinkInfo Parse(ReadOnlySpan<byte> body)
    {
        var header = MessageReader.Header<ifinfomsg>(body);
        var link = new LinkInfo(new(header.ifi_index), "", null, InterfaceIndex.None, 0, null, 0,
            (header.ifi_flags & Ifla.IFF_UP) != 0, 0);
        var attributes = MessageReader.Attributes<ifinfomsg>(body);
        while (attributes.Read())
        {
            link = attributes.Type switch
            {
                Ifla.IFLA_IFNAME => link with { Name = attributes.String() },
                Ifla.IFLA_ADDRESS => link with { Mac = attributes.Mac() },
                Ifla.IFLA_MTU => link with { Mtu = attributes.U32() },
                Ifla.IFLA_LINK => link with { PeerIndex = new((int)attributes.U32()) },
                Ifla.IFLA_MASTER => link with { Master = new((int)attributes.U32()) },
                Ifla.IFLA_STATS64 => link with { SentPackets = attributes.Struct<PacketCounts>().Sent },
                Ifla.IFLA_GROUP => link with { Group = attributes.U32() },
                Ifla.IFLA_IFALIAS => link with { Alias = attributes.String() },
                Ifla.IFLA_LINK_NETNSID => link with { PeerNamespace = new((int)attributes.U32()) },
                Ifla.IFLA_OPERSTATE => link with { OperState = attributes.U8() },
                Ifla.IFLA_LINKINFO => WithLinkInfo(link, attributes.Nested()),
                _ => link,
            };
        }

        return link;
    }

    private static void Common(NetlinkWriter writer, MacAddress? mac, uint mtu)
    {
        if (mac is { } address)
        {
            writer.Mac(Ifla.IFLA_ADDRESS, address);
        }

        if (mtu != 0)
        {
            writer.U32(Ifla.IFLA_MTU, mtu);
        }
    }

    /// <summary>
    /// The number of queues that veth uses by default. Without the attribute it allocates one for each CPU and frees
    /// the others again, which waits for RCU at both ends (drivers/net/veth.c, veth_init_queues): a tenth of the cost
    /// of attaching a pod.
    /// </summary>
    private static void OneQueue(NetlinkWriter writer)
    {
        writer.U32(Ifla.IFLA_NUM_TX_QUEUES, 1);
        writer.U32(Ifla.IFLA_NUM_RX_QUEUES, 1);
    }

    private static LinkInfo WithLinkInfo(LinkInfo link, AttributeReader info)
    {
        var bridgePort = false;
        while (info.Read())
        {
            switch (info.Type)
            {
                case Ifla.IFLA_INFO_KIND: link = link with { Kind = info.String() }; break;
                case Ifla.IFLA_INFO_SLAVE_KIND: bridgePort = info.String() == "bridge"; break;
                case Ifla.IFLA_INFO_SLAVE_DATA when bridgePort: link =
                    link with { Port = PortFlags(info.Nested()) }; break;
            }
        }

        return link;
    }

    private static BridgePortFlags PortFlags(AttributeReader data)
    {
        var flags = default(BridgePortFlags);
        while (data.Read())
        {
            flags = data.Type switch
            {
                Ifla.IFLA_BRPORT_ISOLATED => flags with { Isolated = data.U8() != 0 },
                Ifla.IFLA_BRPORT_LEARNING => flags with { Learning = data.U8() != 0 },
                Ifla.IFLA_BRPORT_UNICAST_FLOOD => flags with { Flood = data.U8() != 0 },
                Ifla.IFLA_BRPORT_MCAST_FLOOD => flags with { MulticastFlood = data.U8() != 0 },
                Ifla.IFLA_BRPORT_BCAST_FLOOD => flags with { BroadcastFlood = data.U8() != 0 },
                _ => flags,
            };
        }

        return flags;
    }

    private static ifinfomsg Header(InterfaceIndex index, bool up) =>
        new() { ifi_index = index.Value, ifi_flags = up ? Ifla.IFF_UP : 0, ifi_change = up ? Ifla.IFF_UP : 0 };

    /// <summary>The first fields of <c>struct rtnl_link_stats64</c>, linux/if_link.h.</summary>
    private readonly record struct PacketCounts(ulong Received, ulong Sent);
}
