using System.Collections;
using System.Net;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Ports;

/// <summary>
/// The inventory of what is attached to a node, found by number, pod and address without a walk. In the order of
/// attaching until something is removed.
/// </summary>
internal sealed class Attachments : IReadOnlyList<Attachment>
{
    private readonly List<Attachment> _all = [];
    private readonly Dictionary<int, int> _places = [];
    private readonly Dictionary<int, int> _byPort = [];
    private readonly Dictionary<int, int> _byNamespace = [];
    private readonly Latest<string> _byPod = new();
    private readonly Latest<IPAddress> _byAddress = new();
    private HashSet<IPAddress> _moved = [];

    public int Count => _all.Count;

    public Attachment this[int index] => _all[index];

    /// <summary>The attachment with a port number; null: there is none.</summary>
    public Attachment? Numbered(int number) => _places.TryGetValue(number, out var place) ? _all[place] : null;

    /// <summary>By the interface index of its port.</summary>
    public Attachment? AtPort(int index) => _byPort.TryGetValue(index, out var number) ? Numbered(number) : null;

    /// <summary>By <see cref="Attachment.NamespaceNumber"/>.</summary>
    public Attachment? InNamespace(int number) =>
        _byNamespace.TryGetValue(number, out var attachment) ? Numbered(attachment) : null;

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
        if (attachment.PortIndex != 0) _byPort[attachment.PortIndex] = attachment.Number;
        if (attachment.NamespaceNumber is { } number) _byNamespace[number] = attachment.Number;
    }

    /// <summary>An index or id may have been given to another attachment meanwhile: then it stays.</summary>
    private void Unindex(Attachment attachment)
    {
        if (_byPort.GetValueOrDefault(attachment.PortIndex, -1) == attachment.Number)
            _byPort.Remove(attachment.PortIndex);
        if (attachment.NamespaceNumber is { } number && _byNamespace.GetValueOrDefault(number, -1) == attachment.Number)
            _byNamespace.Remove(number);
    }

    /// <summary>The port number of a key; while two attachments have the key, the later one's.</summary>
    private sealed class Latest<TKey> where TKey : notnull
    {
        private readonly Dictionary<TKey, int> _now = [];
        private readonly Dictionary<TKey, List<int>> _earlier = [];

        public int? Find(TKey key) => _now.TryGetValue(key, out var number) ? number : null;

        public IEnumerable<int> All(TKey key)
        {
            if (!_now.TryGetValue(key, out var now)) return [];
            return _earlier.TryGetValue(key, out var earlier) ? [now, .. earlier] : [now];
        }

        public void Add(TKey key, int number)
        {
            if (_now.TryGetValue(key, out var earlier))
            {
                if (!_earlier.TryGetValue(key, out var all)) _earlier[key] = all = [];
                all.Add(earlier);
            }
            _now[key] = number;
        }

        public void Remove(TKey key, int number)
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
