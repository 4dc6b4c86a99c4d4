namespace Dataplane.Policy.Compilation;

/// <summary>What a <see cref="Levels"/> numbers.</summary>
/// <param name="Universe">Its place among those of its direction.</param>
/// <param name="NarrowLimit">A set of more classes than this is written with groups.</param>
/// <param name="Empty">The exact number of what no set names.</param>
/// <param name="Isolation">Isolated items are of other exact classes: always, or (null) where some set names them, or never.</param>
/// <param name="SplitsFamilies">No exact class has items of two families.</param>
/// <param name="HasRealms">What contains all items of a family is written as its realm.</param>
internal sealed record LevelRole(int Universe, int NarrowLimit, uint Empty, bool? Isolation, bool SplitsFamilies, bool HasRealms)
{
    /// <summary>More than this are many.</summary>
    public const int DefaultLimit = 8;

    public static LevelRole Subjects(int narrowLimit) => new(0, narrowLimit, Realm.FirstClass, true, false, false);
    public static LevelRole Peers(int universe, int narrowLimit) => new(universe, narrowLimit, 0, false, false, true);
    public static readonly LevelRole TierSubjects = new(0, int.MaxValue, 0, null, false, false);
    public static LevelRole TierPeers(int universe) => new(universe, int.MaxValue, 0, false, true, true);
}

/// <summary>
/// Numbers for the items of one role (subjects or peers of one direction), on three levels. A set that spans few classes is
/// written with exact classes; one that spans many - a whole namespace whose pods other rules tell apart - with groups, which
/// only such wide sets split, or with a realm. So wide rules do not multiply with narrow ones. A wide set that is nearly all of
/// its hull is written as the hull and exact classes to except: so rules that each leave out something else do not split
/// each other. All of it follows from the sets and items there are, not from the way there; the work follows the change.
/// </summary>
internal sealed class Levels
{
    /// <summary>IPv4 (or the only one), IPv6, and the node's own addresses, which are of no realm.</summary>
    public const int Families = 3, Node = 2;

    private readonly LevelRole _role;
    private readonly Dictionary<int, LevelSet> _sets = [];
    private readonly Dictionary<(Standing Standing, int[] Memberships), Cell> _cells = new(CellComparer.Instance);
    private readonly List<(Cell? Cell, int At)> _items = [];
    private readonly int[] _totals = new int[Families], _measured = new int[Families];
    private readonly SignatureCounts _all = new();
    private readonly SignatureClasses _exact, _groups;

    /// <summary>Tags that items have got and their cells do not know yet: of many new sets at once.</summary>
    private readonly Dictionary<int, List<int>> _pending = [];
    private readonly HashSet<Cell> _unclassified = [], _vacated = [];
    private readonly HashSet<LevelSet> _counted = [], _undecided = [], _renamed = [];
    private int _nextSet = Tag.FirstSet;

    public Levels(LevelRole role, ClassNumbers numbers)
    {
        _role = role;
        _exact = new SignatureClasses(ClassLevel.Exact, role.Universe, numbers, role.Empty);
        _groups = new SignatureClasses(ClassLevel.Group, role.Universe, numbers, 0);
    }

    /// <summary>Items that came, went or may have other classes, until somebody clears it.</summary>
    public HashSet<int> Touched { get; } = [];

    /// <summary>Sets that are written with other realms now, until somebody clears it.</summary>
    public HashSet<int> OtherRealms { get; } = [];

    /// <summary>Classes that came, went or have another signature, until somebody clears them.</summary>
    public HashSet<ClassNode> ChangedExact => _exact.Changed;
    public HashSet<ClassNode> ChangedGroups => _groups.Changed;

    public ClassNode Exact(int item) => _items[item].Cell!.Exact;

    public ClassNode Group(int item) => _items[item].Cell!.Group;

    /// <summary>The exact classes and the groups that a set is written with.</summary>
    public IEnumerable<ClassNode> Cover(int set) => _sets[set].Base is { } wide
        ? _groups.With(Tag.Of(wide.Id, TagKind.Group))
        : _exact.With(Tag.Of(set, TagKind.Member));

    /// <summary>The exact classes that lie in the set's groups or realms and are not meant.</summary>
    public IEnumerable<ClassNode> Excepted(int set) => _exact.With(Tag.Of(set, TagKind.Except));

    /// <summary>The excepted exact classes that lie in a group.</summary>
    public IEnumerable<ClassNode> ExceptedIn(ClassNode group) => _exact.With(Tag.Within(group));

    /// <summary>Whether a wide set is written with the group.</summary>
    public bool IsWrittenWith(int set, ClassNode group) => _sets[set].Base is { } wide && group.Has(wide.Id, TagKind.Group);

