using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Ports;
using Dataplane.Node.Programming;
using Dataplane.Node.Repairs;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <content>Repairs of what other processes have changed.</content>
public sealed partial class LiveNode
{
    private readonly SortedDictionary<string, string> _broken = new(StringComparer.Ordinal);

    /// <summary>Ports have been attached again with indexes that their elements do not name yet.</summary>
    private bool _hasStalePorts;

    /// <summary>
    /// Pods that the last <see cref="Repair"/> could not repair, and why: a program inside a pod can prevent it. They
    /// are closed where they are not complete.
    /// </summary>
    public IReadOnlyList<string> Broken => [.. _broken.Select(b => $"{b.Key}: {b.Value}")];

    /// <summary>
    /// Compares one of the kernel's sets, each time another one, with what is compiled, and asks each port for its
    /// guard: for changes that cause no notification. Also deletes ports again whose deletion the kernel has refused.
    /// </summary>
    /// <returns>
    /// False: the set differs or could not be read, or a port has no guard, and <see cref="RepairSuspected"/> will
    /// repair it.
    /// </returns>
    public bool Check()
    {
        _node.Removals.Start();
        try
        {
            // The kernel sends no notice when a program is taken from a port.
            var unguarded = _node.Guard.Without(_node.Route, [.. _node.Wired.Select(a => a.PortIndex)]);
            _suspicions.Add(unguarded);
            if (_programmer.Check() is null)
            {
                if (unguarded.Count == 0) _programmer.KeepShortWay();
                return unguarded.Count == 0;
            }
        }
        catch (LinuxException)
        {
            // The repair reports what is wrong.
        }
        _suspicions.Add(NodeParts.Tables);
        return false;
    }

    /// <summary>Waits for ports that are deleted in the background.</summary>
    internal void AwaitDetached() => _node.Removals.Wait();

    /// <summary>The owner of the tables: the one process that the kernel lets change them.</summary>
    internal RulesetProgrammer Programmer => _programmer;

    /// <summary>The number of times that the inside of a pod has been compared.</summary>
    internal int PodsLookedAt { get; private set; }

    /// <summary>
    /// Compares namespaces, links, addresses, routes, settings and tables with the plan, and repairs what differs.
    /// </summary>
    /// <exception cref="LinuxException">
    /// Something of the node itself could not be repaired; what came before it has been.
    /// </exception>
    public IReadOnlyList<Repair> Repair()
    {
        _suspicions.Take();
        var repairs = new List<Repair>();
        RepairTables(repairs);
        RepairNames(repairs);
        var nodeRepair = NodeRepair(repairs);
        nodeRepair.Repair();
        RepairSettings(repairs);
        _broken.Clear();
        RepairPods(_node.Wired, nodeRepair.Lost, repairs);
        return repairs;
    }

    /// <summary>
    /// As <see cref="Repair()"/>, but only where <see cref="Watch"/> has noticed a change since the last call.
    /// </summary>
    /// <exception cref="LinuxException">
    /// Something of the node itself could not be repaired; what came before it has been.
    /// </exception>
    public IReadOnlyList<Repair> RepairSuspected()
    {
        var suspicion = _suspicions.Take();
        try
        {
            return RepairAt(suspicion);
        }
        catch
        {
            // The suspicions are taken already, and the work is not done.
            _suspicions.AddEverything();
            throw;
        }
    }

    private IReadOnlyList<Repair> RepairAt(Suspicion suspicion)
    {
        var repairs = new List<Repair>();
        // When the bridge is deleted, addresses, routes and ports go with it, and notices of these may come first.
        var nodeRepair = NodeRepair(repairs);
        if (suspicion.Everything || (suspicion.IsAboutNetwork && !nodeRepair.HasBridge())) return Repair();
        if (suspicion.Parts.HasFlag(NodeParts.Tables)) RepairTables(repairs);
        if (suspicion.Parts.HasFlag(NodeParts.Names)) RepairNames(repairs);
        if (suspicion.Parts.HasFlag(NodeParts.Settings)) RepairSettings(repairs);
        var ports = suspicion.Links.Select(_node.Attachments.AtPort).OfType<Attachment>().ToHashSet();
        var pods = suspicion.Namespaces.Select(_node.Attachments.InNamespace).OfType<Attachment>().Concat(ports)
            .ToHashSet();
        // A notice with an unknown namespace id may concern any attachment whose id we have not learned.
        if (suspicion.Namespaces.Any(number => _node.Attachments.InNamespace(number) is null))
            pods.UnionWith(_node.Wired.Where(a => a.NamespaceId is null));
        nodeRepair.Repair(suspicion.Parts, ports);
        RepairPods(pods, nodeRepair.Lost, repairs);
        return repairs;
    }

