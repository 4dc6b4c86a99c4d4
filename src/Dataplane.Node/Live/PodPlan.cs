using System.Net;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Network;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <summary>Which pods come, stay and go in one change, and the steps in which they do, with the way back. It costs what changes.</summary>
internal sealed class PodPlan
{
    private readonly BridgeNode _node;
    private readonly List<AdoptedPort> _unclaimed;
    private readonly List<(Attachment Attachment, PodEndpoint Pod)> _kept = [];
    private readonly List<Attachment> _old;
    private readonly List<Attachment> _goFirst = [];
    private readonly HashSet<IPAddress> _held;

    /// <param name="come">Pods with an address of their own that are not as they were: new, or known by another object.</param>
    /// <param name="mayGo">Attachments of pods that are not as they were.</param>
    /// <param name="unclaimed">What an earlier process has left and no pod wants; emptied by <see cref="RemoveOld"/>.</param>
    public PodPlan(BridgeNode node, IEnumerable<PodEndpoint> come, IEnumerable<Attachment> mayGo, List<AdoptedPort> unclaimed)
    {
        (_node, _unclaimed) = (node, unclaimed);
        var fresh = new List<PodEndpoint>();
        foreach (var pod in come)
        {
            if (node.Attachments.OfPod(pod.Name) is { } attachment && Fits(attachment, pod)) _kept.Add((attachment, pod));
            else fresh.Add(pod);
        }
        Fresh = fresh;
        var staying = _kept.Select(k => k.Attachment.Number).ToHashSet();
        _old = [.. mayGo.Where(a => !staying.Contains(a.Number))];
        _held = [.. fresh.SelectMany(BridgeNode.AddressesOf).Intersect(_old.SelectMany(a => a.Addresses).Concat(unclaimed.SelectMany(p => p.Addresses)))];
        AttachedNames = [.. fresh.Select(p => p.Name).Order(StringComparer.Ordinal)];
        DetachedNames = [.. _old.Select(a => a.Endpoint!.Name).Concat(unclaimed.Select(p => p.Alias)).Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<PodEndpoint> Fresh { get; }

    /// <summary>So many pods there will be.</summary>
    public int Pods => _node.Attachments.Pods - _old.Count + Fresh.Count;

    /// <summary>A pod gets an address that another has at this moment.</summary>
    public bool ReusesAddresses => _held.Count > 0;

    public IReadOnlyList<string> AttachedNames { get; }

    public IReadOnlyList<string> DetachedNames { get; }

    /// <summary>Pods whose description is another one, though they have not been touched.</summary>
    public IEnumerable<string> KeptNames => _kept.Select(k => k.Pod.Name);

    /// <summary>
    /// Addresses that change hands lead to nobody until their new pod is programmed. Ports go first only where both do not fit:
    /// on the bridge, or into one namespace that somebody else has made. Their elements are harmless: they name the port.
    /// </summary>
    public void MakeRoom()
    {
        _node.AwaitRoom(Fresh.Count);
        var full = _node.Attachments.Pods + Fresh.Count + _unclaimed.Count > _node.MaxPods;
        var foreign = Fresh.Select(p => p.Pod.NetnsName).OfType<string>().ToHashSet();
        _goFirst.AddRange(_old.Where(a => full || (a.ForeignNetns is { } name && foreign.Contains(name))));
        _node.Detach(_goFirst, keepNumbers: true);
        var lost = _held.Intersect(_goFirst.SelectMany(a => a.Addresses)).ToList();
        if (lost.Count > 0) _node.KeepWays(lost);
        Point(_held, _ => NodeLayout.SinkMac);
    }

    public IReadOnlyList<AttachRequest> Requests()
    {
        // A pod that has lost nothing but its port keeps what runs in it; one that comes with other addresses is another pod.
        var others = _old.Select(a => a.Alias).Concat(_unclaimed.Select(p => p.Alias)).ToHashSet();
        return [.. Fresh.Select(pod =>
        {
            var alias = PodNames.Alias(pod);
            return new AttachRequest(pod, BridgeNode.AddressesOf(pod), () => Namespace(pod, others.Contains(alias))) { Alias = alias, Held = _held, ForeignNetns = pod.Pod.NetnsName };
        })];
    }

    /// <summary>The pods that stay are those of the new cluster from now on.</summary>
    public void Rename()
    {
        foreach (var (attachment, pod) in _kept) _node.Replace(attachment with { Endpoint = pod });
    }

    /// <summary>Undoes everything; what could not be done has not been done.</summary>
    public void GoBack()
    {
        _node.Detach([.. Fresh.SelectMany(pod => _node.Attachments.AllOfPod(pod.Name).Where(a => pod.Equals(a.Endpoint)))]);
        foreach (var (attachment, _) in _kept) _node.Replace(attachment);
        foreach (var attachment in _goFirst)
            _node.Attach([new AttachRequest((PodEndpoint)attachment.Endpoint!, [.. attachment.Addresses], () => new PodNetns(Netns.Open(attachment.Netns.Name!), WasThere: true))
            {
                Alias = attachment.Alias, ForeignNetns = attachment.ForeignNetns, Number = attachment.Number,
            }], default);
        foreach (var attachment in _old.Except(_goFirst).Where(a => !a.IsForeign && !a.Netns.HasName())) attachment.Netns.Rename();
        var left = _unclaimed.SelectMany(p => p.Addresses.Select(address => (address, Mac: NodeLayout.FarMac(p.Number)))).ToDictionary(o => o.address, o => o.Mac);
        Point(_held, address => _node.Attachments.At(address)?.Mac ?? left[address]);
    }

    /// <summary>The addresses of pods that go, as long as they are there.</summary>
    public IEnumerable<IPAddress> Going => _old.SelectMany(a => a.Addresses).Concat(_unclaimed.SelectMany(p => p.Addresses));

    /// <summary>Once the new state is programmed: nothing of the old pods is left, and nobody inherits their connections.</summary>
    /// <param name="forget">Ends the connections of <see cref="Going"/>: once, also of none.</param>
    /// <exception cref="LinuxException">The kernel refused something of it, or lately the deletion of a port.</exception>
    public void RemoveOld(Action forget)
    {
        // Into a namespace that somebody else keeps the next port must fit at once.
        var going = _old.Except(_goFirst).ToLookup(a => a.IsForeign);
        _node.Detach([.. going[true]]);
        _node.DetachSoon([.. going[false]]);
        foreach (var attachment in _goFirst) _node.Release(attachment.Number);
        PodDetacher.Remove(_node, [.. _unclaimed.Select(p => p.Remains)]);
        _unclaimed.Clear();
        forget();
        Point(_held, address => _node.Attachments.At(address)!.Mac);
        _node.RequireDetached();
    }

    private static bool Fits(Attachment attachment, PodEndpoint pod) => attachment.Addresses.SequenceEqual(BridgeNode.AddressesOf(pod))
        && pod.Pod.NetnsName == attachment.ForeignNetns;

    /// <param name="isAnother">The namespace of this name is another pod's.</param>
    private PodNetns Namespace(PodEndpoint pod, bool isAnother)
    {
        if (pod.Pod.NetnsName is { } foreign) return new PodNetns(Netns.Open(foreign), WasThere: true);
        var name = PodNames.Netns(_node.Name, pod);
        if (!isAnother && Empty(name) is { } empty) return new PodNetns(empty, WasThere: true);
        Netns.Delete(name);
        return new PodNetns(Netns.Create(name), WasThere: false);
    }

    private static Netns? Empty(string name)
    {
        if (NamedNetns.TryOpen(name) is not { } netns) return null;
        using (var inside = NetlinkSocket.Open(NetlinkProtocol.Route, netns))
            if (!Links.Dump(inside).Any(l => l.Name == "eth0")) return netns;
        netns.Dispose();
        return null;
    }

    private void Point(IEnumerable<IPAddress> addresses, Func<IPAddress, MacAddress> at)
    {
        if (_held.Count > 0) _node.Point([.. addresses.Select(address => (address, at(address)))]);
    }
}
