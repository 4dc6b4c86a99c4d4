using System.Net.Sockets;
using Dataplane.Kubernetes;

namespace Dataplane.Policy.Compilation;

/// <summary>
/// The sets of addresses outside the pod network, of one family and role. The line of all addresses is cut at every boundary that a
/// set in use has; the pieces are items as pod addresses are. A block nested in d others costs d + 1 memberships.
/// </summary>
internal sealed class OutsideSets
{
    private sealed class Entry(int set, string key, IReadOnlyList<UInt128> cuts)
    {
        public int Set => set;
        public string Key => key;
        public IReadOnlyList<UInt128> Cuts => cuts;
        public int Users { get; set; }
    }

    private readonly AddressFamily _family;
    private readonly Dictionary<string, Entry> _byKey = [];
    private readonly Dictionary<int, Entry> _bySet = [];
    private readonly HashSet<Entry> _unused = [];

    /// <summary>By the first address of each: the number of the item, and how many sets begin or end there.</summary>
    private readonly List<UInt128> _starts = [0];
    private readonly List<(int Item, int Users)> _pieces = [(0, 1)];
    private readonly Stack<int> _free = [];
    private int _next = 1;

    public OutsideSets(AddressFamily family, Levels levels)
    {
        (_family, Levels) = (family, levels);
        levels.Put(0, default, []);
    }

    public Levels Levels { get; }

    /// <summary>Ranges and their exact classes, neighbours of one class joined; what no rule names is left out.</summary>
    public IEnumerable<CidrClass> Exact() => Classes(Levels.Exact);

    /// <summary>Ranges and their groups.</summary>
    public IEnumerable<CidrClass> Groups() => Classes(Levels.Group);

    /// <summary>The set of a rule's blocks of this family.</summary>
    /// <param name="everybody">The rule names nobody: all addresses.</param>
    /// <returns>Null: the rule means none.</returns>
    public int? Use(IEnumerable<IpBlock> blocks, bool everybody)
    {
        var mine = blocks.Where(b => b.Cidr.BaseAddress.AddressFamily == _family).ToList();
        if (mine.Count == 0 && !everybody) return null;
        var key = everybody ? "" : string.Join(',', mine.Select(b => $"{b.Cidr} {string.Join(' ', b.Except.Select(e => e.ToString()).Order(StringComparer.Ordinal))}").Distinct().Order(StringComparer.Ordinal));
        if (!_byKey.TryGetValue(key, out var entry)) entry = everybody
            ? Create(key, [new AddressRange(0, AddressRange.Highest(_family))], [new AddressRange(0, AddressRange.Highest(_family))])
            : Create(key, AddressRange.Merge(mine.SelectMany(b => AddressRange.Subtract(AddressRange.Of(b.Cidr), b.Except.Select(AddressRange.Of)))),
                AddressRange.Merge(mine.Select(b => AddressRange.Of(b.Cidr))));
        entry.Users++;
        return entry.Set;
    }

    public void Release(int set)
    {
        var entry = _bySet[set];
        if (--entry.Users == 0) _unused.Add(entry);
    }

    public void Sweep()
    {
        foreach (var entry in _unused)
        {
            if (entry.Users > 0) continue;
            _byKey.Remove(entry.Key);
            _bySet.Remove(entry.Set);
            Levels.Drop(entry.Set);
            foreach (var cut in entry.Cuts) Join(cut);
        }
        _unused.Clear();
    }

    private Entry Create(string key, IReadOnlyList<AddressRange> members, IReadOnlyList<AddressRange> hull)
    {
        var cuts = new SortedSet<UInt128>();
        foreach (var range in members.Concat(hull))
        {
            cuts.Add(range.First);
            if (range.Last != AddressRange.Highest(_family)) cuts.Add(range.Last + 1);
        }
        foreach (var cut in cuts) Cut(cut);
        var entry = _byKey[key] = new Entry(Levels.NewSet(), key, [.. cuts]);
        _bySet[entry.Set] = entry;
        var inside = Pieces(members).ToHashSet();
        Levels.Fill(entry.Set, [.. inside.Select(i => (i, TagKind.Member)), .. Pieces(hull).Where(i => !inside.Contains(i)).Select(i => (i, TagKind.Hull))]);
        return entry;
    }

    private IEnumerable<int> Pieces(IReadOnlyList<AddressRange> ranges)
    {
        foreach (var range in ranges)
            for (var i = _starts.BinarySearch(range.First); i < _starts.Count && _starts[i] <= range.Last; i++) yield return _pieces[i].Item;
    }

    private void Cut(UInt128 at)
    {
        var i = _starts.BinarySearch(at);
        if (i >= 0)
        {
            _pieces[i] = _pieces[i] with { Users = _pieces[i].Users + 1 };
            return;
        }
        if (!_free.TryPop(out var item)) item = _next++;
        Levels.Put(item, default, Levels.Memberships(_pieces[~i - 1].Item));
        _starts.Insert(~i, at);
        _pieces.Insert(~i, (item, 1));
    }

    /// <summary>The piece is as its neighbour on the left once nobody ends there.</summary>
    private void Join(UInt128 at)
    {
        var i = _starts.BinarySearch(at);
        _pieces[i] = _pieces[i] with { Users = _pieces[i].Users - 1 };
        if (_pieces[i].Users > 0) return;
        Levels.Remove(_pieces[i].Item);
        _free.Push(_pieces[i].Item);
        _starts.RemoveAt(i);
        _pieces.RemoveAt(i);
    }

    private IEnumerable<CidrClass> Classes(Func<int, ClassNode> classOf)
    {
        for (int i = 0, next; i < _starts.Count; i = next)
        {
            var id = classOf(_pieces[i].Item).Id;
            for (next = i + 1; next < _starts.Count && classOf(_pieces[next].Item).Id == id;) next++;
            var last = next < _starts.Count ? _starts[next] - 1 : AddressRange.Highest(_family);
            if (id != 0) yield return new CidrClass(_family, new AddressRange(_starts[i], last), id);
        }
    }
}
