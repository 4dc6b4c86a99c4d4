using System.Net;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Native;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Programming;
using Dataplane.Policy.Diff;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <content>Changes of state: attach, one transaction, detach.</content>
public sealed partial class LiveNode
{
    /// <summary>
    /// Enforces this state: attaches new pods (closed until programmed), changes the rules in one transaction, detaches
    /// old pods. If an exception is thrown, the previous state is still enforced. Once the rules are in force, a
    /// failure throws nothing: see <see cref="LiveChange.Unfinished"/>. Objects that are the same as in the previous
    /// state cost nothing.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused; the message is the kernel's.</exception>
    /// <exception cref="NodeCapacityException">The node has no room for the pods; nothing has been changed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The kernel refused, and then refused to undo the change too: pods that are not complete are closed.
    /// </exception>
    public LiveChange Apply(Cluster next, CancellationToken stop = default)
    {
        var delta = ClusterDelta.Between(_enforced, next);
        // A new pod with the address of a detached one would inherit its connections.
        Forget(_connections.All);
        Claim(next);
        if (_enforced is null && Adopted) _unforgotten.UnionWith(Unclaimed(next));
        var plan = Plan(next, delta);
        _node.RequireRoom(plan.Pods);
        var tightens = Tightens(next, delta, plan);
        // The first state of a new node has no connections to judge.
        var judgesAgain = tightens && (Adopted || _enforced is not null);
        var setsAddresses = delta.Node || !_isWhole;
        var isFirst = _enforced is null;
        var keptOut = NarrowedSources.Between(_enforced, next);
        var transaction = Enforce(next, plan, tightens, setsAddresses, stop);
        var (cut, unfinished) = Finish(next, plan, () => Judge(next, judgesAgain, keptOut), setsAddresses, isFirst);
        return new LiveChange(plan.AttachedNames, plan.DetachedNames, transaction.Elements, judgesAgain, cut,
            transaction.Took)
        {
            Unfinished = unfinished,
        };
    }

    /// <summary>
    /// Whether the change may deny something that was allowed, so that connections must be judged again.
    /// </summary>
    private bool Tightens(Cluster next, ClusterDelta delta, PodPlan plan) =>
        _enforced is null || Tightening.May(_enforced, next, delta) || plan.ReusesAddresses
        // Until now an address of a new pod outside the pod network was judged as one outside the cluster.
        || plan.Fresh.SelectMany(NodePlan.AddressesOf).Any(a => !_node.Plan.PodNetwork(a.AddressFamily).Contains(a));

    /// <summary>Attaches new pods and programs the rules. A failure undoes both.</summary>
    private Transaction Enforce(Cluster next, PodPlan plan, bool tightens, bool setsAddresses, CancellationToken stop)
    {
        Transaction transaction;
        try
        {
            stop.ThrowIfCancellationRequested();
            if (setsAddresses) SetNodeAddresses(next.Node, delete: false);
            _node.ShortWay.Leave(plan.Going);
            plan.MakeRoom();
            _node.Attach(plan.Requests(), stop);
            plan.Rename();
            stop.ThrowIfCancellationRequested();
            transaction = _programmer.Program(next, tightens, _owned);
        }
        catch (Exception refusal)
        {
            Undo(plan, refusal);
            throw;
        }
        (_enforced, _isWhole) = (next, false);
        return transaction;
    }

    /// <summary>
    /// Removes pods and addresses that the new state does not have. The rules are in force already, so a failure is
    /// returned, not thrown.
    /// </summary>
    /// <returns>The connections that were ended, and the error that left something to do; null: none.</returns>
    private (IReadOnlyList<CutConnection> Cut, string? Unfinished) Finish(
        Cluster next, PodPlan plan, Func<IReadOnlyList<CutConnection>> judge, bool setsAddresses, bool isFirst)
    {
        IReadOnlyList<CutConnection>? cut = null;
        string? unfinished = null;
        try
        {
            // Detached pods are no longer in Attachments, so remember their addresses first.
            _unforgotten.UnionWith(plan.Going);
            plan.RemoveOld(() => cut = judge());
            ForgetEarlierProcess();
            ForgetStale(isFirst);
            if (setsAddresses) SetNodeAddresses(next.Node, delete: true);
            _isWhole = true;
            _pods = _pods?.With(_node, plan);
            _node.EnterShortWay(isFirst ? _node.Wired
                : plan.Fresh.Select(p => _node.Attachments.OfPod(p.Name)).OfType<Attachment>());
        }
        catch (LinuxException e)
        {
            (unfinished, _pods) = (e.Message, null);
        }
        if (cut is not null) return (cut, unfinished);
        // A pod that could not be removed must not keep the connections of others alive.
        try
        {
            cut = judge();
        }
        catch (LinuxException e)
        {
            unfinished ??= e.Message;
        }
        return (cut ?? [], unfinished);
    }

