using System.Collections;
using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Ports;

/// <summary>
/// The inventory of what is attached to a node, found by number, pod and address without a walk. In the order of
/// attaching until something is removed.
/// </summary>
internal sealed class Attachments : IReadOnlyList<Attachment>
{
    private readonly List<Attachment> _all = [];
    private readonly Dictionary<PortNumber, int> _places = [];
    private readonly Dictionary<InterfaceIndex, PortNumber> _byPort = [];
    private readonly Dictionary<NamespaceId, PortNumber> _byNamespace = [];
    private readonly Latest<string> _byPod = new();
    private readonly Latest<IPAddress> _byAddress = new();
    private HashSet<IPAddress> _moved = [];

    public int Count => _all.Count;

    public Attachment this[int index] => _all[index];

    /// <summary>The attachment with a port number; null: there is none.</summary>
    public Attachment? Numbered(PortNumber number) => _places.TryGetValue(number, out var place) ? _all[place] : null;

    /// <summary>By the interface index of its port.</summary>
    public Attachment? AtPort(InterfaceIndex index) =>
        _byPort.TryGetValue(index, out var number) ? Numbered(number) : null;

    /// <summary>By <see cref="Attachment.NamespaceId"/>.</summary>
    public Attachment? InNamespace(NamespaceId id) =>
        _byNamespace.TryGetValue(id, out var number) ? Numbered(number) : null;

    /// <summary>By the name of the pod. Where an old and a new attachment have it, the new one.</summary>
    public Attachment? OfPod(string name) => _byPod.Find(name) is { } number ? Numbered(number) : null;

    /// <summary>As <see cref="OfPod"/>, by one of its addresses.</summary>
    public Attachment? At(IPAddress address) => _byAddress.Find(address) is { } number ? Numbered(number) : null;

    /// <summary>The number of attachments of pods.</summary>
    public int Pods { get; private set; }

    /// <summary>All with the name of a pod: two, where a pod is being replaced.</summary>
    public IEnumerable<Attachment> AllOfPod(string name) => _byPod.All(name).Select(number => Numbered(number)!);

    /// <summary>As <see cref="AllOfPod"/>, by an address.</summary>
    public IEnumerable<Attachment> AllAt(IPAddress address) =>
        _byAddress.All(address).Select(number => Numbered(number)!);

    public void Add(Attachment attachment)
    {
        _places.Add(attachment.Number, _all.Count);
        _all.Add(attachment);
        Index(attachment);
        if (attachment.Endpoint is PodEndpoint pod)
        {
            _byPod.Add(pod.Name, attachment.Number);
            Pods++;
        }
        foreach (var address in attachment.Addresses) _byAddress.Add(address, attachment.Number);
        _moved.UnionWith(attachment.Addresses);
    }

    public void Remove(Attachment attachment)
    {
        _moved.UnionWith(attachment.Addresses);
        if (!_places.Remove(attachment.Number, out var place)) return;
        var (gone, last) = (_all[place], _all[^1]);
        Unindex(gone);
        _all.RemoveAt(_all.Count - 1);
        if (place < _all.Count)
        {
            _all[place] = last;
            _places[last.Number] = place;
        }
        if (gone.Endpoint is PodEndpoint pod)
        {
            _byPod.Remove(pod.Name, gone.Number);
            Pods--;
        }
        foreach (var address in gone.Addresses) _byAddress.Remove(address, gone.Number);
    }

    /// <summary>
    /// Returns the addresses whose attachment was added or removed since the last call, and forgets them.
    /// </summary>
    public IReadOnlyCollection<IPAddress> TakeMoved()
    {
        var moved = _moved;
        _moved = [];
        return moved;
    }

    /// <summary>Replaces the description of a port: of the same pod, with the same addresses.</summary>
    public void Replace(Attachment now)
    {
        var place = _places[now.Number];
        Unindex(_all[place]);
        _all[place] = now;
        Index(now);
    }

    public IEnumerator<Attachment> GetEnumerator() => _all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Index(Attachment attachment)
    {
        if (!attachment.PortIndex.IsNone) _byPort[attachment.PortIndex] = attachment.Number;
        if (attachment.NamespaceId is { } id) _byNamespace[id] = attachment.Number;
    }

    /// <summary>An index or id may have been given to another attachment meanwhile: then it stays.</summary>
    private void Unindex(Attachment attachment)
    {
        if (_byPort.TryGetValue(attachment.PortIndex, out var atPort) && atPort == attachment.Number)
            _byPort.Remove(attachment.PortIndex);
        if (attachment.NamespaceId is { } id && _byNamespace.TryGetValue(id, out var inside)
            && inside == attachment.Number)
        {
            _byNamespace.Remove(id);
        }
    }

    /// <summary>The port number of a key; while two attachments have the key, the later one's.</summary>
    private sealed class Latest<TKey> where TKey : notnull
    {
        private readonly Dictionary<TKey, PortNumber> _now = [];
        private readonly Dictionary<TKey, List<PortNumber>> _earlier = [];

        public PortNumber? Find(TKey key) => _now.TryGetValue(key, out var number) ? number : null;

        public IEnumerable<PortNumber> All(TKey key)
        {
            if (!_now.TryGetValue(key, out var now)) return [];
            return _earlier.TryGetValue(key, out var earlier) ? [now, .. earlier] : [now];
        }

        public void Add(TKey key, PortNumber number)
        {
            if (_now.TryGetValue(key, out var earlier))
            {
                if (!_earlier.TryGetValue(key, out var all)) _earlier[key] = all = [];
                all.Add(earlier);
            }
            _now[key] = number;
        }

        public void Remove(TKey key, PortNumber number)
        {
            var earlier = _earlier.GetValueOrDefault(key);
            if (_now[key] != number)
            {
                earlier!.Remove(number);
            }
            else if (earlier is null)
            {
                _now.Remove(key);
            }
            else
            {
                _now[key] = earlier[^1];
                earlier.RemoveAt(earlier.Count - 1);
            }
            if (earlier is { Count: 0 }) _earlier.Remove(key);
        }
    }
}
