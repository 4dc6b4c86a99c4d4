using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
namespace Dataplane.Linux.Conntrack;

/// <summary>
/// The connection table of a namespace (NFNL_SUBSYS_CTNETLINK). Entries are deleted one by one, never flushed: after a
/// flush the server's next packet would create an entry in the opposite direction.
/// </summary>
public static class ConntrackTable
{
    /// <summary>The entries of one family, or of both.</summary>
    /// <param name="socket">A socket of <see cref="NetlinkProtocol.Netfilter"/>.</param>
    public static IReadOnlyList<ConntrackEntry> Dump(
        NetlinkSocket socket, AddressFamily family = AddressFamily.Unspecified) =>
        socket.DumpAll(
            Type(Ctnl.IPCTNL_MSG_CT_GET), new nfgenmsg { nfgen_family = NetlinkFamily.Of(family) }, "list connections",
                static body => Parse(body));

    /// <summary>
    /// The entries whose mark has the bits <paramref name="mark"/> under <paramref name="mask"/>; the kernel filters.
    /// </summary>
    /// <param name="socket">A socket of <see cref="NetlinkProtocol.Netfilter"/>.</param>
    public static IReadOnlyList<ConntrackEntry> Dump(NetlinkSocket socket, uint mark, uint mask)
    {
        using var request = socket.NewBatch(256);
        request.Begin(Type(Ctnl.IPCTNL_MSG_CT_GET), NetlinkFlags.Request | NetlinkFlags.Dump, default(nfgenmsg));
        request.U32Be(Ctnl.CTA_MARK, mark);
        request.U32Be(Ctnl.CTA_MARK_MASK, mask);
        return socket.DumpAll(request, "list connections by mark", body =>
            Parse(body) is { } entry && (entry.Mark & mask) == mark ? entry : (ConntrackEntry?)null);
    }

    /// <summary>The number of entries of a namespace; null if the kernel does not say.</summary>
    public static long? Count(Netns netns) =>
        long.TryParse(Sysctl.Read(netns, "net/netfilter/nf_conntrack_count"), NumberStyles.None,
            CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>The same without entering the namespace; null if the kernel does not say.</summary>
    /// <param name="socket">A socket of <see cref="NetlinkProtocol.Netfilter"/>.</param>
    public static uint? Count(NetlinkSocket socket) => Statistic(socket, Ctnl.CTA_STATS_GLOBAL_ENTRIES);

    /// <summary>
    /// The number of entries that the namespace may have, net.netfilter.nf_conntrack_max; null if the kernel does not
    /// say.
    /// </summary>
    /// <param name="socket">A socket of <see cref="NetlinkProtocol.Netfilter"/>.</param>
    public static uint? Capacity(NetlinkSocket socket) => Statistic(socket, Ctnl.CTA_STATS_GLOBAL_MAX_ENTRIES);

    /// <summary>Appends the deletion of one entry. The kernel answers ENOENT when there is none.</summary>
    /// <param name="original">The original direction.</param>
    /// <param name="id">The entry's <see cref="ConntrackEntry.Id"/>, which protects a newer entry of the same tuple; 0
    /// for any.</param>
    /// <param name="answered">Whether the kernel acknowledges success; it always reports failure.</param>
    public static void Delete(NetlinkWriter writer, in ConntrackTuple original, uint id = 0, bool answered = true)
    {
        writer.Begin(Type(Ctnl.IPCTNL_MSG_CT_DELETE), (ushort)(NetlinkFlags.Request
            | (answered ? NetlinkFlags.Ack : 0)), new nfgenmsg { nfgen_family = NetlinkFamily.Of(original.Source) });
        Write(writer, Ctnl.CTA_TUPLE_ORIG, original);
        if (id != 0)
        {
            writer.U32Be(Ctnl.CTA_ID, id);
        }

        writer.End();
    }

    /// <summary>Appends a change of an entry's mark. The kernel answers ENOENT when there is none.</summary>
    /// <param name="original">The original direction.</param>
    public static void SetMark(NetlinkWriter writer, in ConntrackTuple original, uint mark)
    {
        writer.Begin(Type(Ctnl.IPCTNL_MSG_CT_NEW), NetlinkFlags.Request | NetlinkFlags.Ack,
            new nfgenmsg { nfgen_family = NetlinkFamily.Of(original.Source) });
        Write(writer, Ctnl.CTA_TUPLE_ORIG, original);
        writer.U32Be(Ctnl.CTA_MARK, mark);
        writer.End();
    }

    /// <summary>Deletes entries in one batch and returns how many were there.</summary>
    public static int Delete(NetlinkSocket socket, IReadOnlyList<ConntrackEntry> entries)
    {
        using var batch = socket.NewBatch();
        foreach (var entry in entries)
        {
            Delete(batch, entry.Original, entry.Id);
        }

        return socket.Commit("delete connections", batch, tolerate: Errno.ENOENT);
    }

    /// <summary>Reads an IPCTNL_MSG_CT_NEW body; null if a tuple lacks its addresses.</summary>
    /// <exception cref="InvalidDataException">It is cut short.</exception>
    public static ConntrackEntry? Parse(ReadOnlySpan<byte> body)
    {
        (ConntrackTuple? original, ConntrackTuple? reply) = (null, null);
        var (mark, status, id) = (0u, 0u, 0u);
        byte? state = null;
        var attributes = MessageReader.Attributes<nfgenmsg>(body);
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case Ctnl.CTA_TUPLE_ORIG: original = ParseTuple(attributes.Nested()); break;
                case Ctnl.CTA_TUPLE_REPLY: reply = ParseTuple(attributes.Nested()); break;
                case Ctnl.CTA_PROTOINFO: state = ParseState(attributes.Nested()); break;
                case Ctnl.CTA_STATUS: status = attributes.U32Be(); break;
                case Ctnl.CTA_MARK: mark = attributes.U32Be(); break;
                case Ctnl.CTA_ID: id = attributes.U32Be(); break;
            }
        }

