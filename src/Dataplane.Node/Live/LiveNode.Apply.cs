using System.Net;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Network;
using Dataplane.Node.Programming;
using Dataplane.Policy.Diff;
using Dataplane.Policy.Model;
namespace Dataplane.Node.Live;

/// <content>From one state to the next: attach, one transaction, detach.</content>
public sealed partial class LiveNode
{
    /// <summary>
    /// Brings the machine to this state: attaches new pods (closed until programmed), one transaction for the rules, detaches old
    /// ones. After a refusal everything is as it was. Once the rules are in force nothing is a refusal any more: see
    /// <see cref="LiveChange.Unfinished"/>. What stays the same object as in the state before costs nothing.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused; its own message.</exception>
    /// <exception cref="NodeCapacityException">It would not fit; nothing has been touched.</exception>
    /// <exception cref="InvalidOperationException">The kernel refused, and then the way back too: what is enforced is closed to pods that are not whole.</exception>
    public LiveChange Apply(Cluster next, CancellationToken stop = default)
    {
        var delta = ClusterDelta.Between(_enforced, next);
        // Their next owners would inherit them.
        Forget(_connections.All);
        Claim(next);
        if (_enforced is null && Adopted) _unforgotten.UnionWith(Unclaimed(next));
        var plan = Plan(next, delta);
        _node.RequireRoom(plan.Pods);
        var isFirst = _enforced is null;
        var tightens = _enforced is null || Tightening.May(_enforced, next, delta) || plan.ReusesAddresses
            // So far it was an address outside.
            || plan.Fresh.SelectMany(BridgeNode.AddressesOf).Any(a => !_node.PodNetwork(a.AddressFamily).Contains(a));
        var setsAddresses = delta.Node || !_isWhole;
        Transaction transaction;
        try
        {
            stop.ThrowIfCancellationRequested();
            if (setsAddresses) SetNodeAddresses(next.Node, delete: false);
            plan.MakeRoom();
            _node.Attach(plan.Requests(), stop);
            plan.Rename();
            stop.ThrowIfCancellationRequested();
            transaction = _programmer.Program(next, tightens, _owned);
        }
        catch (Exception refusal)
        {
            GoBack(plan, refusal);
            throw;
        }
        (_enforced, _isWhole) = (next, false);
        // The first state of a new node finds nothing to judge.
        var judgesAgain = tightens && (Adopted || !isFirst);
        IReadOnlyList<CutConnection>? cut = null;
        string? unfinished = null;
        try
        {
            // Whatever comes in between: who is no attachment any more is found by nobody.
            _unforgotten.UnionWith(plan.Going);
            plan.RemoveOld(() => cut = Judge(next, judgesAgain));
            ForgetEarlierProcess();
            if (setsAddresses) SetNodeAddresses(next.Node, delete: true);
            _isWhole = true;
            _pods = _pods?.With(_node, plan);
        }
        catch (LinuxException e)
        {
            (unfinished, _pods) = (e.Message, null);
        }
        if (cut is null)
        {
            // What keeps a pod from going keeps no other connection alive.
            try
            {
                cut = Judge(next, judgesAgain);
            }
            catch (LinuxException e)
            {
                unfinished ??= e.Message;
            }
        }
        return new LiveChange(plan.AttachedNames, plan.DetachedNames, transaction.Elements, judgesAgain, cut ?? [], transaction.Took) { Unfinished = unfinished };
    }

    /// <summary>Everything is looked at where what is attached may not be what is enforced: at first, and after a failure.</summary>
    private PodPlan Plan(Cluster next, ClusterDelta delta) => _isWhole
        ? new PodPlan(_node, delta.Pods.Added.Where(p => !p.IsHostNetwork), delta.Pods.Removed.Select(p => _node.Attachments.OfPod(p.Name)).OfType<Attachment>(), _unclaimed)
        : new PodPlan(_node, next.Pods.Where(p => !p.IsHostNetwork), _node.Attachments.Where(a => a.Endpoint is PodEndpoint), _unclaimed);

    /// <summary>Ends the connections of addresses that nobody has any more and, where they are judged again, those that are denied: with one look at them.</summary>
    private IReadOnlyList<CutConnection> Judge(Cluster enforced, bool judgesAgain)
    {
        if (_unforgotten.Count == 0) return judgesAgain ? End(enforced, _connections.Live()) : [];
        var connections = _connections.All();
        IReadOnlyList<CutConnection> cut = judgesAgain ? End(enforced, connections) : [];
        Forget(() => connections);
        return cut;
    }