    /// <summary>
    /// Ends UDP flows to backends that have gone. At the first state of a process nothing has: it is what the process
    /// before has enforced.
    /// </summary>
    private void ForgetStale(bool isFirst)
    {
        if (_programmer.Serving.TakeStale(_programmer.NodeAddresses) is { } isStale && !isFirst)
            _connections.ForgetStale(isStale);
    }

    /// <summary>
    /// The plan covers all pods where the attached ones may not be the enforced ones: at first, and after a failure.
    /// </summary>
    private PodPlan Plan(Cluster next, ClusterDelta delta) => _isWhole
        ? new PodPlan(_node, delta.Pods.Added.Where(p => !p.IsHostNetwork),
            delta.Pods.Removed.Select(p => _node.Attachments.OfPod(p.Name)).OfType<Attachment>(), _unclaimed)
        : new PodPlan(_node, next.Pods.Where(p => !p.IsHostNetwork),
            _node.Attachments.Where(a => a.Endpoint is PodEndpoint), _unclaimed);

    /// <summary>
    /// Ends the connections of detached pods and, where connections are judged again, those that are denied. All use
    /// one dump.
    /// </summary>
    /// <param name="keptOut">See <see cref="NarrowedSources"/>.</param>
    private IReadOnlyList<CutConnection> Judge(Cluster enforced, bool judgesAgain, Predicate<ConntrackEntry>? keptOut)
    {
        if (_unforgotten.Count == 0 && keptOut is null) return judgesAgain ? End(enforced, _connections.Live()) : [];
        var connections = _connections.All();
        IReadOnlyList<CutConnection> cut = judgesAgain ? End(enforced, connections) : [];
        if (keptOut is not null) cut = [.. cut, .. KeepOut(enforced, connections, keptOut)];
        Forget(() => connections);
        return cut;
    }

    private List<CutConnection> KeepOut(
        Cluster enforced, IReadOnlyList<ConntrackEntry> connections, Predicate<ConntrackEntry> keptOut)
    {
        var ended = _connections.Named(connections.Where(entry => keptOut(entry)), enforced, PodAt);
        _connections.Delete(ended.Select(e => e.Entry));
        return Named(ended);
    }

    private PodEndpoint? PodAt(IPAddress address) => _node.Attachments.At(address)?.Endpoint as PodEndpoint;

    private List<CutConnection> End(Cluster enforced, IReadOnlyList<ConntrackEntry> connections)
    {
        var denied = _connections.Denied(connections, enforced, PodAt);
        _connections.End(denied.Select(d => d.Entry));
        return Named(denied);
    }

    /// <summary>
    /// Pod addresses with connections whose pod is not attached: its port was deleted while no process had the node
    /// open, or its detaching was interrupted.
    /// </summary>
    private List<IPAddress> Unclaimed(Cluster next)
    {
        var pods = next.Pods.Where(p => !p.IsHostNetwork).SelectMany(NodePlan.AddressesOf).ToHashSet();
        IPAddress[] gateways = [_node.Plan.Addresses.GatewayIPv4, _node.Plan.Addresses.GatewayIPv6];
        var known = _node.Attachments.SelectMany(a => a.Addresses)
            .Concat(_node.AddressesBesideGateway(next.Node)).Concat(gateways).ToHashSet();
        return
        [
            .. _connections.All().SelectMany(c => new[] { c.Ends.Source, c.Ends.Destination })
                .Where(a =>
                    !known.Contains(a) && (pods.Contains(a) || _node.Plan.PodNetwork(a.AddressFamily).Contains(a)))
                .Distinct(),
        ];
    }

