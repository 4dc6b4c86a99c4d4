using System.Net;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Guard;
using Dataplane.Node.Layout;
using Dataplane.Policy.Model;
using Short = Dataplane.Node.ShortWay.ShortWay;

namespace Dataplane.Node.Ports.Bridge;

/// <summary>Pods on isolated ports of a bridge, in a network namespace that the node has for itself.</summary>
internal class BridgePorts(NodePlan plan, Netns netns, NetlinkSocket route)
    : NodePorts(plan, netns, route, 
        PortGuard.Load(plan.Shape.IsGuarded, plan.Shape.IsShared, Short.Make(plan.NoShortWay)))
{
    public override IReadOnlyList<Attachment> Wired => Attachments;

    public override int MaxPods => NodeCapacity.MaxPods;

    /// <summary>The interface index that a new port requests; none: the kernel chooses.</summary>
    public virtual InterfaceIndex PortIndex(PortNumber number) => number.Index;

    /// <summary>
    /// Called when new ports exist, before they are up: finds the indexes that the kernel has chosen. A port that does
    /// not exist stays as it is in the list.
    /// </summary>
    public virtual void SettlePorts(List<Attachment> fresh)
    {
    }

    public override void RequireRoom(int pods) => NodeCapacity.Require(pods, 0);

    public override void MakeBridge() =>
        Route.Commit("repair the bridge", batch => Links.AddBridge(batch, BridgeBuilder.Bridge));

    public override IReadOnlyList<Attachment> Attach(IReadOnlyList<AttachRequest> pods, CancellationToken stop) =>
        PodAttacher.Attach(this, pods, stop);

    /// <summary>Attaches addresses outside the pod network, each in a namespace of its own.</summary>
    public IReadOnlyList<Attachment> AttachExternals(IEnumerable<ExternalEndpoint> externals) =>
        [.. externals.Select(e => ExternalAttacher.Attach(this, e))];

    public override void Detach(IReadOnlyCollection<Attachment> attachments, bool keepNumbers = false) =>
        PodDetacher.Detach(this, attachments, keepNumbers);

    public override void DetachSoon(IReadOnlyCollection<Attachment> attachments)
    {
        if (attachments.Count > 0) PodDetacher.DetachSoon(this, attachments);
    }

    public override void KeepRoutes(IReadOnlyCollection<IPAddress> addresses) =>
        Route.Commit("keep the routes to addresses", batch =>
        {
            foreach (var address in addresses)
                foreach (var route in Plan.RoutesTo(address, BridgeIndex)) Routes.Add(batch, route);
        });

    public override void Point(IReadOnlyCollection<(IPAddress Address, MacAddress Owner)> owners) =>
        Route.Commit("change the owner of addresses", batch =>
        {
            foreach (var (address, owner) in owners) Neighbours.SetPermanent(batch, BridgeIndex, address, owner);
        });
}
