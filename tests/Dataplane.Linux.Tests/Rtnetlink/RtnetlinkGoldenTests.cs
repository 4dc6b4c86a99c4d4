using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
namespace Dataplane.Linux.Tests.Rtnetlink;

/// <summary>
/// Messages as the kernel reads them (little-endian machines). <c>nlmsghdr</c>: length, type, flags, sequence, port.
/// </summary>
public sealed class RtnetlinkGoldenTests
{
    private static readonly MacAddress Mac = MacAddress.Parse("02:00:00:00:01:02");

    [Fact]
    public void Bridge() => Golden.Equal("""
        60000000 1000 0506 01000000 00000000          // RTM_NEWLINK, REQUEST|ACK|EXCL|CREATE
        00 00 0000 0a000000 01000000 01000000         // ifinfomsg: index 10, IFF_UP of IFF_UP
        0800 0300 64703000                            // IFLA_IFNAME "dp0"
        0a00 0100 020000000102 0000                   // IFLA_ADDRESS
        2c00 1280                                     // IFLA_LINKINFO, nested
        0b00 0100 62726964676500 00                   //   IFLA_INFO_KIND "bridge"
        1c00 0280                                     //   IFLA_INFO_DATA
        0800 0100 00000000                            //     IFLA_BR_FORWARD_DELAY 0
        0800 0500 00000000                            //     IFLA_BR_STP_STATE 0
        0500 1700 00 000000                           //     IFLA_BR_MCAST_SNOOPING 0
        """, w => Links.AddBridge(w, new BridgeRequest("dp0", Mac, new(10), Up: true)));

    [Fact]
    public void Bridge_port() => Golden.Equal("""
        5c000000 1000 0500 01000000 00000000          // RTM_NEWLINK, REQUEST|ACK
        00 00 0000 0b000000 01000000 01000000         // ifinfomsg: index 11, up
        3c00 1280                                     // IFLA_LINKINFO
        0b00 0400 62726964676500 00                   //   IFLA_INFO_SLAVE_KIND "bridge"
        2c00 0580                                     //   IFLA_INFO_SLAVE_DATA
        0500 0800 00 000000                           //     IFLA_BRPORT_LEARNING off
        0500 0900 00 000000                           //     IFLA_BRPORT_UNICAST_FLOOD off
        0500 1b00 00 000000                           //     IFLA_BRPORT_MCAST_FLOOD off
        0500 1e00 00 000000                           //     IFLA_BRPORT_BCAST_FLOOD off
        0500 2100 01 000000                           //     IFLA_BRPORT_ISOLATED on
        """, w => Links.SetBridgePort(w, new(11), BridgePortFlags.RoutedPod, up: true));

    [Fact]
    public void Address() => Golden.Equal("""
        30000000 1400 0506 01000000 00000000          // RTM_NEWADDR, REQUEST|ACK|EXCL|CREATE
        02 20 00 00 02000000                          // ifaddrmsg: AF_INET, /32, index 2
        0800 0200 0af40002                            // IFA_LOCAL 10.244.0.2
        0800 0100 0af40002                            // IFA_ADDRESS
        0800 0800 02000000                            // IFA_FLAGS: IFA_F_NODAD
        """, w => Addresses.Add(w, new(2), IPAddress.Parse("10.244.0.2"), 32));

    [Fact]
    public void Default_route_on_link() => Golden.Equal("""
        34000000 1800 0506 01000000 00000000          // RTM_NEWROUTE
        02 00 00 00 fe 04 00 01 04000000              // rtmsg: AF_INET /0, main, RTPROT_STATIC, universe, RTN_UNICAST, RTNH_F_ONLINK
        0800 0f00 fe000000                            // RTA_TABLE 254
        0800 0500 0af40001                            // RTA_GATEWAY
        0800 0400 02000000                            // RTA_OIF 2
        """, w => Routes.Add(w, new Route(IPNetwork.Parse("0.0.0.0/0"))
        {
            Gateway = IPAddress.Parse("10.244.0.1"), OutInterface = new(2), OnLink = true,
        }));

    [Fact]
    public void Prohibit_route_in_a_table_beyond_a_byte() => Golden.Equal("""
        38000000 1800 0505 01000000 00000000          // RTM_NEWROUTE, REQUEST|ACK|REPLACE|CREATE
        0a 40 00 00 00 04 00 08 00000000              // rtmsg: AF_INET6 /64, RT_TABLE_UNSPEC, RTN_PROHIBIT
        1400 0100 fd000010024400000000000000000000    // RTA_DST fd00:10:244::
        0800 0f00 e8030000                            // RTA_TABLE 1000
        """, w => Routes.Replace(w,
            new Route(IPNetwork.Parse("fd00:10:244::/64")) { Type = RouteType.Prohibit, Table = 1000 }));

    [Fact]
    public void Rule_for_a_mark() => Golden.Equal("""
        3c000000 2000 0506 01000000 00000000          // RTM_NEWRULE
        02 00 00 00 00 00 00 08 00000000              // fib_rule_hdr: AF_INET, FR_ACT_PROHIBIT
        0800 0600 64000000                            // FRA_PRIORITY 100
        0800 0a00 00000000                            // FRA_FWMARK 0
        0800 1000 00ff0000                            // FRA_FWMASK 0xff00
        0800 0300 64703000                            // FRA_IIFNAME "dp0"
        """, w => Rules.Add(w, new Rule(AddressFamily.InterNetwork, 100)
        {
            Action = RuleAction.Prohibit, Mask = 0xff00, InInterface = "dp0",
        }));

    [Fact]
    public void Permanent_neighbour() => Golden.Equal("""
        30000000 1c00 0505 01000000 00000000          // RTM_NEWNEIGH, REQUEST|ACK|REPLACE|CREATE
        02 00 0000 0a000000 8000 00 00                // ndmsg: AF_INET, index 10, NUD_PERMANENT
        0800 0100 0af40002                            // NDA_DST
        0a00 0200 020000000102 0000                   // NDA_LLADDR
        """, w => Neighbours.SetPermanent(w, new(10), IPAddress.Parse("10.244.0.2"), Mac));

    [Fact]
    public void Static_forwarding_entry() => Golden.Equal("""
        28000000 1c00 0505 01000000 00000000          // RTM_NEWNEIGH
        07 00 0000 0b000000 4000 04 00                // ndmsg: AF_BRIDGE, port 11, NUD_NOARP, NTF_MASTER
        0a00 0200 020000000102 0000                   // NDA_LLADDR
        """, w => ForwardingTable.SetStatic(w, new(11), Mac));

    [Fact]
    public void A_batch_numbers_its_messages_and_counts_the_answers_due()
    {
        var writer = new NetlinkWriter(16, firstSequence: 7);
        Links.SetUp(writer, new(1));
        Links.SetUp(writer, new(2));
        Assert.Equal((7u, 9u, 2, 64),
            (writer.FirstSequence, writer.NextSequence, writer.AcknowledgementsDue, writer.Length));
        var messages = new MessageReader(writer.Written);
        Assert.True(messages.Read() && messages.Sequence == 7 && messages.Read() && messages.Sequence == 8
            && !messages.Read());
        writer.Dispose();
    }
}
