using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Netlink;

/// <summary>Receives one datagram of notifications.</summary>
public delegate void NetlinkDatagramHandler(ReadOnlySpan<byte> datagram);

/// <content>Multicast groups: what the kernel tells unasked.</content>
public sealed partial class NetlinkSocket
{
    private bool _hearsAllNamespaces;

    /// <summary>
    /// Of the last datagram, where the socket listens to other namespaces too: the number that its own has for the one it came from
    /// (IFLA_LINK_NETNSID); null: its own.
    /// </summary>
    public int? CameFrom { get; private set; }

    /// <summary>Opens a socket in <paramref name="netns"/> that hears these groups.</summary>
    /// <exception cref="LinuxException">EPERM: not root.</exception>
    public static NetlinkSocket Listen(int protocol, Netns netns, params ReadOnlySpan<int> groups)
    {
        var socket = Open(protocol, netns);
        try
        {
            foreach (var group in groups)
            {
                socket.Join(group);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Joins a multicast group (NETLINK_ADD_MEMBERSHIP), for example RTNLGRP_LINK or NFNLGRP_NFTABLES.</summary>
    public void Join(int group) => SetOption(Libc.SOL_NETLINK, Libc.NETLINK_ADD_MEMBERSHIP, group, $"join netlink group {group}");

    /// <summary>
    /// Notifications of other namespaces too, as far as this socket's has a number for them (NETLINK_LISTEN_ALL_NSID): it has one
    /// for every namespace that a veth pair leads to.
    /// </summary>
    public void ListenToAllNamespaces()
    {
        SetOption(Libc.SOL_NETLINK, Libc.NETLINK_LISTEN_ALL_NSID, 1, "NETLINK_LISTEN_ALL_NSID");
        _hearsAllNamespaces = true;
    }

    /// <summary>Waits for a datagram, then hands over all that are queued.</summary>
    /// <param name="timeout">As of <see cref="Receive"/>.</param>
    /// <returns>How often the kernel said that it dropped some (ENOBUFS). It does not say how many.</returns>
    public int ReceiveAll(TimeSpan timeout, NetlinkDatagramHandler handler)
    {
        for (var losses = 0; ; timeout = TimeSpan.Zero)
        {
            switch (Receive(timeout, out var datagram))
            {
                case ReceiveStatus.TimedOut:
                    return losses;
                case ReceiveStatus.Lost:
                    losses++;
                    break;
                default:
                    handler(datagram);
                    break;
            }
        }
    }
}
