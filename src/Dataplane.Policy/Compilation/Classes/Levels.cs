using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.Classes;

/// <summary>
/// Numbers for the items of one role (subjects or peers of one direction), on three levels. A set of few classes is
/// written with exact classes. A set of many classes, such as a namespace whose pods other rules tell apart, is written
/// with groups, which only such wide sets split, or with a realm. So wide rules do not multiply with narrow ones. A
/// wide set with most of the cells of its hull is written as the hull less excepted exact classes, so that rules with
/// different exceptions do not split each other's groups. The result depends on the present sets and items only, not on
/// their history. The work of a step depends on the size of the change.
/// </summary>
internal sealed partial class Levels
{
    /// <summary>
    /// The number of families: IPv4 (or the only family) is 0, IPv6 is 1, and the node's own addresses, which belong to
    /// no realm, are 2.
    /// </summary>
    public const int Families = 3, Node = 2;

    /// <summary>The number of an address family in a <see cref="Standing"/>.</summary>
    public static readonly PerFamily<int> FamilyOf = new(0, 1);

    private readonly LevelRole _role;
    private readonly Dictionary<SetId, LevelSet> _sets = [];
    private readonly Dictionary<(Standing Standing, int[] Memberships), Cell> _cells = new(CellComparer.Instance);
    private readonly List<(Cell? Cell, int At)> _items = [];
    private readonly int[] _totals = new int[Families], _measured = new int[Families];
    private readonly SignatureCounts _all = new();
    private readonly SignatureClasses _exact, _groups;

    /// <summary>
    /// By item, the tags of new sets that its cell does not have yet: so the tags of many new sets are applied at once.
    /// </summary>
    private readonly Dictionary<int, List<int>> _pending = [];
    private readonly HashSet<Cell> _unclassified = [], _vacated = [];
    private readonly HashSet<LevelSet> _counted = [], _undecided = [], _renamed = [];
    private int _nextSet = Tag.FirstSet;

    public Levels(LevelRole role, Numbering<ClassNumber> numbers)
    {
        _role = role;
        _exact = new SignatureClasses(ClassLevel.Exact, role.Universe, numbers, role.Empty);
        _groups = new SignatureClasses(ClassLevel.Group, role.Universe, numbers, ClassNumber.None);
    }

    /// <summary>Items that were added, removed or may have got other classes. The caller clears it.</summary>
    public HashSet<int> Touched { get; } = [];

    /// <summary>Sets whose realms have changed. The caller clears it.</summary>
    public HashSet<SetId> OtherRealms { get; } = [];

    /// <summary>Classes that were added, removed or got another signature. The caller clears it.</summary>
    public HashSet<ClassNode> ChangedExact => _exact.Changed;
    public HashSet<ClassNode> ChangedGroups => _groups.Changed;

    public ClassNode Exact(int item) => _items[item].Cell!.Exact;

    public ClassNode Group(int item) => _items[item].Cell!.Group;

    /// <summary>The exact classes and the groups that a set is written with.</summary>
    public IEnumerable<ClassNode> Cover(SetId set) => _sets[set].Base is { } wide
        ? _groups.With(Tag.Of(wide.Id, TagKind.Group))
        : _exact.With(Tag.Of(set, TagKind.Member));

    /// <summary>
    /// The excepted exact classes of a set: they lie in the groups or realms that it is written with, and not in the
    /// set.
    /// </summary>
    public IEnumerable<ClassNode> Excepted(SetId set) => _exact.With(Tag.Of(set, TagKind.Except));

    /// <summary>The excepted exact classes that lie in a group.</summary>
    public IEnumerable<ClassNode> ExceptedIn(ClassNode group) => _exact.With(Tag.Within(group));

    /// <summary>Whether a wide set is written with the group.</summary>
    public bool IsWrittenWith(SetId set, ClassNode group) =>
        _sets[set].Base is { } wide && group.Has(wide.Id, TagKind.Group);

    /// <summary>The sets that the signature of a class names, each once.</summary>
    public IEnumerable<SetId> SetsOf(ClassNode node) => node.Level == ClassLevel.Group
        ? node.Signature.SelectMany(tag => _sets.TryGetValue(Tag.Set(tag), out var wide)
            ? wide.BaseOf.Select(s => s.Id) : [])
        : node.Signature.Where(Tag.IsOfSet).Select(Tag.Set);

    /// <summary>The families, as bits, whose realm the set is written with.</summary>
    public int Realms(SetId set) => _sets[set].Realms;

    /// <summary>Adds a set with these items.</summary>
    /// <param name="hull">The hull of the set; null: none.</param>
    public SetId NewSet(SetId? hull, IEnumerable<int> items)
    {
        var id = new SetId(_nextSet++);
        var set = _sets[id] = new LevelSet(id, hull is { } outer ? _sets[outer] : null);
        set.Hull?.HullOf.Add(set);
        _counted.Add(set);
        foreach (var item in items)
        {
            if (!_pending.TryGetValue(item, out var tags)) _pending[item] = tags = [];
            tags.Add(Tag.Of(set.Id, TagKind.Member));
        }
        return id;
    }

    /// <summary>Sets whether rules name the set.</summary>
    public void Name(SetId set, bool isNamed)
    {
        _sets[set].IsNamed = isNamed;
        _renamed.Add(_sets[set]);
    }

