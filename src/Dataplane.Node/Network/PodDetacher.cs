using System.Collections.Frozen;
using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
namespace Dataplane.Node.Network;

/// <summary>What there is of a pod on the node.</summary>
/// <param name="Pod">Its name.</param>
/// <param name="NetnsName">Of a namespace that is ours to delete; null: none.</param>
internal readonly record struct Remains(int Number, int PortIndex, IReadOnlyList<IPAddress> Addresses, string? Pod = null, string? NetnsName = null)
{
    public static Remains Of(Attachment attachment) =>
        new(attachment.Number, attachment.PortIndex, attachment.Addresses, attachment.Endpoint?.Name, attachment.IsForeign ? null : attachment.Netns.Name);
}

/// <summary>
/// Takes pods off the node: ports, routes, neighbours, names. Whoever calls has deleted their elements. What is gone already is
/// no error: detaching also undoes an attachment that went half way.
/// </summary>
internal static class PodDetacher
{
    /// <param name="keepNumbers">Their interface numbers are not free yet: elements may know them.</param>
    /// <param name="remover">Deletes the ports a little later, and knows their numbers until then. Null: they are gone when this returns.</param>
    public static void Detach(BridgeNode node, IReadOnlyCollection<Attachment> attachments, bool keepNumbers = false, PortRemover? remover = null)
    {
        var numbers = attachments.Select(a => a.Number).ToHashSet();
        Remove(node, [.. attachments.Select(Remains.Of)], numbers, keepNumbers || remover is not null, atOnce: remover is null);
        foreach (var attachment in attachments)
        {
            node.Remove(attachment);
            attachment.Netns.Dispose();
        }
        remover?.Remove(numbers);
    }

    /// <summary>Deletes what waits for it.</summary>
    /// <param name="route">A socket of the node's namespace.</param>
    public static void DeleteDoomed(NetlinkSocket route) =>
        Commit(route, "delete ports", static batch => Links.DeleteGroup(batch, NodeLayout.DoomedGroup));

    /// <summary>Of pods that are not among the node's attachments (any more).</summary>
    public static void Remove(BridgeNode node, IReadOnlyCollection<Remains> remains) => Remove(node, remains, FrozenSet<int>.Empty, keepNumbers: false, atOnce: true);

    /// <summary>Deletes all routes to single addresses that are not among these: their ports have gone without anybody to clean up.</summary>
    public static void RemoveWaysBut(BridgeNode node, IReadOnlySet<IPAddress> addresses)
    {
        var stale = Routes.Dump(node.Route).Where(r => !addresses.Contains(r.Destination.BaseAddress) && NodeLayout.Host(r.Destination.BaseAddress) == r.Destination
            && (r.Table == NodeLayout.PodTable || (r.Gateway is { } gateway && gateway.Equals(NodeLayout.Sink(gateway.AddressFamily))))).ToList();
        Commit(node.Route, "remove stale routes", batch =>
        {
            foreach (var route in stale) Routes.Delete(batch, route);
        });
    }

    /// <param name="going">The numbers of attachments that go: what only they have is nobody's.</param>
    private static void Remove(BridgeNode node, IReadOnlyCollection<Remains> remains, IReadOnlySet<int> going, bool keepNumbers, bool atOnce)
    {
        if (remains.Count == 0) return;
        TakeDown(node, remains, atOnce);
        DeleteWays(node, remains.SelectMany(r => r.Addresses).Where(address => node.Attachments.AllAt(address).All(IsGoing)));
        foreach (var remain in remains)
        {
            // A pod that comes again under its old name has taken the name over.
            if (remain.NetnsName is { } name && (remain.Pod is null || node.Attachments.AllOfPod(remain.Pod).All(IsGoing))) Netns.Delete(name);
            if (!keepNumbers) node.Release(remain.Number);
        }

        bool IsGoing(Attachment attachment) => going.Contains(attachment.Number);
    }

    /// <param name="delete">And deletes them.</param>
    private static void TakeDown(BridgeNode node, IReadOnlyCollection<Remains> attachments, bool delete) =>
        Commit(node.Route, "detach pods", batch =>
        {
            // A port that was asked for and never made has no index.
            var indexes = attachments.Select(a => a.PortIndex).Where(i => i != 0).ToList();
            // Down first: outside its group a port's frames could come in past the bridge.
            foreach (var index in indexes)
            {
                Links.SetDown(batch, index);
                Links.SetGroup(batch, index, NodeLayout.DoomedGroup);
            }
            if (delete && indexes.Count > 0) Links.DeleteGroup(batch, NodeLayout.DoomedGroup);
        });

    private static void DeleteWays(BridgeNode node, IEnumerable<IPAddress> addresses) =>
        Commit(node.Route, "remove the ways to pods", batch =>
        {
            foreach (var address in addresses)
            {
                Neighbours.Delete(batch, node.BridgeIndex, address);
                foreach (var route in PodAttacher.RoutesTo(node, address)) Routes.Delete(batch, route);
            }
        });

    /// <summary>What is gone already is no error.</summary>
    private static void Commit(NetlinkSocket route, string operation, Action<NetlinkWriter> build) =>
        route.Commit(operation, build, Errno.ENODEV, Errno.ENOENT, Errno.ESRCH);
}
