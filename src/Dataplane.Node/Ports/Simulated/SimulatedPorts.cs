using System.Net;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Guard;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Bridge;

namespace Dataplane.Node.Ports.Simulated;

/// <summary>
/// Pods that exist in the rules alone: they have port names, MAC addresses and elements as on another node, and neither
/// ports nor namespaces. Such a node shows what a cluster would cost; no packet can be sent to or from its pods.
/// </summary>
internal sealed class SimulatedPorts(NodePlan plan, Netns netns, NetlinkSocket route)
    : NodePorts(plan, netns, route, PortGuard.None)
{
    /// <summary>
    /// The alias of the bridge: a node with real pods must not be opened as a simulated one, nor a simulated one as
    /// real.
    /// </summary>
    public const string Alias = "dataplane simulated node";

    private readonly Dictionary<IPAddress, PortNumber> _numbers = [];

    public override IReadOnlyList<Attachment> Wired => [];

    /// <summary>Limited by the number of addresses only.</summary>
    public override int MaxPods => int.MaxValue;

    public override void RequireRoom(int pods)
    {
        // Pods without ports and namespaces take no room.
    }

    public override void MakeBridge() => Route.Commit("repair the bridge", batch =>
    {
        Links.AddBridge(batch, BridgeBuilder.Bridge);
        Links.SetAlias(batch, NodeLayout.BridgeIndex, Alias);
    });

    /// <summary>The number is given to the address again, so that its elements stay as they are.</summary>
    public override void Reserve(PortNumber number, IPAddress address)
    {
        base.Reserve(number, address);
        _numbers[address] = number;
    }

    public override IReadOnlyList<Attachment> Attach(IReadOnlyList<AttachRequest> pods, CancellationToken stop)
    {
        var attached = new List<Attachment>(pods.Count);
        foreach (var request in pods)
        {
            stop.ThrowIfCancellationRequested();
            var number = request.Number ?? NumberOf(request.Addresses) ?? NextNumber();
            var attachment =
                new Attachment(request.Endpoint, Netns, number.Name, number.Index, number.FarMac, NodeLayout.GatewayMac,
                request.Addresses)
            {
                Number = number,
                Alias = request.Alias,
                Foreign = request.Foreign,
            };
            Attachments.Add(attachment);
            attached.Add(attachment);
        }
        return attached;
    }

    public override void Detach(IReadOnlyCollection<Attachment> attachments, bool keepNumbers = false)
    {
        foreach (var attachment in attachments)
        {
            Attachments.Remove(attachment);
            if (!keepNumbers) Numbers.Release(attachment.Number);
        }
    }

    public override void DetachSoon(IReadOnlyCollection<Attachment> attachments) => Detach(attachments);

    public override void KeepRoutes(IReadOnlyCollection<IPAddress> addresses)
    {
        // No route leads to a simulated pod.
    }

    public override void Point(IReadOnlyCollection<(IPAddress Address, MacAddress Owner)> owners)
    {
        // A simulated pod has no neighbour entry.
    }

    /// <summary>The reserved number of one of the addresses; null: none, or another attachment has it.</summary>
    private PortNumber? NumberOf(IPAddress[] addresses)
    {
        foreach (var address in addresses)
        {
            if (!_numbers.Remove(address, out var number) || Attachments.Numbered(number) is not null) continue;
            Numbers.Reserve(number);
            return number;
        }
        return null;
    }
}
