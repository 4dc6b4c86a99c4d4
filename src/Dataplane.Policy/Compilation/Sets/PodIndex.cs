using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation.Classes;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.Sets;

/// <summary>One address of a pod or, if the pod is null, one of the node's own addresses.</summary>
internal readonly record struct PodItem(PodEndpoint? Pod, IPAddress Address)
{
    public int Family => Pod is null ? Levels.Node : Levels.FamilyOf[Address.AddressFamily];
}

/// <summary>
/// Gives every pod address an item number, and keeps the numbers by namespace and the port numbers by port name. A pod
/// with two address families is two items: an ipBlock may tell them apart. hostNetwork pods are left out: to every
/// policy they are the node.
/// </summary>
internal sealed class PodIndex
{
    private readonly List<PodItem> _items = [];
    private readonly Stack<int> _free = [];
    private readonly Dictionary<string, NamespaceEntry> _namespaces = [];
    private readonly Dictionary<(TransportProtocol, string), SortedDictionary<ushort, int>> _portNames = [];
    private readonly Dictionary<IPAddress, int> _byAddress = [];

    public sealed class NamespaceEntry(string name, IReadOnlyDictionary<string, string> labels)
    {
        public string Name => name;
        public IReadOnlyDictionary<string, string> Labels { get; set; } = labels;
        public HashSet<int> Items { get; } = [];
    }

    /// <summary>Port names whose port numbers have changed. The caller clears it.</summary>
    public HashSet<(TransportProtocol Protocol, string Name)> ChangedPortNames { get; } = [];

    /// <summary>All namespaces that have had a pod.</summary>
    public IReadOnlyCollection<NamespaceEntry> Namespaces => _namespaces.Values;

    /// <summary>The node's own addresses.</summary>
    public List<int> Node { get; } = [];

    public IReadOnlyDictionary<string, string> NodeLabels { get; set; } = new Dictionary<string, string>();

    public PodItem this[int item] => _items[item];

    public NamespaceEntry? Namespace(string name) => _namespaces.GetValueOrDefault(name);

    public NamespaceEntry Namespace(string name, Cluster cluster)
    {
        if (!_namespaces.TryGetValue(name, out var found))
            _namespaces[name] = found = new NamespaceEntry(name, cluster.NamespaceLabels(name));
        return found;
    }

    /// <summary>The number of a pod's address.</summary>
    public int Find(IPAddress address) => _byAddress[address];

    public bool TryFind(IPAddress address, out int item) => _byAddress.TryGetValue(address, out item);

    /// <summary>The port numbers that pods declare under a name, in order.</summary>
    public IEnumerable<ushort> Ports(TransportProtocol protocol, string name) =>
        _portNames.TryGetValue((protocol, name), out var found) ? found.Keys : [];

    public int Add(PodItem item, Cluster cluster)
    {
        if (!_free.TryPop(out var number))
        {
            number = _items.Count;
            _items.Add(default);
        }
        _items[number] = item;
        if (item.Pod is null)
        {
            Node.Add(number);
            return number;
        }
        _byAddress[item.Address] = number;
        Namespace(item.Pod.Pod.Namespace, cluster).Items.Add(number);
        CountPorts(item.Pod.Pod, 1);
        return number;
    }

    /// <summary>Replaces the pod of an address.</summary>
    public void Replace(int number, PodEndpoint pod)
    {
        CountPorts(_items[number].Pod!.Pod, -1);
        CountPorts(pod.Pod, 1);
        _items[number] = _items[number] with { Pod = pod };
    }

    public void Remove(int number)
    {
        var item = _items[number];
        _items[number] = default;
        _free.Push(number);
        if (item.Pod is null)
        {
            Node.Remove(number);
            return;
        }
        _byAddress.Remove(item.Address);
        _namespaces[item.Pod.Pod.Namespace].Items.Remove(number);
        CountPorts(item.Pod.Pod, -1);
    }

    private void CountPorts(PodObject pod, int by)
    {
        foreach (var port in pod.Ports)
        {
            if (port.Name is null) continue;
            if (!_portNames.TryGetValue((port.Protocol, port.Name), out var numbers))
                _portNames[(port.Protocol, port.Name)] = numbers = [];
            var count = numbers.GetValueOrDefault(port.Port) + by;
            if (count == 0) numbers.Remove(port.Port);
            else numbers[port.Port] = count;
            if (count == 0 || (count == 1 && by == 1)) ChangedPortNames.Add((port.Protocol, port.Name));
        }
    }
}
