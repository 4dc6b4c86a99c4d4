using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Tmds.Linux;

namespace Dataplane.Linux.Netlink;

/// <summary>Receives one datagram of notifications.</summary>
public delegate void NetlinkDatagramHandler(ReadOnlySpan<byte> datagram);

/// <content>Multicast groups: notifications of the kernel.</content>
public sealed partial class NetlinkSocket
{
    private bool _listensToAllNamespaces;

    /// <summary>
    /// The namespace that the last datagram came from, as the socket's own namespace numbers it (IFLA_LINK_NETNSID);
    /// null for its own. Set only after <see cref="ListenToAllNamespaces"/>.
    /// </summary>
    public NamespaceId? CameFrom { get; private set; }

    /// <summary>Opens a socket in <paramref name="netns"/> that is a member of these groups.</summary>
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

    /// <summary>
    /// Joins a multicast group (NETLINK_ADD_MEMBERSHIP), for example RTNLGRP_LINK or NFNLGRP_NFTABLES.
    /// </summary>
    public void Join(int group) =>
        SetOption(LibC.SOL_NETLINK, Libc.NETLINK_ADD_MEMBERSHIP, group, $"join netlink group {group}");

    /// <summary>
    /// Also receives notifications of the namespaces that this socket's own has a number for (NETLINK_LISTEN_ALL_NSID):
    /// those at the other end of its veth pairs.
    /// </summary>
    public void ListenToAllNamespaces()
    {
        SetOption(LibC.SOL_NETLINK, Libc.NETLINK_LISTEN_ALL_NSID, 1, "NETLINK_LISTEN_ALL_NSID");
        _listensToAllNamespaces = true;
    }

    /// <summary>Waits for a datagram, then hands over all that are queued.</summary>
    /// <param name="timeout">As of <see cref="Receive"/>.</param>
    /// <returns>The number of times the kernel reported losses (ENOBUFS); it does not say how many datagrams were
    /// lost.</returns>
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
