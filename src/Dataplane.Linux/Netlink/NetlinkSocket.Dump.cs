using Dataplane.Linux.Native;

namespace Dataplane.Linux.Netlink;

/// <summary>
/// Receives the body of one message: what follows <c>nlmsghdr</c>. The span is valid during the call only.
/// </summary>
public delegate void NetlinkBodyHandler(ReadOnlySpan<byte> body);

/// <summary>Reads the body of one message; null leaves it out.</summary>
public delegate T? NetlinkParser<T>(ReadOnlySpan<byte> body) where T : struct;

/// <content>Dumps: answers that are one table, read as a whole or not at all.</content>
public sealed partial class NetlinkSocket
{
    private const int DumpAttempts = 10;
    private static readonly TimeSpan DumpPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Runs a dump whose request is a message type and a fixed header, and collects what is parsed of its messages.
    /// </summary>
    /// <param name="type">The GET message.</param>
    /// <param name="header">The family's fixed header; it may restrict the dump to an address family.</param>
    /// <param name="operation">What the dump does, for the exception: <c>list links</c>.</param>
    /// <param name="parse">Null leaves a message out.</param>
    /// <exception cref="LinuxException">As of <see cref="Dump"/>.</exception>
    public List<T> DumpAll<THeader, T>(ushort type, in THeader header, string operation, NetlinkParser<T> parse)
        where THeader : unmanaged
        where T : struct
    {
        using var request = NewBatch(256);
        request.Begin(type, NetlinkFlags.Request | NetlinkFlags.Dump, header);
        return DumpAll(request, operation, parse);
    }

    /// <summary>Runs a dump and collects what is parsed of its messages; null leaves a message out.</summary>
    /// <exception cref="LinuxException">As of <see cref="Dump"/>.</exception>
    public List<T> DumpAll<T>(NetlinkWriter request, string operation, NetlinkParser<T> parse) where T : struct
    {
        var all = new List<T>();
        Dump(request, operation, body =>
        {
            if (parse(body) is { } one)
            {
                all.Add(one);
            }
        });
        return all;
    }

    /// <summary>
    /// Runs one dump request (NLM_F_DUMP) to its end, then hands over the bodies of its messages: <paramref
    /// name="onMessage"/> sees one consistent dump, never half of one. A dump that the kernel flags as inconsistent
    /// (NLM_F_DUMP_INTR) is requested again.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused, or the table changed during each of ten attempts
    /// (EINTR).</exception>
    public void Dump(NetlinkWriter request, string operation, NetlinkBodyHandler onMessage)
    {
        var collected = NetlinkBuffers.Rent(64 * 1024);
        try
        {
            for (var attempt = 0; attempt < DumpAttempts; attempt++)
            {
                Transmit(request);
                if (!CollectDump(request.FirstSequence, operation, ref collected, out var length))
                {
                    continue;
                }

                var messages = new MessageReader(collected.AsSpan(0, length));
                while (messages.Read())
                {
                    onMessage(messages.Body);
                }

                return;
            }
        }
        finally
        {
            NetlinkBuffers.Return(collected);
        }

        throw new LinuxException(operation, Errno.EINTR, $"the table changed during each of {DumpAttempts} dumps");
    }

    /// <summary>Collects the messages of one dump. False: the kernel flagged it as inconsistent.</summary>
    private bool CollectDump(uint sequence, string operation, ref byte[] collected, out int length)
    {
        var consistent = true;
        length = 0;
        while (true)
        {
            if (Receive(DumpPatience, out var datagram) is var status and not ReceiveStatus.Datagram)
            {
                throw new LinuxException(operation, Errno.ENOBUFS, status == ReceiveStatus.Lost
                    ? "part of the dump was lost" : "the dump did not end");
            }

            var messages = new MessageReader(datagram);
            while (messages.Read())
            {
                if (messages.Sequence != sequence)
                {
                    continue; // the rest of an earlier dump that was given up
                }

                consistent &= (messages.Flags & NetlinkFlags.DumpInterrupted) == 0;
                if (messages.Type is NetlinkType.Done or NetlinkType.Error)
                {
                    var end = messages.Type == NetlinkType.Done
                        ? NetlinkError.ParseDone(sequence, messages.Body)
                        : NetlinkError.Parse(sequence, messages.Body);
                    return end.ErrorNumber switch
                    {
                        0 => consistent,
                        Errno.EINTR => false,
                        _ => throw end.ToException(operation),
                    };
                }

                Append(ref collected, ref length, messages.Message);
            }
        }
    }

    private static void Append(ref byte[] collected, ref int length, ReadOnlySpan<byte> message)
    {
        var padded = (message.Length + 3) & ~3;
        if (length + padded > collected.Length)
        {
            var bigger = NetlinkBuffers.Rent(Math.Max(collected.Length * 2, length + padded));
            collected.AsSpan(0, length).CopyTo(bigger);
            NetlinkBuffers.Return(collected);
            collected = bigger;
        }

        message.CopyTo(collected.AsSpan(length));
        length += padded;
    }
}
