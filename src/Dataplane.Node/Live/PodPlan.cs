using System.Net;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <summary>
/// The pods that one change attaches, keeps and detaches, and the steps to do and to undo it. It costs what the change
/// touches.
/// </summary>
internal sealed class PodPlan
{
    private readonly NodePorts _node;
    private readonly List<AdoptedPort> _unclaimed;
    private readonly List<(Attachment Attachment, PodEndpoint Pod)> _kept = [];
    private readonly List<Attachment> _old;
    private readonly List<Attachment> _goFirst = [];
    private readonly HashSet<IPAddress> _held;

    /// <param name="come">Pods (not hostNetwork) that are new or described by another object than before.</param>
    /// <param name="mayGo">Attachments of pods that are removed or described by another object than before.</param>
    /// <param name="unclaimed">
    /// Ports that an earlier process has left and no pod of the new state has; emptied by <see cref="RemoveOld"/>.
    /// </param>
    public PodPlan(NodePorts node, IEnumerable<PodEndpoint> come, IEnumerable<Attachment> mayGo,
        List<AdoptedPort> unclaimed)
    {
        (_node, _unclaimed) = (node, unclaimed);
        var fresh = new List<PodEndpoint>();
        foreach (var pod in come)
        {
            if (node.Attachments.OfPod(pod.Name) is { } attachment && Fits(attachment, pod))
                _kept.Add((attachment, pod));
            else
                fresh.Add(pod);
        }
        Fresh = fresh;
        var staying = _kept.Select(k => k.Attachment.Number).ToHashSet();
        _old = [.. mayGo.Where(a => !staying.Contains(a.Number))];
        _held = [.. fresh.SelectMany(NodePlan.AddressesOf).Intersect(Going)];
        AttachedNames = [.. fresh.Select(p => p.Name).Order(StringComparer.Ordinal)];
        DetachedNames =
        [
            .. _old.Select(a => a.Endpoint!.Name).Concat(unclaimed.Select(p => p.Alias)).Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The pods to attach.</summary>
    public IReadOnlyList<PodEndpoint> Fresh { get; }

    /// <summary>The number of pods after the change.</summary>
    public int Pods => _node.Attachments.Pods - _old.Count + Fresh.Count;

    /// <summary>Whether a new pod has an address of a pod that is being detached.</summary>
    public bool ReusesAddresses => _held.Count > 0;

    public IReadOnlyList<string> AttachedNames { get; }

    public IReadOnlyList<string> DetachedNames { get; }

    /// <summary>Pods that stay attached as they are, although another object describes them.</summary>
    public IEnumerable<string> KeptNames => _kept.Select(k => k.Pod.Name);

    /// <summary>
    /// Points an address that changes its pod to the sink until the new pod is programmed. An old port is deleted
    /// before the new one is made only if both cannot exist at once: the bridge is full, or both pods use the same
    /// foreign namespace. Elements that remain do no harm: they match only the deleted port.
    /// </summary>
    public void MakeRoom()
    {
        _node.AwaitRoom(Fresh.Count);
        var full = _node.Attachments.Pods + Fresh.Count + _unclaimed.Count > _node.MaxPods;
        var foreign = Fresh.Select(p => p.Pod.NetnsName).OfType<string>().ToHashSet();
        _goFirst.AddRange(_old.Where(a => full || (a.Foreign?.Given is { } given && foreign.Contains(given))));
        _node.Detach(_goFirst, keepNumbers: true);
        var lost = _held.Intersect(_goFirst.SelectMany(a => a.Addresses)).ToList();
        if (lost.Count > 0) _node.KeepRoutes(lost);
        Point(_held, _ => NodeLayout.SinkMac);
    }

    /// <summary>The requests that attach <see cref="Fresh"/>.</summary>
    public IReadOnlyList<AttachRequest> Requests()
    {
        // A pod that has only lost its port keeps its namespace, where programs may run; with other addresses it is
        // another pod.
        var others = _old.Select(a => a.Alias).Concat(_unclaimed.Select(p => p.Alias)).ToHashSet();
        return [.. Fresh.Select(Request)];

        AttachRequest Request(PodEndpoint pod)
        {
            var (alias, addresses) = (PodNames.Alias(pod), NodePlan.AddressesOf(pod));
            var request = ForeignNetns.Named(pod.Pod.NetnsName) is { } foreign
                ? new AttachRequest(pod, addresses, foreign)
                : new AttachRequest(pod, addresses, () => Namespace(pod, others.Contains(alias)));
            return request with { Alias = alias, Held = _held };
        }
    }

    /// <summary>Describes the pods that stay by the objects of the new cluster.</summary>
    public void Rename()
    {
        foreach (var (attachment, pod) in _kept) _node.Attachments.Replace(attachment with { Endpoint = pod });
    }

    /// <summary>The ports that were deleted to make room; <see cref="Undo"/> makes them again.</summary>
    public IReadOnlyList<Attachment> GoneFirst => _goFirst;

    /// <summary>Undoes the steps that have been done.</summary>
    public void Undo()
    {
        _node.Detach(
            [.. Fresh.SelectMany(pod => _node.Attachments.AllOfPod(pod.Name).Where(a => pod.Equals(a.Endpoint)))]);
        foreach (var (attachment, _) in _kept) _node.Attachments.Replace(attachment);
        foreach (var attachment in _goFirst) _node.Attach([Again(attachment)], default);
        foreach (var attachment in _old.Except(_goFirst).Where(a => !a.IsForeign && !a.Netns.HasName()))
            attachment.Netns.Rename();
        var left =
            _unclaimed.SelectMany(p => p.Addresses.Select(address => (address, Mac: p.Number.FarMac)))
            .ToDictionary(o => o.address, o => o.Mac);
        Point(_held, address => _node.Attachments.At(address)?.Mac ?? left[address]);
    }

    /// <summary>The addresses of pods that are being detached; empty once they are detached.</summary>
    public IEnumerable<IPAddress> Going =>
        _old.SelectMany(a => a.Addresses).Concat(_unclaimed.SelectMany(p => p.Addresses));

    /// <summary>Removes what is left of the old pods, once the new state is programmed.</summary>
    /// <param name="forget">
    /// Ends the connections of <see cref="Going"/>. Called once, also where there are none.
    /// </param>
    /// <exception cref="LinuxException">
    /// The kernel refused a step, or has refused to delete a port since the last call.
    /// </exception>
    public void RemoveOld(Action forget)
    {
        // A foreign namespace must have room for the next eth0 at once.
        var going = _old.Except(_goFirst).ToLookup(a => a.IsForeign);
        _node.Detach([.. going[true]]);
        _node.DetachSoon([.. going[false]]);
        foreach (var attachment in _goFirst) _node.Numbers.Release(attachment.Number);
        PodDetacher.Remove(_node, [.. _unclaimed.Select(p => p.Remains)]);
        _unclaimed.Clear();
        forget();
        Point(_held, address => _node.Attachments.At(address)!.Mac);
        _node.Removals.ThrowFailure();
    }

    /// <summary>The request that attaches a pod again as it was.</summary>
    private static AttachRequest Again(Attachment attachment)
    {
        var (pod, name) = ((PodEndpoint)attachment.Endpoint!, attachment.Netns.Name);
        IPAddress[] addresses = [.. attachment.Addresses];
        var request = attachment.Foreign is { } foreign
            ? new AttachRequest(pod, addresses, foreign)
            : new AttachRequest(pod, addresses, () => new PodNetns(Netns.Open(name!), WasThere: true));
        return request with { Alias = attachment.Alias, Number = attachment.Number };
    }

    private static bool Fits(Attachment attachment, PodEndpoint pod) =>
        attachment.Addresses.SequenceEqual(NodePlan.AddressesOf(pod))
        && pod.Pod.NetnsName == attachment.Foreign?.Given;

    /// <param name="isAnother">Whether the existing namespace of this name belongs to another pod.</param>
    private PodNetns Namespace(PodEndpoint pod, bool isAnother)
    {
        var name = PodNames.Netns(_node.Plan.Name, pod);
        OwnNames.RequirePods(name);
        if (!isAnother && Empty(name) is { } empty) return new PodNetns(empty, WasThere: true);
        Netns.Delete(name);
        return new PodNetns(Netns.Create(name), WasThere: false);
    }

    private static Netns? Empty(string name)
    {
        if (NamedNetns.TryOpen(name) is not { } netns) return null;
        using (var inside = NetlinkSocket.Open(NetlinkProtocol.Route, netns))
            if (Links.Dump(inside).All(l => l.Name != "eth0")) return netns;
        netns.Dispose();
        return null;
    }

    private void Point(IEnumerable<IPAddress> addresses, Func<IPAddress, MacAddress> at)
    {
        if (_held.Count > 0) _node.Point([.. addresses.Select(address => (address, at(address)))]);
    }
}