    /// <summary>The sets that a class has to do with, each once, other than by what it lies within.</summary>
    public IEnumerable<int> SetsOf(ClassNode node) => node.Level == ClassLevel.Group
        ? node.Signature.SelectMany(tag => _sets.TryGetValue(Tag.Set(tag), out var wide) ? wide.BaseOf.Select(s => s.Id) : [])
        : node.Signature.Where(tag => Tag.Set(tag) >= Tag.FirstSet).Select(Tag.Set);

    /// <summary>The families, as bits, whose realm the set is written with.</summary>
    public int Realms(int set) => _sets[set].Realms;

    /// <summary>A set with these items; its number is its own for good.</summary>
    /// <param name="hull">Null: it has none but itself.</param>
    public int NewSet(int? hull, IEnumerable<int> items)
    {
        var set = _sets[_nextSet] = new LevelSet(_nextSet, hull is { } id ? _sets[id] : null);
        set.Hull?.HullOf.Add(set);
        _counted.Add(set);
        foreach (var item in items)
        {
            if (!_pending.TryGetValue(item, out var tags)) _pending[item] = tags = [];
            tags.Add(Tag.Of(set.Id, TagKind.Member));
        }
        return _nextSet++;
    }

    /// <summary>Rules name the set from now on, or no longer.</summary>
    public void Name(int set, bool isNamed)
    {
        _sets[set].IsNamed = isNamed;
        _renamed.Add(_sets[set]);
    }