    private List<CutConnection> End(Cluster enforced, IReadOnlyList<ConntrackEntry> connections)
    {
        var denied = _connections.Denied(connections, enforced, address => _node.Attachments.At(address)?.Endpoint as PodEndpoint);
        _connections.End(denied.Select(d => d.Entry));
        return [.. denied.Select(d => d.Cut)];
    }

    /// <summary>Pod addresses of connections whose pod is not there: its port went while nobody watched, or its end was cut short.</summary>
    private List<IPAddress> Unclaimed(Cluster next)
    {
        var pods = next.Pods.Where(p => !p.IsHostNetwork).SelectMany(BridgeNode.AddressesOf).ToHashSet();
        var known = _node.Attachments.SelectMany(a => a.Addresses).Concat(_node.AddressesBesideGateway(next.Node)).Append(_node.Options.GatewayIPv4).Append(_node.Options.GatewayIPv6).ToHashSet();
        return [.. _connections.All().SelectMany(c => new[] { c.Original.Source, c.Original.Destination })
            .Where(a => !known.Contains(a) && (pods.Contains(a) || _node.PodNetwork(a.AddressFamily).Contains(a))).Distinct()];
    }

    private void GoBack(PodPlan plan, Exception refusal)
    {
        var wasWhole = _isWhole;
        (_isWhole, _pods) = (false, null);
        try
        {
            plan.GoBack();
            if (_enforced is not null) SetNodeAddresses(_enforced.Node, delete: true);
            _isWhole = wasWhole;
        }
        catch (LinuxException e)
        {
            throw new InvalidOperationException($"{refusal.Message}; and the way back: {e.Message}", refusal);
        }
    }

    /// <summary>Ends what pods that have gone were part of, also those that an earlier attempt left.</summary>
    private void Forget(Func<IReadOnlyList<ConntrackEntry>> connections)
    {
        if (_unforgotten.Count == 0) return;
        _connections.Forget(connections(), _unforgotten);
        _unforgotten.Clear();
    }

    /// <summary>Takes over the ports of an earlier process whose pods are still wanted, as they are.</summary>
    private void Claim(Cluster next)
    {
        if (_unclaimed.Count == 0) return;
        var ports = _unclaimed.GroupBy(p => p.Alias).ToDictionary(g => g.Key, g => g.First());
        foreach (var pod in next.Pods.Where(p => !p.IsHostNetwork))
        {
            if (!ports.TryGetValue(PodNames.Alias(pod), out var port)) continue;
            if (port.Claim(_node, pod) is { } attachment) _node.Add(attachment);
            // Into a namespace that is not ours no second port fits.
            else if (pod.Pod.NetnsName is not null) PodDetacher.Remove(_node, [port.Remains]);
            else continue;
            _unclaimed.Remove(port);
        }
    }

    /// <summary>The tables are ours from now on: nothing knows the numbers of an earlier process any more, and its names mean nothing.</summary>
    private void ForgetEarlierProcess()
    {
        foreach (var number in _taken.Where(number => _node.Attachments.Numbered(number) is null && !_node.IsGoing(number))) _node.Release(number);
        _taken.Clear();
        if (_namesSwept) return;
        var used = _node.Attachments.Select(a => a.Netns.Name).ToHashSet();
        foreach (var name in PodNames.NetnsOf(_node.Name))
            if (!used.Contains(name)) Netns.Delete(name);
        _namesSwept = true;
    }

    private void SetNodeAddresses(NodeEndpoint known, bool delete)
    {
        var there = Addresses.Dump(_node.Route).Where(a => a.Index == _node.BridgeIndex).ToList();
        var wanted = _node.AddressesBesideGateway(known).ToList();
        var (gateways, missing) = (new[] { _node.Options.GatewayIPv4, _node.Options.GatewayIPv6 }, wanted.Except(there.Select(a => a.Address)).ToList());
        var surplus = delete ? there.Where(a => !wanted.Contains(a.Address) && !gateways.Contains(a.Address)).ToList() : [];
        if (missing.Count + surplus.Count == 0) return;
        _node.Route.Commit("set the node's addresses", batch =>
        {
            foreach (var address in missing) Addresses.Add(batch, _node.BridgeIndex, address, NodeLayout.Host(address).PrefixLength);
            foreach (var address in surplus) Addresses.Delete(batch, _node.BridgeIndex, address.Address, address.PrefixLength);
        });
    }
}
