using Dataplane.Linux;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Network;
using Dataplane.Policy;

namespace Dataplane.Node.Live;

/// <content>Mending what others have changed.</content>
public sealed partial class LiveNode
{
    private readonly SortedDictionary<string, string> _broken = new(StringComparer.Ordinal);

    /// <summary>Pods that the last <see cref="Repair"/> could not mend, and why: inside its namespace a pod can be in the way. They are closed where they are not whole.</summary>
    public IReadOnlyList<string> Broken => [.. _broken.Select(b => $"{b.Key}: {b.Value}")];

    /// <summary>
    /// Compares one of the kernel's sets, each time another, with what is compiled. False: they differ, and <see cref="Repair"/> mends them. Notices tell of what
    /// others do; this is for what nobody tells.
    /// </summary>
    /// <exception cref="Linux.LinuxException">The set could not be read.</exception>
    public bool Check() => _programmer.Check() is null;

    /// <summary>Compares namespaces, links, addresses, routes, settings and tables with what should be, and mends what differs.</summary>
    /// <exception cref="Linux.LinuxException">Something of the node's own could not be mended; what came before it has been.</exception>
    public IReadOnlyList<Repair> Repair()
    {
        var repairs = new List<Repair>();
        if (_programmer.Mend() is { } table) repairs.Add(new Repair("ruleset", table));
        MendNames(repairs);
        var nodeRepair = new NodeRepair(_node, _enforced is null ? [] : [.. _node.AddressesBesideGateway(_enforced.Node)], complete: _enforced is not null, repairs);
        nodeRepair.Mend();
        MendSettings(repairs);
        var lost = nodeRepair.Lost.ToList();
        _broken.Clear();
        foreach (var attachment in _node.Wired.Except(lost).ToList())
            OrBroken(attachment, () =>
            {
                if (!PodRepair.Mend(_node, attachment, repairs)) lost.Add(attachment);
            });
        foreach (var attachment in lost) OrBroken(attachment, () => AttachAgain(attachment));
        return repairs;
    }

    /// <summary>What one pod prevents must not keep others from being mended.</summary>
    private void OrBroken(Attachment attachment, Action mend)
    {
        try
        {
            mend();
        }
        catch (LinuxException e)
        {
            _broken[attachment.Endpoint?.Name ?? "the negative control"] = e.Message;
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
            _node.Route.Commit($"remove what is left of {attachment.Port}", (ref batch) =>
            {
                foreach (var link in links) Links.Delete(ref batch, link.Index);
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