    private void Undo(PodPlan plan, Exception refusal)
    {
        var wasWhole = _isWhole;
        (_isWhole, _pods) = (false, null);
        try
        {
            plan.Undo();
            _hasStalePorts |= plan.GoneFirst.Any(HasAnotherIndex);
            if (_hasStalePorts) ProgramPorts();
            if (_enforced is not null) SetNodeAddresses(_enforced.Node, delete: true);
            _isWhole = wasWhole;
            _node.EnterShortWay(_node.Wired);
        }
        catch (LinuxException e)
        {
            throw new InvalidOperationException($"{refusal.Message}; undoing it failed too: {e.Message}", refusal);
        }
    }

    /// <summary>Ends the connections of detached pods, also those that an earlier attempt has left.</summary>
    private void Forget(Func<IReadOnlyList<ConntrackEntry>> connections)
    {
        if (_unforgotten.Count == 0) return;
        _connections.Forget(connections(), _unforgotten);
        _unforgotten.Clear();
    }

    /// <summary>Adopts ports of an earlier process for pods of the new state, without changing them.</summary>
    private void Claim(Cluster next)
    {
        if (_unclaimed.Count == 0) return;
        var ports = _unclaimed.ToLookup(p => p.Alias);
        foreach (var pod in next.Pods.Where(p => !p.IsHostNetwork))
        {
            // Anybody can give a port the alias of another.
            foreach (var port in ports[PodNames.Alias(pod)])
            {
                if (_node.Attachments.OfPod(pod.Name) is null && port.Claim(_node, pod) is { } attachment)
                    _node.Attachments.Add(attachment);
                else if (pod.Pod.NetnsName is not null)
                    PodDetacher.Remove(_node, [port.Remains]); // A foreign namespace cannot have a second eth0.
                else
                    continue;
                _unclaimed.Remove(port);
            }
        }
        // An earlier version may have had another guard, or none. And the short way of an earlier process still goes by
        // its rules, also at ports that are about to be removed.
        var unguarded = _node.Guard.Without(_node.Route,
            [.. _node.Wired.Select(a => a.PortIndex), .. _unclaimed.Select(p => p.PortIndex)]);
        _node.Route.Commit("guard the ports", batch =>
        {
            foreach (var port in unguarded) _node.Guard.Put(batch, port);
        });
    }

    /// <summary>
    /// Releases the port numbers and deletes the namespaces of an earlier process. Called when the tables have been
    /// loaded: they no longer name its ports.
    /// </summary>
    private void ForgetEarlierProcess()
    {
        foreach (var number in _taken)
        {
            if (_node.Attachments.Numbered(number) is null && !_node.Removals.Has(number))
                _node.Numbers.Release(number);
        }
        _taken.Clear();
        if (_namesSwept) return;
        var used = _node.Attachments.Select(a => a.Netns.Name).ToHashSet();
        OwnNames.DeletePods(_node.Plan.Name, but: used);
        _namesSwept = true;
    }

    private void SetNodeAddresses(NodeEndpoint known, bool delete)
    {
        var there = Addresses.Dump(_node.Route).Where(a => a.Index == _node.BridgeIndex).ToList();
        var wanted = _node.AddressesBesideGateway(known).ToList();
        IPAddress[] gateways = [_node.Plan.Addresses.GatewayIPv4, _node.Plan.Addresses.GatewayIPv6];
        var missing = wanted.Except(there.Select(a => a.Address)).ToList();
        var surplus = delete ? there.Where(a => !wanted.Contains(a.Address) && !gateways.Contains(a.Address)).ToList()
            : [];
        if (missing.Count + surplus.Count == 0) return;
        _node.Route.Commit("set the node's addresses", batch =>
        {
            foreach (var address in missing)
                Addresses.Add(batch, _node.BridgeIndex, address, NodeLayout.Host(address).PrefixLength);
            foreach (var address in surplus)
                Addresses.Delete(batch, _node.BridgeIndex, address.Address, address.PrefixLength);
        });
    }
}
