using Dataplane.Linux.Native;

namespace Dataplane.Linux.Netlink;

/// <summary>One refused message of a batch.</summary>
/// <param name="Sequence">The refused message's sequence number.</param>
/// <param name="ErrorNumber">Positive; see <see cref="Errno"/>.</param>
/// <param name="Message">NLMSGERR_ATTR_MSG: the kernel's message, if it gave one.</param>
/// <param name="AttributeOffset">NLMSGERR_ATTR_OFFS: bytes from the message's start to the offending attribute.</param>
public readonly record struct NetlinkError(uint Sequence, int ErrorNumber, string? Message, uint? AttributeOffset)
{
    /// <summary>The exception that reports this refusal.</summary>
    public LinuxException ToException(string operation) =>
        new(operation, ErrorNumber, Message, AttributeOffset, Sequence);

    /// <summary>
    /// Reads an NLMSG_ERROR body under NETLINK_CAP_ACK: <c>int error; struct nlmsghdr msg;</c> then NLMSGERR_ATTR_*.
    /// Number 0 is an acknowledgement.
    /// </summary>
    internal static NetlinkError Parse(uint sequence, ReadOnlySpan<byte> body)
    {
        const int Fixed = sizeof(int) + nlmsghdr.Size;
        return Parse(sequence, body, body.Length > Fixed ? body[Fixed..] : default);
    }

    /// <summary>Reads an NLMSG_DONE body: <c>int error;</c> then NLMSGERR_ATTR_*.</summary>
    internal static NetlinkError ParseDone(uint sequence, ReadOnlySpan<byte> body) =>
        body.Length < sizeof(int) ? default : Parse(sequence, body, body[sizeof(int)..]);

    private static NetlinkError Parse(uint sequence, ReadOnlySpan<byte> body, ReadOnlySpan<byte> extended)
    {
        const int NLMSGERR_ATTR_MSG = 1, NLMSGERR_ATTR_OFFS = 2;
        string? message = null;
        uint? offset = null;
        var attributes = new AttributeReader(extended);
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case NLMSGERR_ATTR_MSG: message = attributes.String(); break;
                case NLMSGERR_ATTR_OFFS: offset = attributes.U32(); break;
            }
        }

        return new NetlinkError(sequence, -MessageReader.Header<int>(body), message, offset);
    }
}

/// <summary>The kernel's answers to a batch.</summary>
/// <param name="Errors">The refused messages in the order of the answers; empty if all succeeded.</param>
/// <param name="Acknowledged">How many messages were acknowledged.</param>
/// <param name="RepliesLost">The receive buffer overflowed (ENOBUFS): some errors may be missing.</param>
public readonly record struct NetlinkResult(IReadOnlyList<NetlinkError> Errors, int Acknowledged, bool RepliesLost);

/// <summary>
/// Receives one message: its type and what follows <c>nlmsghdr</c>. The span is valid during the call only.
/// </summary>
public delegate void NetlinkMessageHandler(ushort type, ReadOnlySpan<byte> body);

/// <summary>How <see cref="NetlinkSocket.Receive"/> ended.</summary>
public enum ReceiveStatus
{
    /// <summary>A datagram was received.</summary>
    Datagram,

    /// <summary>Nothing arrived within the time given.</summary>
    TimedOut,

    /// <summary>
    /// ENOBUFS: the kernel dropped messages because the receive buffer was full. The socket can still receive.
    /// </summary>
    Lost,
}
