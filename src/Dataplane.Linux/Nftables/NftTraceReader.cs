using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;

namespace Dataplane.Linux.Nftables;

/// <summary>
/// Listens to what becomes of packets whose <c>meta nftrace</c> is 1, rule by rule (NFNLGRP_NFTRACE), in the order the kernel asked
/// the rules. Not thread-safe.
/// </summary>
public sealed class NftTraceReader : IDisposable
{
    private readonly NetlinkSocket _socket;

    private NftTraceReader(NetlinkSocket socket) => _socket = socket;

    /// <summary>Messages are missing (ENOBUFS).</summary>
    public bool HasLost { get; private set; }

    /// <exception cref="LinuxException">EPERM: not root.</exception>
    public static NftTraceReader Open(Netns netns)
    {
        var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns);
        try
        {
            socket.Join(NftTraceKernel.NFNLGRP_NFTRACE);
            return new NftTraceReader(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits for messages, then takes all that are queued.</summary>
    public void Receive(TimeSpan timeout, Action<NftTraceMessage> handler)
    {
        for (; ; timeout = TimeSpan.Zero)
        {
            switch (_socket.Receive(timeout, out var datagram))
            {
                case ReceiveStatus.TimedOut:
                    return;
                case ReceiveStatus.Lost:
                    HasLost = true;
                    break;
                default:
                    Deliver(datagram, handler);
                    break;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static void Deliver(ReadOnlySpan<byte> datagram, Action<NftTraceMessage> handler)
    {
        var messages = new MessageReader(datagram);
        while (messages.Read())
        {
            if (messages.Type == (NftMessage.Subsystem << 8 | NftTraceKernel.NFT_MSG_TRACE))
            {
                handler(NftTraceMessage.Parse(messages.Body));
            }
        }
    }
}
