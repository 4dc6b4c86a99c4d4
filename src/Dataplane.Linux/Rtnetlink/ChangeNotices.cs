using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;

namespace Dataplane.Linux.Rtnetlink;

/// <summary>
/// Reports changes of links, addresses, routes, routing rules, neighbours and, if requested, nf_tables of a namespace,
/// and of links, addresses, routes and neighbours at the other ends of its veth pairs. Changes by the two given sockets
/// are left out, with two exceptions: links, because a socket of another namespace may have the same port id and move
/// an end of our pair, and the forwarding table of a bridge, whose notices do not name their author. Not thread-safe.
/// </summary>
public sealed class ChangeNotices : IDisposable
{
    private readonly NetlinkSocket _route, _rules;
    private readonly uint _ourRoute, _ourRules;

    private ChangeNotices(NetlinkSocket route, NetlinkSocket rules, uint ourRoute, uint ourRules) =>
        (_route, _rules, _ourRoute, _ourRules) = (route, rules, ourRoute, ourRules);

    /// <param name="route">An rtnetlink socket of the same namespace whose changes are not reported.</param>
    /// <param name="rules">A netfilter socket, likewise.</param>
    public static ChangeNotices Open(Netns netns, NetlinkSocket route, NetlinkSocket rules)
    {
        var listener = NetlinkSocket.Listen(NetlinkProtocol.Route, netns, Groups.RTNLGRP_LINK, Groups.RTNLGRP_NEIGH,
            Groups.RTNLGRP_IPV4_IFADDR, Groups.RTNLGRP_IPV6_IFADDR,
            Groups.RTNLGRP_IPV4_ROUTE, Groups.RTNLGRP_IPV6_ROUTE, Groups.RTNLGRP_IPV4_RULE, Groups.RTNLGRP_IPV6_RULE);
        try
        {
            listener.ListenToAllNamespaces();
            return new ChangeNotices(
                listener, NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns), route.PortId, rules.PortId);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Also reports changes of nf_tables from now on. While any process of the machine listens, in any namespace, the
    /// kernel writes a message for each element of each transaction (nf_tables_setelem_notify): a large transaction
    /// takes three times as long.
    /// </summary>
    public void HearTables() => _rules.Join(Groups.NFNLGRP_NFTABLES);

    /// <summary>
    /// Waits for a notice at most for the timeout, then hands over all that are queued. A loss is a notice, too.
    /// </summary>
    public void Wait(TimeSpan timeout, Action<ChangeNotice> handler)
    {
        if (!NetlinkSocket.WaitAny((int)timeout.TotalMilliseconds, _route, _rules))
        {
            return;
        }

        var lost = _route.ReceiveAll(TimeSpan.Zero, datagram => Tell(datagram, _route.CameFrom, handler));
        lost += _rules.ReceiveAll(TimeSpan.Zero, datagram =>
        {
            if (!IsOurs(datagram))
            {
                handler(new ChangeNotice(ChangeKind.Tables));
            }
        });
        if (lost > 0)
        {
            handler(new ChangeNotice(ChangeKind.Lost));
        }
    }

    public void Dispose()
    {
        _route.Dispose();
        _rules.Dispose();
    }

    private void Tell(ReadOnlySpan<byte> datagram, NamespaceId? from, Action<ChangeNotice> handler)
    {
        var messages = new MessageReader(datagram);
        while (messages.Read())
        {
            if (Parse(messages, from) is { } notice && (notice.Kind is ChangeKind.Link or ChangeKind.Forwarding
                || from is not null || messages.PortId != _ourRoute))
            {
                handler(notice);
            }
        }
    }

    /// <summary>Null: a message of another kind.</summary>
    private static ChangeNotice? Parse(in MessageReader message, NamespaceId? from)
    {
        switch (message.Type)
        {
            case Rtm.RTM_NEWLINK or Rtm.RTM_DELLINK:
                return new ChangeNotice(ChangeKind.Link, from,
                    new(MessageReader.Header<ifinfomsg>(message.Body).ifi_index));
            case Rtm.RTM_NEWADDR or Rtm.RTM_DELADDR:
                return new ChangeNotice(
                    ChangeKind.Address, from, new((int)MessageReader.Header<ifaddrmsg>(message.Body).ifa_index));
            case Rtm.RTM_NEWNEIGH or Rtm.RTM_DELNEIGH:
                var neighbour = MessageReader.Header<ndmsg>(message.Body);
                return new ChangeNotice(neighbour.ndm_family == Libc.AF_BRIDGE ? ChangeKind.Forwarding
                    : ChangeKind.Neighbour, from, new(neighbour.ndm_ifindex));
            case Rtm.RTM_NEWROUTE or Rtm.RTM_DELROUTE:
                return new ChangeNotice(ChangeKind.Route, from);
            case Rtm.RTM_NEWRULE or Rtm.RTM_DELRULE:
                return new ChangeNotice(ChangeKind.Rule, from);
            default:
                return null;
        }
    }

    private bool IsOurs(ReadOnlySpan<byte> datagram)
    {
        var messages = new MessageReader(datagram);
        while (messages.Read())
        {
            if (messages.PortId != _ourRules)
            {
                return false;
            }
        }

        return true;
    }

    [KernelHeader("linux/rtnetlink.h linux/netfilter/nfnetlink.h")]
    internal static class Groups
    {
        public const int RTNLGRP_LINK = 1, RTNLGRP_NEIGH = 3, RTNLGRP_IPV4_IFADDR = 5, RTNLGRP_IPV4_ROUTE = 7,
            RTNLGRP_IPV4_RULE = 8;
        public const int RTNLGRP_IPV6_IFADDR = 9, RTNLGRP_IPV6_ROUTE = 11, RTNLGRP_IPV6_RULE = 19;
        public const int NFNLGRP_NFTABLES = 7;
    }
}