    private NodeRepair NodeRepair(List<Repair> repairs) => new(_node,
        _enforced is null ? [] : [.. _node.AddressesBesideGateway(_enforced.Node)],
        complete: _enforced is not null, repairs);

    private void RepairTables(List<Repair> repairs)
    {
        if (_programmer.Repair() is { } table) repairs.Add(new Repair("ruleset", table));
    }

    /// <param name="without">Pods that have lost their ports: they are attached again.</param>
    private void RepairPods(IEnumerable<Attachment> pods, IReadOnlyList<Attachment> without, List<Repair> repairs)
    {
        var lost = without.ToList();
        foreach (var attachment in pods.Except(without).ToList())
        {
            _broken.Remove(attachment.EndpointName);
            OrBroken(attachment, () =>
            {
                PodsLookedAt++;
                if (!PodRepair.Repair(_node, attachment, repairs)) lost.Add(attachment);
            });
        }
        foreach (var attachment in lost)
        {
            _broken.Remove(attachment.EndpointName);
            OrBroken(attachment, () => AttachAgain(attachment));
        }
        if (_hasStalePorts) ProgramPorts();
        if (lost.Count > 0) _node.EnterShortWay(_node.Wired);
    }

    /// <summary>Programs the same state with the interface indexes that ports have now.</summary>
    private void ProgramPorts()
    {
        if (_enforced is not null) _programmer.Program(_enforced, tightens: false, _owned);
        _hasStalePorts = false;
    }

    /// <summary>A pod that cannot be repaired must not keep others from being repaired.</summary>
    private void OrBroken(Attachment attachment, Action repair)
    {
        try
        {
            repair();
        }
        catch (LinuxException e)
        {
            _broken[attachment.EndpointName] = e.Message;
        }
    }

    private void RepairNames(List<Repair> repairs)
    {
        foreach (var netns in _node.Wired.Where(a => !a.IsForeign).Select(a => a.Netns).Append(_node.Netns))
        {
            if (netns.Name is null || netns.HasName()) continue;
            repairs.Add(new Repair($"network namespace {netns.Name}", "its name was missing"));
            netns.Rename();
        }
    }

    private void RepairSettings(List<Repair> repairs)
    {
        var differences = Sysctl.Differences(_node.Netns, _node.Settings);
        foreach (var (setting, found) in differences) repairs.Add(new Repair($"setting {setting.Name}", found));
        Sysctl.Write(_node.Netns, [.. differences.Select(d => d.Setting)]);
    }

    /// <summary>
    /// Attaches the pod again with the same number. Needed when the port is lost: the kernel deletes eth0 with it.
    /// </summary>
    private void AttachAgain(Attachment attachment)
    {
        var links = Links.Dump(_node.Route).Where(l =>
            l.Index == attachment.PortIndex || (l.Name == attachment.Port && _node.IsOurPort(l))).ToList();
        if (links.Count > 0)
        {
            _node.Route.Commit($"remove what is left of {attachment.Port}", batch =>
            {
                foreach (var link in links) Links.Delete(batch, link.Index);
            });
        }
        if (attachment.Foreign is null) RemoveInside(attachment.Netns);
        _node.Attachments.Remove(attachment);
        var request = new AttachRequest((PodEndpoint?)attachment.Endpoint, [.. attachment.Addresses],
            () => new PodNetns(attachment.Netns, WasThere: true))
        {
            Alias = attachment.Alias,
            Foreign = attachment.Foreign,
            Number = attachment.Number,
            Held = attachment.Addresses.ToHashSet(),
        };
        try
        {
            _node.Attach([request], default);
        }
        catch
        {
            if (_node.Attachments.Numbered(attachment.Number) is { } half) _node.Attachments.Remove(half);
            _node.Attachments.Add(attachment);
            throw;
        }
        _pods = null;
        _hasStalePorts |= HasAnotherIndex(attachment);
        if (attachment == _stranger) Use(_node.Attachments.Numbered(attachment.Number));
    }

    /// <summary>Removes an eth0 that leads elsewhere, from a namespace that was made for the pod.</summary>
    private static void RemoveInside(Netns netns)
    {
        using var inside = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        foreach (var link in Links.Dump(inside).Where(l => l.Name == "eth0"))
            inside.Commit("remove an eth0 that leads elsewhere", batch => Links.Delete(batch, link.Index));
    }

    /// <summary>Whether the port was made again since, and its elements name an index that it no longer has.</summary>
    private bool HasAnotherIndex(Attachment before) =>
        _node.Attachments.Numbered(before.Number) is { } now && now.PortIndex != before.PortIndex;
}
