using System.Net;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Nflog;

namespace Dataplane.Linux.Tests.Conntrack;

/// <summary>
/// Netfilter's messages: <c>nfgenmsg</c> is family, version, resource in big-endian; attributes are big-endian.
/// </summary>
public sealed class NetfilterGoldenTests
{
    [Fact]
    public void Delete_one_connection() => Golden.Equal("""
        50000000 0201 0500 01000000 00000000          // NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE, REQUEST|ACK
        02 00 0000                                    // nfgenmsg: AF_INET
        3400 0180                                     // CTA_TUPLE_ORIG
        1400 0180                                     //   CTA_TUPLE_IP
        0800 0100 0af40002                            //     CTA_IP_V4_SRC
        0800 0200 0af40003                            //     CTA_IP_V4_DST
        1c00 0280                                     //   CTA_TUPLE_PROTO
        0500 0100 06 000000                           //     CTA_PROTO_NUM TCP
        0600 0200 8000 0000                           //     CTA_PROTO_SRC_PORT 32768
        0600 0300 0050 0000                           //     CTA_PROTO_DST_PORT 80
        0800 0c00 00000009                            // CTA_ID
        """, w => ConntrackTable.Delete(w,
            new ConntrackTuple(IPAddress.Parse("10.244.0.2"), IPAddress.Parse("10.244.0.3"), 6, 32768, 80), id: 9));

    [Fact]
    public void Listen_to_a_log_group() => Golden.Equal("""
        38000000 0104 0500 01000000 00000000          // NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG
        00 00 004d                                    // nfgenmsg: group 77
        0500 0100 01 000000                           // NFULA_CFG_CMD: NFULNL_CFG_CMD_BIND
        0a00 0200 000000c8 02 00 0000                 // NFULA_CFG_MODE: 200 bytes, NFULNL_COPY_PACKET
        0800 0500 00000001                            // NFULA_CFG_QTHRESH 1
        0600 0600 0001 0000                           // NFULA_CFG_FLAGS: NFULNL_CFG_F_SEQ
        """, w => NflogReader.Configure(w, 77, 200));
}
