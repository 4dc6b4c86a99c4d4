using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Network;
using Dataplane.Policy;

namespace Dataplane.Node.Live;

/// <summary>Which pods come, stay and go in one change, and the steps in which they do, with the way back.</summary>
internal sealed class PodPlan
{
    private readonly BridgeNode _node;
    private readonly List<AdoptedPort> _unclaimed;
    private readonly List<(Attachment Attachment, PodEndpoint Pod)> _kept = [];
    private readonly List<Attachment> _old;
    private readonly List<Attachment> _goFirst = [];
    private readonly HashSet<IPAddress> _held;

    /// <param name="unclaimed">What an earlier process has left and no pod wants; emptied by <see cref="RemoveOld"/>.</param>
    public PodPlan(BridgeNode node, IReadOnlyList<PodEndpoint> wanted, List<AdoptedPort> unclaimed)
    {
        (_node, _unclaimed) = (node, unclaimed);
        var there = node.Attachments.Where(a => a.Endpoint is PodEndpoint).ToDictionary(a => a.Endpoint!.Name);
        var fresh = new List<PodEndpoint>();
        foreach (var pod in wanted)
        {
            if (there.TryGetValue(pod.Name, out var attachment) && Fits(attachment, pod)) _kept.Add((attachment, pod));
            else fresh.Add(pod);
        }
        Fresh = fresh;
        var staying = _kept.Select(k => k.Attachment).ToHashSet();
        _old = [.. there.Values.Where(a => !staying.Contains(a))];
        _held = [.. fresh.SelectMany(BridgeNode.AddressesOf).Intersect(_old.SelectMany(a => a.Addresses).Concat(unclaimed.SelectMany(p => p.Addresses)))];
        AttachedNames = [.. fresh.Select(p => p.Name).Order(StringComparer.Ordinal)];
        DetachedNames = [.. _old.Select(a => a.Endpoint!.Name).Concat(unclaimed.Select(p => p.Alias)).Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<PodEndpoint> Fresh { get; }

    /// <summary>A pod gets an address that another has at this moment.</summary>
    public bool ReusesAddresses => _held.Count > 0;

    public IReadOnlyList<string> AttachedNames { get; }

    public IReadOnlyList<string> DetachedNames { get; }

    /// <summary>
    /// Addresses that change hands lead to nobody until their new pod is programmed. Ports go first only where both do not fit:
    /// on the bridge, or into one namespace that somebody else has made. Their elements are harmless: they name the port.
    /// </summary>
    public void MakeRoom()
    {
        var full = _kept.Count + Fresh.Count + _old.Count + _unclaimed.Count > _node.MaxPods;
        _goFirst.AddRange(_old.Where(a => full || (a.IsForeign && Fresh.Any(p => p.Pod.NetnsName == a.ForeignNetns))));
        _node.Detach(_goFirst, keepNumbers: true);
        var lost = _held.Intersect(_goFirst.SelectMany(a => a.Addresses)).ToList();
        if (lost.Count > 0) _node.KeepWays(lost);
        Point(_held, _ => NodeLayout.SinkMac);
    }

    public IReadOnlyList<AttachRequest> Requests() => [.. Fresh.Select(pod =>
    {
        var alias = PodNames.Alias(pod);
        if (pod.Pod.NetnsName is { } foreign)
            return new AttachRequest(pod, BridgeNode.AddressesOf(pod), () => new PodNetns(Netns.Open(foreign), WasThere: true)) { Alias = alias, Held = _held, ForeignNetns = foreign };
        var name = PodNames.Netns(_node.Name, pod);
        // A pod that has lost nothing but its port keeps what runs in it; one that comes with other addresses is another pod.
        var isAnother = _old.Exists(a => a.Endpoint!.Name == pod.Name) || _unclaimed.Exists(p => p.Alias == alias);
        return new AttachRequest(pod, BridgeNode.AddressesOf(pod), () => !isAnother && Empty(name) is { } empty ? new PodNetns(empty, WasThere: true) : new PodNetns(Create(name), WasThere: false))
        {
            Alias = alias, Held = _held,
        };
    })];

    /// <summary>The pods that stay are those of the new cluster from now on.</summary>
    public void Rename()
    {
        foreach (var (attachment, pod) in _kept) _node.Replace(attachment with { Endpoint = pod });
    }

    /// <summary>Undoes everything; what could not be done has not been done.</summary>
    /// <param name="before">The node's attachments as they were.</param>
    public void GoBack(IReadOnlyList<Attachment> before)
    {
        var numbers = before.Except(_goFirst).Select(a => a.Number).ToHashSet();
        _node.Detach([.. _node.Attachments.Where(a => !numbers.Contains(a.Number))]);
        foreach (var attachment in _node.Attachments.ToList()) _node.Replace(before.Single(a => a.Number == attachment.Number));
        foreach (var attachment in _goFirst)
            _node.Attach([new AttachRequest((PodEndpoint)attachment.Endpoint!, [.. attachment.Addresses], () => new PodNetns(Netns.Open(attachment.Netns.Name!), WasThere: true))
            {
                Alias = attachment.Alias, ForeignNetns = attachment.ForeignNetns, Number = attachment.Number,
            }], default);
        foreach (var attachment in _old.Where(a => !a.IsForeign && Fresh.Any(p => p.Name == a.Endpoint!.Name))) 
            if (!attachment.Netns.HasName()) attachment.Netns.Rename();
        var owners = before.SelectMany(a => a.Addresses.Select(address => (address, a.Mac)))
            .Concat(_unclaimed.SelectMany(p => p.Addresses.Select(address => (address, Mac: NodeLayout.FarMac(p.Number))))).ToDictionary(o => o.address, o => o.Mac);
        Point(_held, address => owners[address]);
    }

    /// <summary>Once the new state is programmed: nothing of the old pods is left, and nobody inherits their connections.</summary>
    /// <param name="forget">Ends the connections of addresses.</param>
    public void RemoveOld(Action<IEnumerable<IPAddress>> forget)
    {
        var gone = _old.SelectMany(a => a.Addresses).Concat(_unclaimed.SelectMany(p => p.Addresses)).ToHashSet();
        _node.Detach([.. _old.Except(_goFirst)]);
        foreach (var attachment in _goFirst) _node.Release(attachment.Number);
        PodDetacher.Remove(_node, [.. _unclaimed.Select(p => p.Remains)]);
        _unclaimed.Clear();
        forget(gone);
        var owners = _node.Attachments.SelectMany(a => a.Addresses.Select(address => (address, a.Mac))).ToDictionary(o => o.address, o => o.Mac);
        Point(_held, address => owners[address]);
    }

    private static bool Fits(Attachment attachment, PodEndpoint pod) => attachment.Addresses.SequenceEqual(BridgeNode.AddressesOf(pod))
        && pod.Pod.NetnsName == attachment.ForeignNetns;

    private static Netns Create(string name)
    {
        Netns.Delete(name);
        return Netns.Create(name);
    }

    private static Netns? Empty(string name)
    {
        if (NamedNetns.TryOpen(name) is not { } netns) return null;
        using (var inside = NetlinkSocket.Open(NetlinkProtocol.Route, netns))
            if (!Links.Dump(inside).Any(l => l.Name == "eth0")) return netns;
        netns.Dispose();
        return null;
    }

    private void Point(IEnumerable<IPAddress> addresses, Func<IPAddress, Dataplane.Linux.Frames.MacAddress> at)
    {
        if (_held.Count > 0) _node.Point([.. addresses.Select(address => (address, at(address)))]);
    }
}