    /// <summary>
    /// Removes sets that no rule uses. A set that is the hull of others may be removed if those are removed in the
    /// same call.
    /// </summary>
    public void Drop(IReadOnlyCollection<SetId> sets)
    {
        if (sets.Count == 0) return;
        Flush();
        var dropped = sets.Select(id => _sets[id]).ToHashSet();
        foreach (var set in dropped)
        {
            _sets.Remove(set.Id);
            _counted.Remove(set);
            _undecided.Remove(set);
            _renamed.Remove(set);
            set.Hull?.HullOf.Remove(set);
            Rebase(set, null);
        }
        foreach (var cell in dropped.SelectMany(s => s.Cells).Where(c => c.Items.Count > 0).ToHashSet())
        {
            int[] left = [.. cell.Memberships.Where(t => _sets.ContainsKey(Tag.Set(t)))];
            if (TryRename(cell, left)) continue;
            var goal = CellOf(cell.Standing, left, cell);
            while (cell.Items.Count > 0) Enter(cell.Items[^1], goal);
        }
    }

    /// <summary>Adds or updates an item.</summary>
    /// <param name="memberships">Sorted tags of kind Member.</param>
    public void Put(int item, Standing standing, int[] memberships)
    {
        _pending.Remove(item);
        // Grow by an eighth instead of doubling: there are eight of these large lists, and they rarely grow.
        if (item >= _items.Capacity) _items.Capacity = item + Math.Max(64, item / 8);
        while (_items.Count <= item) _items.Add((null, 0));
        var old = _items[item].Cell;
        if (old is not null && old.Standing == standing && old.Memberships.AsSpan().SequenceEqual(memberships)) return;
        if (old is not null) Count(old, -1);
        var goal = CellOf(standing, memberships, old);
        Count(goal, 1);
        Enter(item, goal);
    }

    /// <summary>Changes the standing of an item.</summary>
    public void Isolate(int item, bool isIsolated) =>
        Put(item, _items[item].Cell!.Standing with { IsIsolated = isIsolated }, Memberships(item));

    public bool Contains(int item) => item < _items.Count && _items[item].Cell is not null;

    /// <summary>The item's sorted tags of kind Member.</summary>
    public int[] Memberships(int item)
    {
        var known = _items[item].Cell!.Memberships;
        return _pending.TryGetValue(item, out var fresh) ? Merge(known, fresh) : known;
    }

    public void Remove(int item)
    {
        _pending.Remove(item);
        Count(_items[item].Cell!, -1);
        Leave(item);
        _items[item] = (null, 0);
        Touched.Add(item);
    }

    /// <summary>Moves items to the cells of their new tags.</summary>
    private void Flush()
    {
        var moves = new Dictionary<Cell, Dictionary<int[], List<int>>>();
        foreach (var (item, fresh) in _pending)
        {
            var cell = _items[item].Cell!;
            if (!moves.TryGetValue(cell, out var byTags)) moves[cell] = byTags = new(SignatureComparer.Instance);
            int[] tags = [.. fresh];
            if (!byTags.TryGetValue(tags, out var items)) byTags[tags] = items = [];
            items.Add(item);
            foreach (var tag in fresh) _sets[Tag.Set(tag)].Count(cell.Standing.Family, 1);
        }
        // Renames come first: an item moved earlier could create a cell with the memberships that a rename needs.
        foreach (var (cell, byTags) in moves)
        {
            var (fresh, items) = byTags.First();
            if (items.Count < cell.Items.Count || !TryRename(cell, Merge(cell.Memberships, fresh))) continue;
            foreach (var tag in fresh) Lead(tag, cell);
            moves.Remove(cell);
        }
        foreach (var (cell, byTags) in moves)
        {
            foreach (var (fresh, items) in byTags)
            {
                var goal = CellOf(cell.Standing, Merge(cell.Memberships, fresh), cell);
                foreach (var item in items) Enter(item, goal);
            }
        }
        _pending.Empty();
    }

    /// <summary>
    /// Gives a cell other memberships in place when all its items move: it keeps its items and classes. False: another
    /// cell already has these memberships, so the items must be moved there.
    /// </summary>
    private bool TryRename(Cell cell, int[] memberships)
    {
        if (!_cells.TryAdd((cell.Standing, memberships), cell)) return false;
        _cells.Remove((cell.Standing, cell.Memberships));
        cell.Memberships = memberships;
        _unclassified.Add(cell);
        return true;
    }

    private static int[] Merge(int[] known, IReadOnlyCollection<int> fresh)
    {
        int[] merged = [.. known, .. fresh];
        Array.Sort(merged);
        return merged;
    }

    private void Count(Cell cell, int by)
    {
        _totals[cell.Standing.Family] += by;
        foreach (var tag in cell.Memberships)
        {
            var set = _sets[Tag.Set(tag)];
            set.Count(cell.Standing.Family, by);
            _counted.Add(set);
        }
    }

    private Cell CellOf(Standing standing, int[] memberships, Cell? from)
    {
        if (_cells.TryGetValue((standing, memberships), out var cell)) return cell;
        _cells[(standing, memberships)] = cell = new Cell(standing, memberships, from);
        foreach (var tag in memberships) Lead(tag, cell);
        _unclassified.Add(cell);
        return cell;
    }

    /// <summary>Adds the cell to the set of a tag.</summary>
    private void Lead(int tag, Cell cell)
    {
        var set = _sets[Tag.Set(tag)];
        set.Cells.Add(cell);
        _undecided.Add(set);
    }

    private void Enter(int item, Cell goal)
    {
        if (_items[item].Cell is not null) Leave(item);
        _items[item] = (goal, goal.Items.Count);
        goal.Items.Add(item);
        Touched.Add(item);
    }

    private void Leave(int item)
    {
        var (cell, at) = _items[item];
        var last = cell!.Items[^1];
        cell.Items[at] = last;
        _items[last] = (cell, at);
        cell.Items.RemoveAt(cell.Items.Count - 1);
        if (cell.Items.Count == 0) _vacated.Add(cell);
    }
}
