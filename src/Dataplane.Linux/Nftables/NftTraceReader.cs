using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using static Dataplane.Linux.Nftables.NftKernel;

namespace Dataplane.Linux.Nftables;

/// <summary>
/// Receives the trace of packets whose <c>meta nftrace</c> is 1, rule by rule (NFNLGRP_NFTRACE), in the order of
/// evaluation. Not thread-safe.
/// </summary>
public sealed class NftTraceReader : IDisposable
{
    private readonly NetlinkSocket _socket;

    private NftTraceReader(NetlinkSocket socket) => _socket = socket;

    /// <summary>Messages are missing (ENOBUFS).</summary>
    public bool HasLost { get; private set; }

    /// <exception cref="LinuxException">EPERM: not root.</exception>
    public static NftTraceReader Open(Netns netns) =>
        new(NetlinkSocket.Listen(NetlinkProtocol.Netfilter, netns, NFNLGRP_NFTRACE));

    /// <summary>Waits for messages, then takes all that are queued.</summary>
    public void Receive(TimeSpan timeout, Action<NftTraceMessage> handler) =>
        HasLost |= _socket.ReceiveAll(timeout, datagram => Deliver(datagram, handler)) > 0;

    public void Dispose() => _socket.Dispose();

    private static void Deliver(ReadOnlySpan<byte> datagram, Action<NftTraceMessage> handler)
    {
        var messages = new MessageReader(datagram);
        while (messages.Read())
        {
            if (messages.Type == MessageType(NFT_MSG_TRACE))
            {
                handler(NftTraceMessage.Parse(messages.Body));
            }
        }
    }
}
