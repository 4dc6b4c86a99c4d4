using System.Net;
using System.Runtime.InteropServices;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Nflog;

/// <summary>
/// Listens to one NFLOG group of a namespace. Every packet is delivered at once (queue threshold 1: the default holds
/// packets back for up to a second) unless <see cref="Gather"/> says otherwise. Only <see cref="Gather"/> may be called
/// from another thread.
/// </summary>
public sealed class NflogReader : IDisposable
{
    private readonly NetlinkSocket _socket;
    private readonly ushort _group;
    private uint? _lastSequence;

    private NflogReader(NetlinkSocket socket, ushort group) => (_socket, _group) = (socket, group);

    /// <summary>For poll or epoll loops of the caller's.</summary>
    public SafeFileHandle FileDescriptor => _socket.FileDescriptor;

    /// <summary>
    /// The number of times the kernel reported losses (ENOBUFS): known at once, but not how many messages were lost.
    /// </summary>
    public long Overruns { get; private set; }

    /// <summary>Packets missing in the sequence: exact, but known only after a later packet.</summary>
    public long Lost { get; private set; }

    /// <summary>Datagrams received: each is a system call, and may hold many packets.</summary>
    public long Datagrams { get; private set; }

    /// <param name="netns">The namespace whose rules log.</param>
    /// <param name="group">As in <c>log group N</c>.</param>
    /// <param name="copyRange">Bytes of each packet, from the network header.</param>
    /// <exception cref="LinuxException">EBUSY or EPERM: another program listens to this group.</exception>
    public static NflogReader Open(Netns netns, ushort group, uint copyRange = 200)
    {
        var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns);
        try
        {
            socket.Commit($"listen to log group {group} in {netns}", writer => Configure(writer, group, copyRange));
            return new NflogReader(socket, group);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Hands over what is queued, without waiting; returns the number of packets.</summary>
    public int Drain(NflogHandler handler) => Receive(TimeSpan.Zero, handler);

    /// <summary>Waits for packets, then hands over all that are queued.</summary>
    /// <returns>The number of packets; 0 after the timeout, or if only a loss was reported: see <see
    /// cref="Overruns"/>.</returns>
    public int Receive(TimeSpan timeout, NflogHandler handler)
    {
        var count = 0;
        Overruns += _socket.ReceiveAll(timeout, datagram =>
        {
            Datagrams++;
            count += Deliver(datagram, handler);
        });
        return count;
    }

    /// <summary>
    /// Makes the kernel gather packets into one datagram until it has this many, the datagram is full, or a second has
    /// passed (NFULA_CFG_QTHRESH). A smaller number takes effect with the next packet, not for those gathered before.
    /// </summary>
    /// <param name="packets">1: each at once.</param>
    public void Gather(uint packets)
    {
        using var batch = _socket.NewBatch(64);
        batch.Begin(Nfulnl.NFNL_SUBSYS_ULOG << 8 | Nfulnl.NFULNL_MSG_CONFIG, NetlinkFlags.Request, Header(_group));
        batch.U32Be(Nfulnl.NFULA_CFG_QTHRESH, packets);
        batch.End();
        // An answer would be queued behind packets.
        _socket.Post(batch);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>One NFULNL_MSG_CONFIG suffices: the kernel applies the command before the parameters.</summary>
    internal static void Configure(NetlinkWriter writer, ushort group, uint copyRange)
    {
        writer.Begin(Nfulnl.NFNL_SUBSYS_ULOG << 8 | Nfulnl.NFULNL_MSG_CONFIG, NetlinkFlags.Request | NetlinkFlags.Ack,
            Header(group));
        writer.U8(Nfulnl.NFULA_CFG_CMD, Nfulnl.NFULNL_CFG_CMD_BIND);
        var mode = new nfulnl_msg_config_mode { copy_range = (uint)IPAddress.HostToNetworkOrder((int)copyRange),
            copy_mode = Nfulnl.NFULNL_COPY_PACKET };
        writer.Bytes(Nfulnl.NFULA_CFG_MODE, MemoryMarshal.AsBytes(new ReadOnlySpan<nfulnl_msg_config_mode>(in mode)));
        writer.U32Be(Nfulnl.NFULA_CFG_QTHRESH, 1);
        writer.U16Be(Nfulnl.NFULA_CFG_FLAGS, Nfulnl.NFULNL_CFG_F_SEQ);
        writer.End();
    }

    private static nfgenmsg Header(ushort group) =>
        new() { res_id = (ushort)IPAddress.HostToNetworkOrder((short)group) };

    private int Deliver(ReadOnlySpan<byte> datagram, NflogHandler handler)
    {
        var count = 0;
        var messages = new MessageReader(datagram);
        while (messages.Read())
        {
            if (messages.Type != (Nfulnl.NFNL_SUBSYS_ULOG << 8 | Nfulnl.NFULNL_MSG_PACKET))
            {
                continue;
            }

            var packet = new NflogPacket(messages.Body);
            if (packet.Sequence is { } sequence)
            {
                Lost += _lastSequence is { } last ? sequence - last - 1 : 0;
                _lastSequence = sequence;
            }

            handler(packet);
            count++;
        }

        return count;
    }
}
