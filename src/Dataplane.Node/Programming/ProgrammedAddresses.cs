using System.Net;
using Dataplane.Node.Ports;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;
using Dataplane.Rules.Changes;

namespace Dataplane.Node.Programming;

/// <summary>The programmed addresses, each with its port and classes. A change costs what it touches.</summary>
internal sealed class ProgrammedAddresses(NodePorts node)
{
    private readonly Dictionary<IPAddress, Entry> _entries = [];

    /// <summary>
    /// Replaces everything known with the addresses of a table, and returns the whole content as a change.
    /// </summary>
    public RulesetChange Load(ClassTable classes, uint epoch)
    {
        _entries.Clear();
        _entries.EnsureCapacity(classes.Addresses.Count);
        node.Attachments.TakeMoved();
        var ports = new List<PortAddress>(classes.Addresses.Count);
        foreach (var address in classes.Addresses)
        {
            var entry = _entries[address.Address] = new Entry { Classes = address, Port = Attached(address) };
            if (entry.Port is { } port) ports.Add(port);
        }
        return RulesetChange.Whole(classes, ports, epoch);
    }

    /// <summary>
    /// The change that follows from other classes, and from pods attached and detached since the last call.
    /// </summary>
    public RulesetChange Update(ClassChange change, uint epochBefore, uint epochAfter)
    {
        var touched = new Dictionary<IPAddress, Entry>();
        foreach (var gone in change.Removed.Addresses)
        {
            var entry = _entries[gone.Address];
            entry.Classes = null;
            touched[gone.Address] = entry;
        }
        foreach (var come in change.Added.Addresses)
        {
            if (!_entries.TryGetValue(come.Address, out var entry)) _entries[come.Address] = entry = new Entry();
            entry.Classes = come;
            touched[come.Address] = entry;
        }
        foreach (var moved in node.Attachments.TakeMoved())
            if (_entries.TryGetValue(moved, out var entry)) touched[moved] = entry;

        var addresses = PerFamily.Of(_ => new List<AddressChange>());
        foreach (var (address, entry) in touched)
        {
            var before = entry.Port;
            entry.Port = entry.Classes is { } classes ? Attached(classes) : null;
            if (entry.Classes is null) _entries.Remove(address);
            addresses[address.AddressFamily].Add(new AddressChange(before, entry.Port));
        }
        var changes = PerFamily.Of(family => addresses[family].ToArray());
        return epochBefore == epochAfter
            ? new RulesetChange(changes, change.Removed, change.Added, null, null)
            : new RulesetChange(changes, change.Removed, change.Added, epochBefore, epochAfter);
    }

    /// <summary>The addresses as they are programmed, in the order of the table.</summary>
    public IEnumerable<PortAddress> Known(ClassTable classes) =>
        classes.Addresses.Select(a => _entries[a.Address].Port).OfType<PortAddress>();

    /// <summary>The addresses as they are attached at this moment.</summary>
    public IEnumerable<PortAddress> Attached(ClassTable classes) =>
        classes.Addresses.Select(Attached).OfType<PortAddress>();

    /// <summary>Null: the pod has no port, or another pod has the address.</summary>
    private PortAddress? Attached(AddressClasses address) =>
        node.Attachments.At(address.Address) is { Endpoint: PodEndpoint pod } attachment
        && pod.Pod.Name == address.Pod.Pod.Name && pod.Pod.Namespace == address.Pod.Pod.Namespace
            ? new PortAddress(attachment.PortIndex, attachment.Mac, address) : null;

    private sealed class Entry
    {
        public AddressClasses? Classes { get; set; }
        public PortAddress? Port { get; set; }
    }
}
