using System.Collections.Frozen;
using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;

namespace Dataplane.Node.Ports.Bridge;

/// <summary>What exists of a pod on the node.</summary>
/// <param name="PortIndex">None: its port was never made.</param>
/// <param name="Pod">Its name.</param>
/// <param name="NetnsName">The name of a namespace that is ours to delete; null: there is none.</param>
internal readonly record struct Remains(
    PortNumber Number, InterfaceIndex PortIndex, IReadOnlyList<IPAddress> Addresses, string? Pod = null,
    string? NetnsName = null)
{
    public static Remains Of(Attachment attachment) =>
        new(attachment.Number, attachment.PortIndex, attachment.Addresses,
        attachment.Endpoint?.Name, attachment.IsForeign ? null : attachment.Netns.Name);
}

/// <summary>
/// Takes pods off the node: ports, routes, neighbours, names. The caller has deleted their elements. What is missing
/// already is no error, so that detaching also undoes an attachment that failed half way.
/// </summary>
internal static class PodDetacher
{
    /// <param name="keepNumbers">Whether the numbers stay reserved, because elements may still name the ports.</param>
    public static void Detach(NodePorts node, IReadOnlyCollection<Attachment> attachments, bool keepNumbers = false)
    {
        Remove(node, [.. attachments.Select(Remains.Of)], Numbers(attachments), keepNumbers, atOnce: true);
        Forget(node, attachments);
    }

    /// <summary>
    /// Takes the ports out of service, and leaves their deletion and their numbers to the node's remover. A foreign
    /// namespace has room for the next eth0 at once.
    /// </summary>
    public static void DetachSoon(NodePorts node, IReadOnlyCollection<Attachment> attachments)
    {
        var numbers = Numbers(attachments);
        Remove(node, [.. attachments.Select(Remains.Of)], numbers, keepNumbers: true, atOnce: false);
        foreach (var attachment in attachments) if (attachment.IsForeign) Vacate(attachment);
        Forget(node, attachments);
        node.Removals.Remove(numbers);
    }

    /// <summary>Removes what is left of pods that are not attached (any more).</summary>
    public static void Remove(NodePorts node, IReadOnlyCollection<Remains> remains) =>
        Remove(node, remains, FrozenSet<PortNumber>.Empty, keepNumbers: false, atOnce: true);

    /// <summary>
    /// Deletes all routes to single addresses except these: the ports of the others have gone while no process could
    /// clean up.
    /// </summary>
    public static void RemoveRoutesBut(NodePorts node, IReadOnlySet<IPAddress> addresses)
    {
        var stale = Routes.Dump(node.Route).Where(r => !addresses.Contains(r.Destination.BaseAddress)
            && NodeLayout.Host(r.Destination.BaseAddress) == r.Destination
            && (r.Table == NodeLayout.PodTable
                || (r.Gateway is { } to && to.Equals(NodeLayout.Sink(to.AddressFamily))))).ToList();
        TolerantBatch.Commit(node.Route, "remove stale routes", batch =>
        {
            foreach (var route in stale) Routes.Delete(batch, route);
        });
    }

    private static HashSet<PortNumber> Numbers(IEnumerable<Attachment> attachments) =>
        attachments.Select(a => a.Number).ToHashSet();

    private static void Forget(NodePorts node, IReadOnlyCollection<Attachment> attachments)
    {
        foreach (var attachment in attachments)
        {
            node.Attachments.Remove(attachment);
            attachment.Netns.Dispose();
        }
    }

    /// <param name="going">
    /// The port numbers of attachments that are being detached: what only they have is removed.
    /// </param>
    /// <param name="atOnce">Whether the ports are deleted here.</param>
    private static void Remove(NodePorts node, IReadOnlyCollection<Remains> remains, IReadOnlySet<PortNumber> going,
        bool keepNumbers, bool atOnce)
    {
        if (remains.Count == 0) return;
        TakeDown(node, remains, atOnce);
        DeleteRoutes(node, remains.SelectMany(r => r.Addresses)
            .Where(address => node.Attachments.AllAt(address).All(IsGoing)));
        foreach (var remain in remains)
        {
            // A new pod of the same name may have taken the name of the namespace over.
            if (remain.NetnsName is { } name
                && (remain.Pod is null || node.Attachments.AllOfPod(remain.Pod).All(IsGoing)))
            {
                Netns.Delete(name);
            }
            if (!keepNumbers) node.Numbers.Release(remain.Number);
        }

        bool IsGoing(Attachment attachment) => going.Contains(attachment.Number);
    }

    private static void TakeDown(NodePorts node, IReadOnlyCollection<Remains> remains, bool delete) =>
        TolerantBatch.Commit(node.Route, "detach pods", batch =>
        {
            var indexes = remains.Select(a => a.PortIndex).Where(i => !i.IsNone).ToList();
            // Down first: outside its link group, frames of a port could enter the node without passing the bridge.
            foreach (var index in indexes)
            {
                Links.SetDown(batch, index);
                Links.SetGroup(batch, index, NodeLayout.DoomedGroup);
            }
            if (delete && indexes.Count > 0) Links.DeleteGroup(batch, NodeLayout.DoomedGroup);
        });

    /// <summary>Its end in the pod is not the pod's network any more, until the kernel has deleted it.</summary>
    private static void Vacate(Attachment attachment)
    {
        if (attachment.InnerIndex.IsNone) return;
        using var inside = NetlinkSocket.Open(NetlinkProtocol.Route, attachment.Netns);
        TolerantBatch.Commit(inside, "vacate a pod's network namespace", batch =>
        {
            Links.SetDown(batch, attachment.InnerIndex);
            Links.Rename(batch, attachment.InnerIndex, $"{attachment.Port}-gone");
        });
    }

    private static void DeleteRoutes(NodePorts node, IEnumerable<IPAddress> addresses) =>
        TolerantBatch.Commit(node.Route, "remove the routes to pods", batch =>
        {
            foreach (var address in addresses)
            {
                Neighbours.Delete(batch, node.BridgeIndex, address);
                foreach (var route in node.Plan.RoutesTo(address, node.BridgeIndex)) Routes.Delete(batch, route);
            }
        });
}
