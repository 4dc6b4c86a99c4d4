using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Network;
using Dataplane.Node.Programming;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <content>Mending what others have changed.</content>
public sealed partial class LiveNode
{
    private readonly SortedDictionary<string, string> _broken = new(StringComparer.Ordinal);

    /// <summary>Pods that the last <see cref="Repair"/> could not mend, and why: inside its namespace a pod can be in the way. They are closed where they are not whole.</summary>
    public IReadOnlyList<string> Broken => [.. _broken.Select(b => $"{b.Key}: {b.Value}")];

    /// <summary>
    /// Compares one of the kernel's sets, each time another, with what is compiled. False: they differ, or the set could not be read, and <see cref="RepairSuspected"/>
    /// knows. Notices tell of what others do; this is for what nobody tells. Ports whose deletion the kernel has refused are deleted again, too.
    /// </summary>
    public bool Check()
    {
        _node.DeleteDetached();
        try
        {
            if (_programmer.Check() is null) return true;
        }
        catch (LinuxException)
        {
            // Whoever mends the tables says what is wrong with them.
        }
        _suspicions.Add(NodeParts.Tables);
        return false;
    }

    /// <summary>Waits for ports that are deleted behind an answer.</summary>
    internal void AwaitDetached() => _node.AwaitDetached();

    /// <summary>The owner of the tables, whom the kernel lets change them.</summary>
    internal RulesetProgrammer Programmer => _programmer;

    /// <summary>How many times the inside of a pod has been looked at.</summary>
    internal int PodsLookedAt { get; private set; }

    /// <summary>Compares namespaces, links, addresses, routes, settings and tables with what should be, and mends what differs.</summary>
    /// <exception cref="LinuxException">Something of the node's own could not be mended; what came before it has been.</exception>
    public IReadOnlyList<Repair> Repair()
    {
        _suspicions.Take();
        var repairs = new List<Repair>();
        MendTables(repairs);
        MendNames(repairs);
        var nodeRepair = NodeRepair(repairs);
        nodeRepair.Mend();
        MendSettings(repairs);
        _broken.Clear();
        MendPods(_node.Wired, nodeRepair.Lost, repairs);
        return repairs;
    }

    /// <summary>As <see cref="Repair()"/>, but only where <see cref="Watch"/> has heard that something may have changed since it was asked last.</summary>
    /// <exception cref="LinuxException">Something of the node's own could not be mended; what came before it has been.</exception>
    public IReadOnlyList<Repair> RepairSuspected()
    {
        var suspicion = _suspicions.Take();
        try
        {
            return RepairAt(suspicion);
        }
        catch
        {
            // Nothing points any more at what is left to do.
            _suspicions.AddEverything();
            throw;
        }
    }

    private IReadOnlyList<Repair> RepairAt(Suspicion suspicion)
    {
        var repairs = new List<Repair>();
        // With the bridge go addresses, routes and ports, and notices of these may come first.
        var nodeRepair = NodeRepair(repairs);
        if (suspicion.Everything || (suspicion.IsAboutNetwork && !nodeRepair.HasBridge())) return Repair();
        if (suspicion.Parts.HasFlag(NodeParts.Tables)) MendTables(repairs);
        if (suspicion.Parts.HasFlag(NodeParts.Names)) MendNames(repairs);
        if (suspicion.Parts.HasFlag(NodeParts.Settings)) MendSettings(repairs);
        var ports = suspicion.Links.Select(_node.Attachments.AtPort).OfType<Attachment>().ToHashSet();
        var pods = suspicion.Namespaces.Select(_node.Attachments.InNamespace).OfType<Attachment>().Concat(ports).ToHashSet();
        // Whose number is not known may be meant by one that nobody has.
        if (suspicion.Namespaces.Any(number => _node.Attachments.InNamespace(number) is null)) pods.UnionWith(_node.Wired.Where(a => a.NamespaceNumber is null));
        nodeRepair.Mend(suspicion.Parts, ports);
        MendPods(pods, nodeRepair.Lost, repairs);
        return repairs;
    }

    private NodeRepair NodeRepair(List<Repair> repairs) =>
        new(_node, _enforced is null ? [] : [.. _node.AddressesBesideGateway(_enforced.Node)], complete: _enforced is not null, repairs);

    private void MendTables(List<Repair> repairs)
    {
        if (_programmer.Mend() is { } table) repairs.Add(new Repair("ruleset", table));
    }

    /// <param name="without">Those of them that have lost their ports: they are attached again.</param>
    private void MendPods(IEnumerable<Attachment> pods, IReadOnlyList<Attachment> without, List<Repair> repairs)
    {
        var lost = without.ToList();
        foreach (var attachment in pods.Except(without).ToList())
        {
            _broken.Remove(NameOf(attachment));
            OrBroken(attachment, () =>
            {
                PodsLookedAt++;
                if (!PodRepair.Mend(_node, attachment, repairs)) lost.Add(attachment);
            });
        }
        foreach (var attachment in lost)
        {
            _broken.Remove(NameOf(attachment));
            OrBroken(attachment, () => AttachAgain(attachment));
        }
    }

    private static string NameOf(Attachment attachment) => attachment.Endpoint?.Name ?? "the negative control";

    /// <summary>What one pod prevents must not keep others from being mended.</summary>
    private void OrBroken(Attachment attachment, Action mend)
    {
        try
        {
            mend();
        }
        catch (LinuxException e)
        {
            _broken[NameOf(attachment)] = e.Message;
        }
    }

    private void MendNames(List<Repair> repairs)
    {
        foreach (var netns in _node.Wired.Where(a => !a.IsForeign).Select(a => a.Netns).Append(_node.Netns).Where(n => n.Name is not null))
        {
            if (netns.HasName()) continue;
            repairs.Add(new Repair($"network namespace {netns.Name}", "its name was missing"));
            netns.Rename();
        }
    }

    private void MendSettings(List<Repair> repairs)
    {
        var differences = Sysctl.Differences(_node.Netns, _node.Settings);
        foreach (var (setting, found) in differences) repairs.Add(new Repair($"setting {setting.Name}", found));
        Sysctl.Write(_node.Netns, [.. differences.Select(d => d.Setting)]);
    }

    /// <summary>With a port its far end went: the same once more, by the same number, so that the elements still fit.</summary>
    private void AttachAgain(Attachment attachment)
    {
        var links = Links.Dump(_node.Route).Where(l => l.Index == attachment.PortIndex || (l.Name == attachment.Port && _node.IsOurPort(l))).ToList();
        if (links.Count > 0)
            _node.Route.Commit($"remove what is left of {attachment.Port}", batch =>
            {
                foreach (var link in links) Links.Delete(batch, link.Index);
            });
        _node.Remove(attachment);
        try
        {
            _node.Attach([new AttachRequest((PodEndpoint?)attachment.Endpoint, [.. attachment.Addresses], () => new PodNetns(attachment.Netns, WasThere: true))
            {
                Alias = attachment.Alias, ForeignNetns = attachment.ForeignNetns, Number = attachment.Number, Held = attachment.Addresses.ToHashSet(),
            }], default);
        }
        catch
        {
            if (_node.Attachments.Numbered(attachment.Number) is { } half) _node.Remove(half);
            _node.Add(attachment);
            throw;
        }
        _pods = null;
        if (attachment == _stranger) _stranger = _node.Attachments.Numbered(attachment.Number);
    }
}
