using Dataplane.Linux;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Network;
using Dataplane.Node.Programming;
using Dataplane.Policy;
using Dataplane.Policy.Compilation;

namespace Dataplane.Node.Live;

/// <content>From one state to the next: attach, one transaction, detach.</content>
public sealed partial class LiveNode
{
    /// <summary>
    /// Brings the machine to this state: attaches new pods (closed until programmed), one transaction for the rules, detaches old
    /// ones. After a refusal everything is as it was.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused; its own message.</exception>
    /// <exception cref="NodeCapacityException">It would not fit; nothing has been touched.</exception>
    public LiveChange Apply(Cluster next, CancellationToken stop = default)
    {
        var wanted = next.Pods.Where(p => !p.IsHostNetwork).ToList();
        NodeCapacity.Require(wanted.Count, 0);
        var classes = Compiler.Compile(next);
        Claim(wanted);
        var plan = new PodPlan(_node, wanted, _unclaimed);
        var before = _node.Attachments.ToList();
        var tightens = _enforced is null || Tightening.May(_enforced, next) || plan.ReusesAddresses
            // So far it was an address outside.
            || plan.Fresh.SelectMany(BridgeNode.AddressesOf).Any(a => !_node.PodNetwork(a.AddressFamily).Contains(a));
        Transaction transaction;
        try
        {
            stop.ThrowIfCancellationRequested();
            SetNodeAddresses(next.Node, delete: false);
            plan.MakeRoom();
            PodAttacher.Attach(_node, plan.Requests(), stop);
            plan.Rename();
            stop.ThrowIfCancellationRequested();
            transaction = _programmer.Program(classes, tightens, _owned);
        }
        catch
        {
            plan.GoBack(before);
            if (_enforced is not null) SetNodeAddresses(_enforced.Node, delete: true);
            throw;
        }
        // The first state of a new node finds nothing to judge.
        var judgesAgain = tightens && (Adopted || _enforced is not null);
        var cut = judgesAgain ? _connections.Denied(next, classes) : [];
        _enforced = next;
        _connections.End(cut.Select(c => c.Entry));
        plan.RemoveOld(_connections);
        ForgetEarlierProcess();
        SetNodeAddresses(next.Node, delete: true);
        return new LiveChange(plan.AttachedNames, plan.DetachedNames, transaction.Elements, judgesAgain, [.. cut.Select(c => c.Cut)], transaction.Took);
    }

    /// <summary>Takes over the ports of an earlier process whose pods are still wanted, as they are.</summary>
    private void Claim(IReadOnlyList<PodEndpoint> wanted)
    {
        if (_unclaimed.Count == 0) return;
        var ports = _unclaimed.GroupBy(p => p.Alias).ToDictionary(g => g.Key, g => g.First());
        foreach (var pod in wanted)
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
        foreach (var number in _taken.Except(_node.Attachments.Select(a => a.Number)).ToList()) _node.Release(number);
        _taken.Clear();
        if (_namesSwept) return;
        var used = _node.Attachments.Select(a => a.Netns.Name).ToHashSet();
        foreach (var name in Netns.List().Where(n => n.StartsWith($"{_node.Netns.Name}{PodNames.Joint}", StringComparison.Ordinal)))
            if (!used.Contains(name)) Netns.Delete(name);
        _namesSwept = true;
    }

    private void SetNodeAddresses(NodeEndpoint known, bool delete)
    {
        var there = Addresses.Dump(_node.Route).Where(a => a.Index == NodeLayout.BridgeIndex).ToList();
        var wanted = _node.AddressesBesideGateway(known).ToList();
        var (gateways, missing) = (new[] { _node.Options.GatewayIPv4, _node.Options.GatewayIPv6 }, wanted.Except(there.Select(a => a.Address)).ToList());
        var surplus = delete ? there.Where(a => !wanted.Contains(a.Address) && !gateways.Contains(a.Address)).ToList() : [];
        if (missing.Count + surplus.Count == 0) return;
        _node.Route.Commit("set the node's addresses", (ref batch) =>
        {
            foreach (var address in missing) Addresses.Add(ref batch, NodeLayout.BridgeIndex, address, NodeLayout.Host(address).PrefixLength);
            foreach (var address in surplus) Addresses.Delete(ref batch, NodeLayout.BridgeIndex, address.Address, address.PrefixLength);
        });
    }
}
