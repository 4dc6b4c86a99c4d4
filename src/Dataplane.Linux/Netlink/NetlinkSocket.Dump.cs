using Dataplane.Linux.Native;

namespace Dataplane.Linux.Netlink;

/// <content>Dumps: answers that are one table, read as a whole or not at all.</content>
public sealed partial class NetlinkSocket
{
    private const int DumpAttempts = 10;
    private static readonly TimeSpan DumpPatience = TimeSpan.FromSeconds(10);

    /// <summary>Runs a dump whose request is a message type and a fixed header.</summary>
    public void Dump<T>(ushort type, in T header, string operation, NetlinkMessageHandler onMessage) where T : unmanaged
    {
        var request = NewBatch(256);
        try
        {
            request.Begin(type, NetlinkFlags.Request | NetlinkFlags.Dump, header);
            Dump(ref request, onMessage, operation);
        }
        finally
        {
            request.Dispose();
        }
    }

    /// <summary>
    /// Runs one dump request (NLM_F_DUMP) to its end, then hands over its messages: <paramref name="onMessage"/> sees one
    /// consistent dump, never half of one. A dump the kernel calls inconsistent (NLM_F_DUMP_INTR) is asked for again.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused, or the table changed during every one of ten attempts (EINTR).</exception>
    public void Dump(ref NetlinkWriter request, NetlinkMessageHandler onMessage, string operation = "netlink dump")
    {
        var collected = NetlinkBuffers.Rent(64 * 1024);
        try
        {
            for (var attempt = 0; attempt < DumpAttempts; attempt++)
            {
                Transmit(ref request);
                if (!CollectDump(request.FirstSequence, operation, ref collected, out var length))
                {
                    continue;
                }

                var messages = new MessageReader(collected.AsSpan(0, length));
                while (messages.Read())
                {
                    onMessage(messages.Type, messages.Body);
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
                throw new LinuxException(operation, Errno.ENOBUFS, status == ReceiveStatus.Lost ? "part of the dump was lost" : "the dump did not end");
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
                        _ => throw new LinuxException(operation, end),
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
