using System.Net;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Planning;

namespace Dataplane.Node.Network;

/// <summary>
/// A node whose pods are known to its tables alone: they have names of ports, MAC addresses and elements, as on another node, and
/// neither ports nor namespaces. It says what a cluster would cost; nothing can be proven on it by packets.
/// </summary>
internal sealed class SimulatedNode(NodeOptions options, Netns netns, NetlinkSocket route) : BridgeNode(options, netns, route)
{
    /// <summary>What the bridge says of itself: a node that has pods must not be taken for one that has none, nor the other way round.</summary>
    public const string Alias = "dataplane simulated node";

    private readonly Dictionary<IPAddress, int> _numbers = [];

    public override IReadOnlyList<Attachment> Wired => [];

    public override bool IsSimulated => true;

    /// <summary>As many as there are addresses.</summary>
    public override int MaxPods => int.MaxValue;

    public override void RequireRoom(int pods)
    {
    }

    public override void MakeBridge() => Route.Commit("mend the bridge", batch =>
    {
        Links.AddBridge(batch, NodeBase.Bridge);
        Links.SetAlias(batch, NodeLayout.BridgeIndex, Alias);
    });

    /// <summary>The elements of an address that comes again stay as they are.</summary>
    public override void Reserve(int number, IPAddress address)
    {
        Reserve(number);
        _numbers[address] = number;
    }

    public override IReadOnlyList<Attachment> Attach(IReadOnlyList<AttachRequest> pods, CancellationToken stop)
    {
        var attached = new List<Attachment>(pods.Count);
        foreach (var request in pods)
        {
            stop.ThrowIfCancellationRequested();
            var number = request.Number ?? Known(request.Addresses) ?? NextInterface();
            var attachment = new Attachment(request.Endpoint, Netns, NodeLayout.PortName(number), PortIndex(number), NodeLayout.FarMac(number), NodeLayout.GatewayMac, request.Addresses)
            {
                Number = number, Alias = request.Alias, ForeignNetns = request.ForeignNetns,
            };
            Add(attachment);
            attached.Add(attachment);
        }
        return attached;
    }

    public override void Detach(IReadOnlyCollection<Attachment> attachments, bool keepNumbers = false)
    {
        foreach (var attachment in attachments)
        {
            Remove(attachment);
            if (!keepNumbers) Release(attachment.Number);
        }
    }

    public override void DetachSoon(IReadOnlyCollection<Attachment> attachments) => Detach(attachments);

    public override void KeepWays(IReadOnlyCollection<IPAddress> addresses)
    {
    }

    public override void Point(IReadOnlyCollection<(IPAddress Address, MacAddress Owner)> owners)
    {
    }

    private int? Known(IPAddress[] addresses)
    {
        foreach (var address in addresses)
        {
            if (!_numbers.Remove(address, out var number) || Attachments.Numbered(number) is not null) continue;
            Reserve(number);
            return number;
        }
        return null;
    }
}
