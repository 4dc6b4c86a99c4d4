using System.Diagnostics;
using Dataplane.Linux;
using Dataplane.Linux.Rtnetlink;

namespace Dataplane.Node.Network;

/// <summary>
/// Waits until ports carry packets. When the far side comes up the near side has a carrier, but the kernel gives it a queue and
/// lets the bridge forward on it later, from a work queue (net/core/link_watch.c): what is sent before is lost without a trace.
/// So it is with the bridge itself, which has no carrier before its first port forwards.
/// </summary>
internal static class Carrier
{
    private const byte IfOperUp = 6; // IF_OPER_UP, linux/if.h
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="interfaces">By index, in the order in which they can come up.</param>
    /// <exception cref="LinuxException">ENETDOWN: one did not come up within ten seconds.</exception>
    public static void Await(PrivateNode node, params IEnumerable<int> interfaces)
    {
        var waiting = interfaces.ToHashSet();
        // One round on Linux 6.8 and later, where asking for a link completes it.
        Until("a port to come up", () =>
        {
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
            return waiting.Count == 0;
        });
    }

    /// <summary>Waits until the node takes packets for its gateway address: IPv6 begins only when the bridge has a carrier.</summary>
    /// <exception cref="LinuxException">ENETDOWN: not within ten seconds.</exception>
    public static void AwaitGateway(PrivateNode node) =>
        Until("the gateway's address", () => Routes.IsLocal(node.Route, node.Options.GatewayIPv6));

    private static void Until(string what, Func<bool> isSo)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new LinuxException($"wait for {what}", Errno.ENETDOWN);
            Thread.Sleep(1);
        }
    }
}
