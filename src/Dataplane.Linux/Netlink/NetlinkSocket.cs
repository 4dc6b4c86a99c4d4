using System.Runtime.InteropServices;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Netlink;

/// <summary>
/// A netlink socket. It belongs to the namespace it was opened in, wherever it is used afterwards. Not thread-safe: one
/// user at a time. A socket that listens to multicast groups should not also send requests.
/// </summary>
public sealed unsafe partial class NetlinkSocket : IDisposable
{
    /// <summary>Large enough for 50,000 rules in one batch, and for their answers. Bytes.</summary>
    private const int KernelBuffer = 16 * 1024 * 1024;

    private readonly SafeFileHandle _fd;
    private byte[] _receive = NetlinkBuffers.Rent(64 * 1024);
    private uint _sequence = 1;
    private int _sendBuffer = KernelBuffer;

    private NetlinkSocket(SafeFileHandle fd) => _fd = fd;

    /// <summary>
    /// The socket's address in its namespace (netlink(7), nl_pid): no other socket there has it while this one is open.
    /// </summary>
    public uint PortId { get; private set; }

    /// <summary>For poll or epoll loops of the caller; the socket keeps ownership.</summary>
    public SafeFileHandle FileDescriptor => _fd;

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    /// <param name="protocol">One of <see cref="NetlinkProtocol"/>.</param>
    /// <exception cref="LinuxException">The kernel lacks the protocol.</exception>
    public static NetlinkSocket Open(int protocol) => Configure(new SafeFileHandle(
        LinuxException.Check(Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, protocol),
            "open a netlink socket"), ownsHandle: true));

    /// <summary>Opens a socket in <paramref name="netns"/>. Only the socket call itself runs there.</summary>
    public static NetlinkSocket Open(int protocol, Netns netns) =>
        Configure(netns.OpenSocket(Libc.AF_NETLINK, Libc.SOCK_RAW, protocol));

    /// <summary>A writer that continues this socket's sequence numbers. The caller disposes it.</summary>
    /// <param name="capacity">Initial size of the buffer in bytes; it grows as needed.</param>
    public NetlinkWriter NewBatch(int capacity = 4096) => new(capacity, _sequence);

    /// <summary>
    /// Sends the batch in one datagram and collects the answers. The kernel handles netlink requests inside
    /// <c>send</c>, so all answers are queued when it returns, in the order of the requests: they are drained without
    /// waiting, up to the last one due.
    /// </summary>
    /// <param name="batch">Its open message is ended.</param>
    /// <param name="onMessage">Receives the messages that are no acknowledgements: answers to GET, echoes.</param>
    /// <exception cref="LinuxException">The datagram was not accepted at all.</exception>
    public NetlinkResult Send(NetlinkWriter batch, NetlinkMessageHandler? onMessage = null)
    {
        Transmit(batch);
        List<NetlinkError>? errors = null;
        var (acknowledged, lost, isLast) = (0, false, false);
        while (!isLast)
        {
            switch (TryReceive(out var datagram))
            {
                case ReceiveStatus.TimedOut:
                    isLast = true;
                    continue;
                case ReceiveStatus.Lost:
                    lost = true;
                    continue;
            }

            var messages = new MessageReader(datagram);
            while (messages.Read())
            {
                if (messages.Sequence - batch.FirstSequence >= batch.NextSequence - batch.FirstSequence)
                {
                    continue; // an answer to an earlier request, or a notification
                }

                if (messages.Type == NetlinkType.Error && messages.Body.Length >= sizeof(int))
                {
                    isLast |= messages.Sequence == batch.LastAcknowledged;
                    var error = NetlinkError.Parse(messages.Sequence, messages.Body);
                    if (error.ErrorNumber == 0)
                    {
                        acknowledged++;
                    }
                    else
                    {
                        (errors ??= []).Add(error);
                    }
                }
                else if (messages.Type > NetlinkType.Overrun)
                {
                    onMessage?.Invoke(messages.Type, messages.Body);
                }
            }
        }

        return new NetlinkResult(errors ?? (IReadOnlyList<NetlinkError>)[], acknowledged, lost);
    }

    /// <summary>
    /// Sends the batch and does not look for answers: for requests without NLM_F_ACK on a socket that listens. Another
    /// thread may be receiving meanwhile.
    /// </summary>
    /// <exception cref="LinuxException">The datagram was not accepted at all.</exception>
    public void Post(NetlinkWriter batch) => Transmit(batch);

    public void Dispose()
    {
        _fd.Dispose();
        var buffer = _receive;
        _receive = [];
        if (buffer.Length > 0)
        {
            NetlinkBuffers.Return(buffer);
        }
    }

    private static NetlinkSocket Configure(SafeFileHandle fd)
    {
        var socket = new NetlinkSocket(fd);
        try
        {
            socket.SetOption(LibC.SOL_NETLINK, Libc.NETLINK_EXT_ACK, 1, "NETLINK_EXT_ACK");
            socket.SetOption(LibC.SOL_NETLINK, Libc.NETLINK_CAP_ACK, 1, "NETLINK_CAP_ACK");
            socket.SetOption(LibC.SOL_NETLINK, Libc.NETLINK_GET_STRICT_CHK, 1, "NETLINK_GET_STRICT_CHK");
            socket.TryEnlarge(LibC.SO_SNDBUFFORCE, KernelBuffer);
            socket.TryEnlarge(LibC.SO_RCVBUFFORCE, KernelBuffer);
            var address = new Libc.sockaddr_nl { nl_family = Libc.AF_NETLINK };
            LinuxException.Check(HomeLibc.Bind(fd, address), "bind a netlink socket");
            LinuxException.Check(HomeLibc.GetSocketName(fd, out address), "ask for a netlink socket's address");
            socket.PortId = address.nl_pid;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void SetOption(int level, int name, int value, string operation) =>
        LinuxException.Check(HomeLibc.SetOption(_fd, level, name, value), operation);

    /// <summary>Without CAP_NET_ADMIN the default sizes stay; losses are then reported as ENOBUFS.</summary>
    private void TryEnlarge(int name, int value)
    {
        if (HomeLibc.SetOption(_fd, LibC.SOL_SOCKET, name, value) < 0 && Marshal.GetLastPInvokeError() != Errno.EPERM)
        {
            throw new LinuxException("set a netlink socket's buffer size", Marshal.GetLastPInvokeError());
        }
    }

    private void Transmit(NetlinkWriter batch)
    {
        batch.End();
        _sequence = batch.NextSequence;
        var bytes = batch.Written;
        fixed (byte* start = bytes)
        {
            while (Libc.send(_fd, start, (nuint)bytes.Length, 0) < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.EMSGSIZE && bytes.Length > _sendBuffer)
                {
                    // A transaction is one datagram of any size; netlink_sendmsg requires that it fits the buffer.
                    TryEnlarge(LibC.SO_SNDBUFFORCE, _sendBuffer = bytes.Length);
                }
                else if (errno != Errno.EINTR)
                {
                    throw new LinuxException($"send a netlink datagram of {bytes.Length} bytes", errno);
                }
            }
        }
    }
}
