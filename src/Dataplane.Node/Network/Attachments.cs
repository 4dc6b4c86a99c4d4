using System.Collections;
using System.Net;
using Dataplane.Policy.Model;
namespace Dataplane.Node.Network;

/// <summary>What is attached to a node, found by number, pod and address without a walk. In the order of attaching until something goes.</summary>
internal sealed class Attachments : IReadOnlyList<Attachment>
{
    private readonly List<Attachment> _all = [];
    private readonly Dictionary<int, int> _places = [];
    private readonly Dictionary<int, int> _byPort = [];
    private readonly Dictionary<int, int> _byNamespace = [];
    private readonly Latest<string> _byPod = new();
    private readonly Latest<IPAddress> _byAddress = new();

    public int Count => _all.Count;

    public Attachment this[int index] => _all[index];

    /// <summary>Null: there is none.</summary>
    public Attachment? Numbered(int number) => _places.TryGetValue(number, out var place) ? _all[place] : null;

    /// <summary>By the interface index of its port.</summary>
    public Attachment? AtPort(int index) => _byPort.TryGetValue(index, out var number) ? Numbered(number) : null;

    /// <summary>By <see cref="Attachment.NamespaceNumber"/>.</summary>
    public Attachment? InNamespace(int number) => _byNamespace.TryGetValue(number, out var attachment) ? Numbered(attachment) : null;

    /// <summary>By the name of the pod. Of two, one of which comes and one goes, the one that comes.</summary>
    public Attachment? OfPod(string name) => _byPod.Find(name) is { } number ? Numbered(number) : null;

    /// <summary>As <see cref="OfPod"/>, by one of its addresses.</summary>
    public Attachment? At(IPAddress address) => _byAddress.Find(address) is { } number ? Numbered(number) : null;

    /// <summary>How many are pods'.</summary>
    public int Pods { get; private set; }

    /// <summary>Whoever has the name: two, where one comes and one goes.</summary>
    public IEnumerable<Attachment> AllOfPod(string name) => _byPod.All(name).Select(number => Numbered(number)!);

    /// <summary>As <see cref="AllOfPod"/>, by an address.</summary>
    public IEnumerable<Attachment> AllAt(IPAddress address) => _byAddress.All(address).Select(number => Numbered(number)!);

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
    }

    public void Remove(Attachment attachment)
    {
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

    /// <summary>The same port by another description: of the same pod, with the same addresses.</summary>
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

    /// <summary>The kernel gives indexes and numbers that are free to others.</summary>
    private void Unindex(Attachment attachment)
    {
        if (_byPort.GetValueOrDefault(attachment.PortIndex, -1) == attachment.Number) _byPort.Remove(attachment.PortIndex);
        if (attachment.NamespaceNumber is { } number && _byNamespace.GetValueOrDefault(number, -1) == attachment.Number) _byNamespace.Remove(number);
    }

    /// <summary>The number that a key stands for; while two have the key, the later one's.</summary>
    private sealed class Latest<TKey> where TKey : notnull
    {
        private readonly Dictionary<TKey, int> _now = [];
        private readonly Dictionary<TKey, List<int>> _earlier = [];

        public int? Find(TKey key) => _now.TryGetValue(key, out var number) ? number : null;

        public IEnumerable<int> All(TKey key) => !_now.TryGetValue(key, out var now) ? [] : _earlier.TryGetValue(key, out var earlier) ? [now, .. earlier] : [now];

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
            if (_now[key] != number) earlier!.Remove(number);
            else if (earlier is null) _now.Remove(key);
            else
            {
                _now[key] = earlier[^1];
                earlier.RemoveAt(earlier.Count - 1);
            }
            if (earlier is { Count: 0 }) _earlier.Remove(key);
        }
    }
}
