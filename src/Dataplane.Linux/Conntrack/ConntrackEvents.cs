using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;

namespace Dataplane.Linux.Conntrack;

/// <summary>Receives a new connection.</summary>
public delegate void ConntrackHandler(in ConntrackEntry entry);

/// <summary>
/// The new connections of a namespace (NFNLGRP_CONNTRACK_NEW), each once its first packet has passed all hooks: a
/// packet that a rule drops is never announced, and the mark is the one that the rules have set. Not thread-safe.
/// </summary>
public sealed class ConntrackEvents : IDisposable
{
    /// <summary>
    /// 0 turns events off; 2, the default of new namespaces, turns them on while a socket listens
    /// (Documentation/networking/nf_conntrack-sysctl.rst).
    /// </summary>
    private const string Setting = "net/netfilter/nf_conntrack_events";

    private readonly NetlinkSocket _socket;

    private ConntrackEvents(NetlinkSocket socket) => _socket = socket;

    /// <summary>
    /// The number of times the kernel reported losses (ENOBUFS); it does not say how many events were lost.
    /// </summary>
    public long Overruns { get; private set; }

    /// <summary>Listens, and turns events on where they are off.</summary>
    /// <exception cref="LinuxException">EPERM: not root. EROFS: they are off, and /proc/sys is read-only.</exception>
    public static ConntrackEvents Open(Netns netns)
    {
        var socket = NetlinkSocket.Listen(NetlinkProtocol.Netfilter, netns, Ctnl.NFNLGRP_CONNTRACK_NEW);
        try
        {
            if (Sysctl.Read(netns, Setting) == "0")
            {
                Sysctl.Write(netns, new SysctlSetting(Setting, "1"));
            }

            return new ConntrackEvents(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits for events, then hands over all that are queued.</summary>
    /// <returns>The number of events; 0 after the timeout, or if only a loss was reported: see <see
    /// cref="Overruns"/>.</returns>
    public int Receive(TimeSpan timeout, ConntrackHandler handler)
    {
        var count = 0;
        Overruns += _socket.ReceiveAll(timeout, datagram => count += Deliver(datagram, handler));
        return count;
    }

    public void Dispose() => _socket.Dispose();

    internal static int Deliver(ReadOnlySpan<byte> datagram, ConntrackHandler handler)
    {
        var count = 0;
        var messages = new MessageReader(datagram);
        while (messages.Read())
        {
            if (messages.Type == (Ctnl.NFNL_SUBSYS_CTNETLINK << 8 | Ctnl.IPCTNL_MSG_CT_NEW)
                && ConntrackTable.Parse(messages.Body) is { } entry)
            {
                handler(entry);
                count++;
            }
        }

        return count;
    }
}
