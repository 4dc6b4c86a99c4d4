using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation.Classes;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.Sets;

/// <summary>
/// The sets of addresses outside the pod network, of one family and role. The address line is cut at every boundary of
/// a set in use. The pieces are items, as pod addresses are. A block nested in d others costs d + 1 memberships.
/// </summary>
internal sealed class OutsideSets
{
    private sealed class Entry(SetId id, string key, IReadOnlyList<UInt128> cuts, UsedSet? hull)
        : UsedSet(id, key, hull)
    {
        public IReadOnlyList<UInt128> Cuts => cuts;
    }

    private readonly AddressFamily _family;
    private readonly UsedSets<Entry> _used;

    /// <summary>
    /// The pieces by their first addresses: the item number, and the number of sets that begin or end there.
    /// </summary>
    private readonly List<UInt128> _starts = [0];
    private readonly List<(int Item, int Users)> _pieces = [(0, 1)];
    private readonly Stack<int> _free = [];
    private int _next = 1;

    public OutsideSets(AddressFamily family, Levels levels)
    {
        (_family, Levels, _used) = (family, levels, new UsedSets<Entry>(levels));
        levels.Put(0, default, []);
    }

    public Levels Levels { get; }

    /// <summary>
    /// Ranges and their exact classes. Neighbours of one class are joined; ranges that no rule names are left out.
    /// </summary>
    public IEnumerable<CidrClass> Exact() => Classes(Levels.Exact);

    /// <summary>Ranges and their groups.</summary>
    public IEnumerable<CidrClass> Groups() => Classes(Levels.Group);

    /// <summary>The set of a rule's blocks of this family.</summary>
    /// <param name="everybody">Whether the rule names no peers, which means all addresses.</param>
    /// <returns>The set; null: the rule means no address of this family.</returns>
    public SetId? Use(IEnumerable<IpBlock> blocks, bool everybody)
    {
        var mine = blocks.Where(b => b.Cidr.BaseAddress.AddressFamily == _family).ToList();
        if (mine.Count == 0 && !everybody) return null;
        return _used.Use(everybody
            ? Find("", [new AddressRange(0, AddressRange.Highest(_family))], null) : Find(mine, hull: true));
    }

    /// <summary>Ends one use. The next <see cref="Sweep"/> removes the set, unless it is used again before.</summary>
    public void Release(SetId set) => _used.Release(set);

    public void Sweep()
    {
        foreach (var cut in _used.Sweep().SelectMany(e => e.Cuts)) Join(cut);
    }

    private Entry Find(List<IpBlock> blocks, bool hull)
    {
        var key = string.Join(',', blocks.Select(b =>
            $"{b.Cidr} {string.Join(' ', b.Except.Select(e => e.ToString()).Order(StringComparer.Ordinal))}").Distinct()
            .Order(StringComparer.Ordinal));
        if (_used.Find(key) is { } known) return known;
        var outer = hull && blocks.Exists(b => b.Except.Count > 0)
            ? Find([.. blocks.Select(b => b with { Except = [] })], hull: false) : null;
        return Find(key, AddressRange.Merge(blocks.SelectMany(b =>
            AddressRange.Subtract(AddressRange.Of(b.Cidr), b.Except.Select(AddressRange.Of)))), outer);
    }

    private Entry Find(string key, IReadOnlyList<AddressRange> ranges, Entry? hull)
    {
        if (_used.Find(key) is { } known) return known;
        var cuts = new SortedSet<UInt128>();
        foreach (var range in ranges)
        {
            cuts.Add(range.First);
            if (range.Last != AddressRange.Highest(_family)) cuts.Add(range.Last + 1);
        }
        foreach (var cut in cuts) Cut(cut);
        return _used.Add(new Entry(Levels.NewSet(hull?.Id, Pieces(ranges)), key, [.. cuts], hull));
    }

    private IEnumerable<int> Pieces(IReadOnlyList<AddressRange> ranges)
    {
        foreach (var range in ranges)
        {
            for (var i = _starts.BinarySearch(range.First); i < _starts.Count && _starts[i] <= range.Last; i++)
                yield return _pieces[i].Item;
        }
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

    /// <summary>Ends one use of a boundary. The last use joins the pieces on both sides of it.</summary>
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
            if (!id.IsNone) yield return new CidrClass(_family, new AddressRange(_starts[i], last), id);
        }
    }
}
