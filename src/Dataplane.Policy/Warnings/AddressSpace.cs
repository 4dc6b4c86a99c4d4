using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation.Sets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// Every pod address with a number, and indexes from labels, namespaces, ranges and port names to sets of them. A pod
/// of two families is two addresses: an ipBlock may tell them apart. hostNetwork pods are the node, not pods, to every
/// policy.
/// </summary>
internal sealed class AddressSpace
{
    private readonly Dictionary<string, AddressSet> _byNamespace = [];
    private readonly Dictionary<(string Key, string Value), AddressSet> _byLabel = [];
    private readonly Dictionary<string, AddressSet> _byLabelKey = [];
    private readonly Dictionary<(TransportProtocol, string), SortedDictionary<ushort, AddressSet>> _byPortName = [];
    private readonly Dictionary<AddressFamily, (UInt128[] Sorted, int[] Index)> _byAddress = [];
    private readonly AddressSet _everything;
    private readonly Cluster _cluster;

    public AddressSpace(Cluster cluster)
    {
        _cluster = cluster;
        var addresses = new List<PodAddress>();
        foreach (var pod in cluster.Pods.Where(p => !p.IsHostNetwork))
        {
            if (pod.IPv4 is { } v4) addresses.Add(new PodAddress(pod, v4));
            if (pod.IPv6 is { } v6) addresses.Add(new PodAddress(pod, v6));
        }
        Addresses = addresses;
        foreach (var family in AddressFamilies.All)
        {
            var index = Enumerable.Range(0, Addresses.Count).Where(i => Addresses[i].Address.AddressFamily == family)
                .OrderBy(i => AddressRange.ToNumber(Addresses[i].Address)).ToArray();
            _byAddress[family] = (Array.ConvertAll(index, i => AddressRange.ToNumber(Addresses[i].Address)), index);
        }
        _everything = Nothing;
        for (var i = 0; i < Addresses.Count; i++)
        {
            _everything.Add(i);
            Index(i, Addresses[i].Pod.Pod);
        }
    }

    public IReadOnlyList<PodAddress> Addresses { get; }

    /// <summary>Every pod address; never the node's.</summary>
    public AddressSet Everything => _everything.Clone();

    public AddressSet Nothing => new(Addresses.Count);

    public AddressSet InNamespace(string name) => _byNamespace.GetValueOrDefault(name)?.Clone() ?? Nothing;

    /// <summary>The pods of the namespaces whose labels match.</summary>
    public AddressSet InNamespaces(LabelSelector selector)
    {
        var set = Nothing;
        foreach (var (name, pods) in _byNamespace)
            if (Selection.Matches(selector, _cluster.NamespaceLabels(name))) set.UnionWith(pods);
        return set;
    }

    /// <summary>The pods whose labels match, of every namespace.</summary>
    public AddressSet Selected(LabelSelector selector)
    {
        var set = Everything;
        foreach (var requirement in selector.Requirements)
        {
            switch (requirement.Operator)
            {
                case SelectorOperator.In: set.IntersectWith(WithAnyOf(requirement)); break;
                // NotIn and DoesNotExist match objects that lack the key.
                case SelectorOperator.NotIn: set.ExceptWith(WithAnyOf(requirement)); break;
                case SelectorOperator.Exists: set.IntersectWith(_byLabelKey.GetValueOrDefault(requirement.Key)
                    ?? Nothing); break;
                case SelectorOperator.DoesNotExist: set.ExceptWith(_byLabelKey.GetValueOrDefault(requirement.Key)
                    ?? Nothing); break;
                default: throw new ArgumentOutOfRangeException(nameof(selector), requirement.Operator,
                    "unknown selector operator");
            }
        }
        return set;
    }

    /// <summary>The pods whose address of the block's family lies in it and in none of its exceptions.</summary>
    public AddressSet Inside(IpBlock block)
    {
        var set = Within(block.Cidr);
        foreach (var except in block.Except) set.ExceptWith(Within(except));
        return set;
    }

    /// <summary>The pods that declare a port of this name and protocol, by the number it stands for.</summary>
    public IEnumerable<KeyValuePair<ushort, AddressSet>> WithNamedPort(TransportProtocol protocol, string name) =>
        _byPortName.TryGetValue((protocol, name), out var found) ? found : [];

    private AddressSet Within(IPNetwork network)
    {
        var set = Nothing;
        var (sorted, index) = _byAddress[network.BaseAddress.AddressFamily];
        var range = AddressRange.Of(network);
        var at = Array.BinarySearch(sorted, range.First);
        for (var i = at < 0 ? ~at : at; i < sorted.Length && sorted[i] <= range.Last; i++) set.Add(index[i]);
        return set;
    }

    private AddressSet WithAnyOf(SelectorRequirement requirement)
    {
        var set = Nothing;
        foreach (var value in requirement.Values)
            if (_byLabel.TryGetValue((requirement.Key, value), out var found)) set.UnionWith(found);
        return set;
    }

    private void Index(int number, PodObject pod)
    {
        Put(_byNamespace, pod.Namespace);
        foreach (var (key, value) in pod.Labels)
        {
            Put(_byLabel, (key, value));
            Put(_byLabelKey, key);
        }
        foreach (var port in pod.Ports)
        {
            if (port.Name is null) continue;
            if (!_byPortName.TryGetValue((port.Protocol, port.Name), out var numbers))
                _byPortName[(port.Protocol, port.Name)] = numbers = [];
            if (!numbers.TryGetValue(port.Port, out var set)) numbers[port.Port] = set = Nothing;
            set.Add(number);
        }

        void Put<TKey>(Dictionary<TKey, AddressSet> index, TKey key) where TKey : notnull
        {
            if (!index.TryGetValue(key, out var set)) index[key] = set = Nothing;
            set.Add(number);
        }
    }
}

/// <summary>One address of one pod.</summary>
internal readonly record struct PodAddress(PodEndpoint Pod, IPAddress Address);
