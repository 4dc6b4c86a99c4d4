using System.Diagnostics;
using Dataplane.Linux;
using Dataplane.Linux.Rtnetlink;

namespace Dataplane.Node.Network;

/// <summary>
/// Waits until ports carry packets. When the far side comes up the near side has a carrier, but the kernel gives it a queue and
/// lets the bridge forward on it later, from a work queue (net/core/link_watch.c): what is sent before is lost without a trace.
/// </summary>
internal static class Carrier
{
    private const byte IfOperUp = 6; // IF_OPER_UP, linux/if.h
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="LinuxException">ENETDOWN: a port did not come up within ten seconds.</exception>
    public static void Await(PrivateNode node, IEnumerable<Attachment> attachments)
    {
        var waiting = attachments.Select(a => a.PortIndex).ToHashSet();
        var started = Stopwatch.GetTimestamp();
        // One round on Linux 6.8 and later, where asking for a link completes it.
        for (var round = 0; waiting.Count > 0; round++)
        {
            if (round > 0) Thread.Sleep(1);
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new LinuxException("wait for a port to come up", Errno.ENETDOWN);
            var batch = node.Route.NewBatch();
            try
            {
                foreach (var index in waiting) Links.Get(ref batch, index);
                node.Route.SendOrThrow(ref batch, "ask whether ports are up", (_, body) =>
                {
                    if (Links.Parse(body) is { OperState: IfOperUp } link) waiting.Remove(link.Index);
                });
            }
            finally
            {
                batch.Dispose();
            }
        }
    }
}
