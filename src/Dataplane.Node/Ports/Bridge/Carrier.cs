using System.Diagnostics;
using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;

namespace Dataplane.Node.Ports.Bridge;

/// <summary>
/// Waits until ports carry packets. When the far side comes up, the near side has a carrier, but the kernel gives it a
/// queue and lets the bridge forward on it later, from a work queue (net/core/link_watch.c): earlier packets are lost
/// and not counted. The same holds for the bridge itself, which has no carrier before its first port forwards.
/// </summary>
internal static class Carrier
{
    private const byte IfOperUp = 6; // IF_OPER_UP, linux/if.h
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="interfaces">By index, in the order in which they can come up.</param>
    /// <returns>The links when they are up, by index.</returns>
    /// <exception cref="LinuxException">ENETDOWN: one did not come up within ten seconds.</exception>
    public static IReadOnlyDictionary<InterfaceIndex, LinkInfo> Await(
        NodePorts node, params IEnumerable<InterfaceIndex> interfaces)
    {
        var up = new Dictionary<InterfaceIndex, LinkInfo>();
        var waiting = interfaces.ToHashSet();
        // One round on Linux 6.8 and later, where a request for a link completes the pending work.
        Until("a port to come up", () =>
        {
            using var batch = node.Route.NewBatch();
            foreach (var index in waiting) Links.Get(batch, index);
            node.Route.Commit("ask whether ports are up", batch, (_, body) =>
            {
                if (Links.Parse(body) is { OperState: IfOperUp } link && waiting.Remove(link.Index))
                    up[link.Index] = link;
            });
            return waiting.Count == 0;
        });
        return up;
    }

    /// <summary>Waits until the far side takes in packets for its own addresses.</summary>
    /// <exception cref="LinuxException">ENETDOWN: not within ten seconds.</exception>
    public static void AwaitAddresses(Attachment attachment, NetlinkSocket inside)
    {
        foreach (var address in attachment.Addresses) AwaitAddress(inside, address);
    }

    /// <summary>
    /// Waits until packets for an address are taken in: IPv6 begins only when the interface has a carrier.
    /// </summary>
    /// <exception cref="LinuxException">ENETDOWN: not within ten seconds.</exception>
    public static void AwaitAddress(NetlinkSocket socket, IPAddress address) =>
        Until($"{address} to be there", () => Routes.IsLocal(socket, address));

    private static void Until(string what, Func<bool> isSo)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new LinuxException($"wait for {what}", Errno.ENETDOWN);
            Thread.Sleep(1);
        }
    }
}
