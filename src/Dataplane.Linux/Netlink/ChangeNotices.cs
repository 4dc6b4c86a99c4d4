using Dataplane.Linux.Namespaces;

namespace Dataplane.Linux.Netlink;

/// <summary>
/// Hears that somebody, perhaps we, changed links, addresses, routes, routing rules, neighbours or nf_tables of a namespace, or
/// links, addresses, routes and neighbours of those that veth pairs lead to from it. What it was, dumps tell. Who knows what one of
/// its own nf_tables sockets does can leave that out; links are different, since other namespaces' sockets may have the same address.
/// </summary>
public sealed class ChangeNotices : IDisposable
{
    private readonly NetlinkSocket _route, _rules;

    private readonly uint _ours;

    private ChangeNotices(NetlinkSocket route, NetlinkSocket rules, uint ours) => (_route, _rules, _ours) = (route, rules, ours);

    /// <param name="ours">A netfilter socket of the same namespace whose changes are no news.</param>
    public static ChangeNotices Open(Netns netns, NetlinkSocket ours)
    {
        NetlinkSocket? route = null, rules = null;
        try
        {
            route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
            route.ListenToAllNamespaces();
            foreach (var group in (ReadOnlySpan<int>)[Groups.RTNLGRP_LINK, Groups.RTNLGRP_NEIGH, Groups.RTNLGRP_IPV4_IFADDR, Groups.RTNLGRP_IPV6_IFADDR,
                Groups.RTNLGRP_IPV4_ROUTE, Groups.RTNLGRP_IPV6_ROUTE, Groups.RTNLGRP_IPV4_RULE, Groups.RTNLGRP_IPV6_RULE])
            {
                route.Join(group);
            }

            rules = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns);
            rules.Join(Groups.NFNLGRP_NFTABLES);
            return new ChangeNotices(route, rules, ours.PortId);
        }
        catch
        {
            route?.Dispose();
            rules?.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a notice and takes in all there are; false when the time is over, or all were about our own doings. What was lost (ENOBUFS) counts as one.</summary>
    public bool Wait(TimeSpan timeout)
    {
        if (!NetlinkSocket.WaitAny((int)timeout.TotalMilliseconds, _route, _rules))
        {
            return false;
        }

        var any = false;
        while (_route.Receive(TimeSpan.Zero, out _) != ReceiveStatus.TimedOut)
        {
            any = true;
        }

        while (_rules.Receive(TimeSpan.Zero, out var datagram) is var status and not ReceiveStatus.TimedOut)
        {
            any |= status == ReceiveStatus.Lost || !IsOurs(datagram);
        }

        return any;
    }

    private bool IsOurs(ReadOnlySpan<byte> datagram)
    {
        var messages = new MessageReader(datagram);
        while (messages.Read())
        {
            if (messages.PortId != _ours)
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose()
    {
        _route.Dispose();
        _rules.Dispose();
    }

    [KernelHeader("linux/rtnetlink.h linux/netfilter/nfnetlink.h")]
    internal static class Groups
    {
        public const int RTNLGRP_LINK = 1, RTNLGRP_NEIGH = 3, RTNLGRP_IPV4_IFADDR = 5, RTNLGRP_IPV4_ROUTE = 7, RTNLGRP_IPV4_RULE = 8;
        public const int RTNLGRP_IPV6_IFADDR = 9, RTNLGRP_IPV6_ROUTE = 11, RTNLGRP_IPV6_RULE = 19;
        public const int NFNLGRP_NFTABLES = 7;
    }
}