        return original is { } o && reply is { } r
            ? new ConntrackEntry(o, r, mark, status, id) { State = state } : null;
    }

    private static uint? Statistic(NetlinkSocket socket, int attribute)
    {
        uint? found = null;
        using var request = socket.NewBatch(64);
        request.Begin(Type(Ctnl.IPCTNL_MSG_CT_GET_STATS), NetlinkFlags.Request, default(nfgenmsg));
        socket.Send(request, (_, body) =>
        {
            var attributes = MessageReader.Attributes<nfgenmsg>(body);
            while (attributes.Read())
                if (attributes.Type == attribute) found = attributes.U32Be();
        });
        return found;
    }

    private static byte? ParseState(AttributeReader protocols)
    {
        while (protocols.Read())
        {
            if (protocols.Type is not (Ctnl.CTA_PROTOINFO_TCP or Ctnl.CTA_PROTOINFO_SCTP))
            {
                continue;
            }

            var inner = protocols.Nested();
            while (inner.Read())
            {
                if (inner.Type == Ctnl.CTA_PROTOINFO_TCP_STATE)
                {
                    return inner.U8();
                }
            }
        }

        return null;
    }

    private static ushort Type(int message) => (ushort)(Ctnl.NFNL_SUBSYS_CTNETLINK << 8 | message);

    private static ConntrackTuple? ParseTuple(AttributeReader tuple)
    {
        (IPAddress? source, IPAddress? destination) = (null, null);
        var protocol = default(ConntrackTuple);
        while (tuple.Read())
        {
            var inner = tuple.Nested();
            switch (tuple.Type)
            {
                case Ctnl.CTA_TUPLE_IP:
                    while (inner.Read())
                    {
                        switch (inner.Type)
                        {
                            case Ctnl.CTA_IP_V4_SRC or Ctnl.CTA_IP_V6_SRC: source = inner.Address(); break;
                            case Ctnl.CTA_IP_V4_DST or Ctnl.CTA_IP_V6_DST: destination = inner.Address(); break;
                        }
                    }

                    break;
                case Ctnl.CTA_TUPLE_PROTO:
                    protocol = ParseProtocol(inner);
                    break;
            }
        }

        return source is not null && destination is not null
            ? protocol with { Source = source, Destination = destination } : null;
    }

    private static ConntrackTuple ParseProtocol(AttributeReader attributes)
    {
        var tuple = default(ConntrackTuple);
        while (attributes.Read())
        {
            tuple = attributes.Type switch
            {
                Ctnl.CTA_PROTO_NUM => tuple with { Protocol = attributes.U8() },
                Ctnl.CTA_PROTO_SRC_PORT => tuple with { SourcePort = attributes.U16Be() },
                Ctnl.CTA_PROTO_DST_PORT => tuple with { DestinationPort = attributes.U16Be() },
                Ctnl.CTA_PROTO_ICMP_ID or Ctnl.CTA_PROTO_ICMPV6_ID => tuple with { IcmpId = attributes.U16Be() },
                Ctnl.CTA_PROTO_ICMP_TYPE or Ctnl.CTA_PROTO_ICMPV6_TYPE => tuple with { IcmpType = attributes.U8() },
                Ctnl.CTA_PROTO_ICMP_CODE or Ctnl.CTA_PROTO_ICMPV6_CODE => tuple with { IcmpCode = attributes.U8() },
                _ => tuple,
            };
        }

        return tuple;
    }

    private static void Write(NetlinkWriter writer, int type, in ConntrackTuple tuple)
    {
        var v4 = tuple.Source.AddressFamily == AddressFamily.InterNetwork;
        var outer = writer.Open(type);
        var ip = writer.Open(Ctnl.CTA_TUPLE_IP);
        writer.Address(v4 ? Ctnl.CTA_IP_V4_SRC : Ctnl.CTA_IP_V6_SRC, tuple.Source);
        writer.Address(v4 ? Ctnl.CTA_IP_V4_DST : Ctnl.CTA_IP_V6_DST, tuple.Destination);
        writer.Close(ip);
        var protocol = writer.Open(Ctnl.CTA_TUPLE_PROTO);
        writer.U8(Ctnl.CTA_PROTO_NUM, tuple.Protocol);
        switch (tuple.Protocol)
        {
            case ConntrackTuple.Icmp:
                writer.U16Be(Ctnl.CTA_PROTO_ICMP_ID, tuple.IcmpId);
                writer.U8(Ctnl.CTA_PROTO_ICMP_TYPE, tuple.IcmpType);
                writer.U8(Ctnl.CTA_PROTO_ICMP_CODE, tuple.IcmpCode);
                break;
            case ConntrackTuple.IcmpV6:
                writer.U16Be(Ctnl.CTA_PROTO_ICMPV6_ID, tuple.IcmpId);
                writer.U8(Ctnl.CTA_PROTO_ICMPV6_TYPE, tuple.IcmpType);
                writer.U8(Ctnl.CTA_PROTO_ICMPV6_CODE, tuple.IcmpCode);
                break;
            default:
                writer.U16Be(Ctnl.CTA_PROTO_SRC_PORT, tuple.SourcePort);
                writer.U16Be(Ctnl.CTA_PROTO_DST_PORT, tuple.DestinationPort);
                break;
        }

        writer.Close(protocol);
        writer.Close(outer);
    }
}