    /// <summary>Sets that nobody names, and that are the hull of none but each other.</summary>
    public void Drop(IReadOnlyCollection<int> sets)
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
            var goal = CellOf(cell.Standing, [.. cell.Memberships.Where(t => _sets.ContainsKey(Tag.Set(t)))], cell);
            while (cell.Items.Count > 0) Enter(cell.Items[^1], goal);
        }
    }

    /// <summary>Says what an item is; new or not.</summary>
    /// <param name="memberships">Sorted tags of kind Member.</param>
    public void Put(int item, Standing standing, int[] memberships)
    {
        _pending.Remove(item);
        while (_items.Count <= item) _items.Add((null, 0));
        var old = _items[item].Cell;
        if (old is not null && old.Standing == standing && old.Memberships.AsSpan().SequenceEqual(memberships)) return;
        if (old is not null) Count(old, -1);
        var goal = CellOf(standing, memberships, old);
        Count(goal, 1);
        Enter(item, goal);
    }

    /// <summary>The same with another standing.</summary>
    public void Isolate(int item, bool isIsolated) => Put(item, _items[item].Cell!.Standing with { IsIsolated = isIsolated }, Memberships(item));

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

    /// <summary>Brings the classes to what the items and sets are now.</summary>
    public void Commit()
    {
        Flush();
        var moves = new List<(Cell Cell, int[]? Signature)>();
        foreach (var cell in _vacated)
        {
            if (cell.Items.Count > 0 || !_cells.Remove((cell.Standing, cell.Memberships))) continue;
            foreach (var tag in cell.Memberships)
            {
                if (!_sets.TryGetValue(Tag.Set(tag), out var set)) continue;
                set.Cells.Remove(cell);
                _undecided.Add(set);
            }
            _unclassified.Remove(cell);
            if (cell.Counted is { } counted) _all.Leave(counted);
            moves.Add((cell, null));
        }
        _vacated.Clear();
        foreach (var set in _renamed) _unclassified.UnionWith(set.Cells);
        _undecided.UnionWith(_renamed);
        _renamed.Clear();
        Measure();
        foreach (var cell in _unclassified)
        {
            if (cell.Counted is { } counted) _all.Leave(counted);
            _all.Enter(cell.Counted = InAll(cell));
        }
        Decide();

        var (gone, before) = (moves.Count, _unclassified.ToDictionary(c => c, c => (c.Classes[0]?.Id, c.Classes[1]?.Id)));
        foreach (var cell in _unclassified) moves.Add((cell, InGroups(cell)));
        _groups.Move(moves);
        moves.RemoveRange(gone, moves.Count - gone);
        foreach (var cell in _unclassified) moves.Add((cell, InExact(cell)));
        _exact.Move(moves);
        foreach (var (cell, (exact, group)) in before)
        {
            cell.Exact.Within = cell.Exact.Signature is [< 0, ..] ? cell.Group : null;
            if (cell.Exact.Id != exact || cell.Group.Id != group) Touched.UnionWith(cell.Items);
        }
        _unclassified.Clear();
    }

    /// <summary>Cells learn what their items have become.</summary>
    private void Flush()
    {
        var goals = new Dictionary<Cell, Dictionary<int[], Cell>>();
        foreach (var (item, fresh) in _pending)
        {
            var cell = _items[item].Cell!;
            if (!goals.TryGetValue(cell, out var byTags)) goals[cell] = byTags = new(SignatureComparer.Instance);
            int[] tags = [.. fresh];
            if (!byTags.TryGetValue(tags, out var goal)) byTags[tags] = goal = CellOf(cell.Standing, Merge(cell.Memberships, fresh), cell);
            foreach (var tag in fresh) _sets[Tag.Set(tag)].Count(cell.Standing.Family, 1);
            Enter(item, goal);
        }
        _pending.Clear();
    }

    private void Measure()
    {
        IEnumerable<LevelSet> measured = !_role.HasRealms ? [] : _totals.AsSpan().SequenceEqual(_measured) ? _counted : _sets.Values;
        foreach (var set in measured)
        {
            if (!set.Measure(_totals)) continue;
            _undecided.Add(set);
            _undecided.UnionWith(set.BaseOf);
            _unclassified.UnionWith(set.Cells);
        }
        _totals.CopyTo(_measured, 0);
        _counted.Clear();
    }

    private void Decide()
    {
        foreach (var id in _all.ChangedSets)
            if (_sets.TryGetValue(id, out var set)) _undecided.Add(set);
        _all.ChangedSets.Clear();
        foreach (var set in _undecided.Concat(_undecided.SelectMany(s => s.HullOf)).ToHashSet())
        {
            Rebase(set, BaseFor(set));
            if (set.Realms == set.WrittenRealms) continue;
            set.Realms = set.WrittenRealms;
            OtherRealms.Add(set.Id);
        }
        _undecided.Clear();
    }

    /// <summary>Wide are sets of many classes. One that is most of its hull, as cells are counted, is written as its hull.</summary>
    private LevelSet? BaseFor(LevelSet set)
    {
        if (!set.IsNamed || _all.With(set.Id, TagKind.Member) <= _role.NarrowLimit) return null;
        return set.Hull is { } hull && hull.Cells.Count - set.Cells.Count < set.Cells.Count ? hull : set;
    }

    private void Rebase(LevelSet set, LevelSet? wide)
    {
        if (set.Base == wide) return;
        foreach (var some in new[] { set, set.Base, wide })
            if (some is not null && _sets.ContainsKey(some.Id)) _unclassified.UnionWith(some.Cells);
        set.Base?.BaseOf.Remove(set);
        set.Base = wide;
        wide?.BaseOf.Add(set);
    }

    private int[] InAll(Cell cell) => [.. cell.Memberships.Where(t => _sets[Tag.Set(t)] is { IsNamed: true } set && !Has(set.MemberRealms, cell))];

    private int[] InGroups(Cell cell)
    {
        var signature = new List<int>();
        foreach (var tag in cell.Memberships)
            if (_sets[Tag.Set(tag)] is { BaseOf.Count: > 0 } wide && !Has(wide.MemberRealms, cell)) signature.Add(Tag.Of(wide.Id, TagKind.Group));
        return [.. signature];
    }

    private int[] InExact(Cell cell)
    {
        var signature = new List<int>();
        var isExcepted = false;
        foreach (var tag in cell.Memberships)
        {
            var set = _sets[Tag.Set(tag)];
            if (set is { IsNamed: true, Base: null } && !Has(set.MemberRealms, cell)) signature.Add(tag);
            foreach (var wide in set.BaseOf)
            {
                if (cell.IsIn(wide.Id)) continue;
                signature.Add(Tag.Of(wide.Id, TagKind.Except));
                isExcepted = true;
            }
        }
        // What one rule excepts another may mean: an excepted class lies in a wide set as a whole or not at all.
        if (isExcepted && cell.Group != _groups.Empty) signature.Add(Tag.Within(cell.Group));
        if (isExcepted || (_role.SplitsFamilies && signature.Count > 0)) signature.Add(Tag.Family(cell.Standing.Family));
        if (cell.Standing.IsIsolated && (_role.Isolation ?? signature.Count > 0)) signature.Add(Tag.Isolated);
        signature.Sort();
        return [.. signature];
    }

    private static bool Has(int realms, Cell cell) => (realms >> cell.Standing.Family & 1) != 0;

    private static int[] Merge(int[] known, List<int> fresh)
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
        foreach (var tag in memberships)
        {
            var set = _sets[Tag.Set(tag)];
            set.Cells.Add(cell);
            _undecided.Add(set);
        }
        _unclassified.Add(cell);
        return cell;
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
