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
    private readonly SignatureClasses _all, _exact, _groups;

    private readonly HashSet<Cell> _unclassified = [], _vacated = [];
    private readonly HashSet<LevelSet> _counted = [];
    private int _nextSet = Tag.FirstSet;

    public Levels(LevelRole role, ClassNumbers numbers)
    {
        _role = role;
        _all = new SignatureClasses(0, ClassLevel.Exact, role.Universe, null, 0);
        _exact = new SignatureClasses(1, ClassLevel.Exact, role.Universe, numbers, role.Empty);
        _groups = new SignatureClasses(2, ClassLevel.Group, role.Universe, numbers, 0);
    }

    /// <summary>Items that came, went or may have other classes, until somebody clears it.</summary>
    public HashSet<int> Touched { get; } = [];

    /// <summary>Sets that are written with other realms now, until somebody clears it.</summary>
    public HashSet<int> OtherRealms { get; } = [];

    /// <summary>Classes that came, went or have another signature, until somebody clears them.</summary>
    public HashSet<ClassNode> ChangedExact => _exact.Changed;
    public HashSet<ClassNode> ChangedGroups => _groups.Changed;

    public IReadOnlyCollection<ClassNode> ExactClasses => _exact.All;

    public ClassNode Exact(int item) => _items[item].Cell!.Classes[1]!;

    public ClassNode Group(int item) => _items[item].Cell!.Classes[2]!;

    /// <summary>The exact classes and the groups that a set is written with.</summary>
    public IEnumerable<ClassNode> Cover(int set) => _exact.With(set, TagKind.Member).Concat(_groups.With(set, TagKind.Group));

    /// <summary>The exact classes that lie in the set's groups or realms and are not meant.</summary>
    public IEnumerable<ClassNode> Excepted(int set) => _exact.With(set, TagKind.Except);

    /// <summary>The families, as bits, whose realm the set is written with.</summary>
    public int Realms(int set) => _sets[set].Realms;

    /// <summary>A set without items; its number is its own for good.</summary>
    public int NewSet()
    {
        _sets[_nextSet] = new LevelSet(_nextSet);
        return _nextSet++;
    }

    /// <summary>Adds items to a new set.</summary>
    public void Fill(int set, IEnumerable<(int Item, TagKind Kind)> items)
    {
        var (target, goals) = (_sets[set], new Dictionary<(Cell, TagKind), Cell>());
        foreach (var (item, kind) in items)
        {
            var cell = _items[item].Cell!;
            if (!goals.TryGetValue((cell, kind), out var goal))
            {
                int[] memberships = [.. cell.Memberships, Tag.Of(set, kind)];
                Array.Sort(memberships);
                goals[(cell, kind)] = goal = CellOf(cell.Standing, memberships, cell);
            }
            target.Count(cell.Standing.Family, kind, 1);
            Enter(item, goal);
        }
        _counted.Add(target);
    }

    public void Drop(int set)
    {
        _sets.Remove(set, out var dropped);
        _counted.Remove(dropped!);
        foreach (var cell in dropped!.Cells.Where(c => c.Items.Count > 0).ToList())
        {
            var goal = CellOf(cell.Standing, [.. cell.Memberships.Where(t => Tag.Set(t) != set)], cell);
            while (cell.Items.Count > 0) Enter(cell.Items[^1], goal);
        }
    }

    /// <summary>Says what an item is; new or not.</summary>
    /// <param name="memberships">Sorted tags of kind Member and Hull.</param>
    public void Put(int item, Standing standing, int[] memberships)
    {
        while (_items.Count <= item) _items.Add((null, 0));
        var old = _items[item].Cell;
        if (old is not null && old.Standing == standing && old.Memberships.AsSpan().SequenceEqual(memberships)) return;
        if (old is not null) Count(old, -1);
        var goal = CellOf(standing, memberships, old);
        Count(goal, 1);
        Enter(item, goal);
    }

    /// <summary>The same with another standing.</summary>
    public void Isolate(int item, bool isIsolated)
    {
        var cell = _items[item].Cell!;
        Put(item, cell.Standing with { IsIsolated = isIsolated }, cell.Memberships);
    }

    public bool Contains(int item) => item < _items.Count && _items[item].Cell is not null;

    /// <summary>The item's sorted tags of kind Member and Hull.</summary>
    public int[] Memberships(int item) => _items[item].Cell!.Memberships;

    public void Remove(int item)
    {
        Count(_items[item].Cell!, -1);
        Leave(item);
        _items[item] = (null, 0);
        Touched.Add(item);
    }

    /// <summary>Brings the classes to what the items and sets are now.</summary>
    public void Commit()
    {
        var moves = new List<(Cell Cell, int[]? Signature)>();
        foreach (var cell in _vacated)
        {
            if (cell.Items.Count > 0 || !_cells.Remove((cell.Standing, cell.Memberships))) continue;
            foreach (var tag in cell.Memberships)
                if (_sets.TryGetValue(Tag.Set(tag), out var set)) set.Cells.Remove(cell);
            _unclassified.Remove(cell);
            moves.Add((cell, null));
        }
        _vacated.Clear();
        var gone = moves.Count;

        var decided = new HashSet<LevelSet>(_counted);
        IEnumerable<LevelSet> measured = _totals.AsSpan().SequenceEqual(_measured) ? _counted : _sets.Values;
        foreach (var set in measured)
            if (_role.HasRealms && set.Measure(_totals))
            {
                decided.Add(set);
                _unclassified.UnionWith(set.Cells);
            }
        _totals.CopyTo(_measured, 0);
        _counted.Clear();

        foreach (var cell in _unclassified) moves.Add((cell, InAll(cell)));
        _all.Move(moves);
        foreach (var tag in _all.ChangedTags)
            if (_sets.TryGetValue(Tag.Set(tag), out var set)) decided.Add(set);
        _all.ChangedTags.Clear();
        _all.Changed.Clear();
        foreach (var set in decided)
        {
            if (!_sets.ContainsKey(set.Id)) continue;
            if (Decide(set)) _unclassified.UnionWith(set.Cells);
            if (set.Realms == set.WrittenRealms) continue;
            set.Realms = set.WrittenRealms;
            OtherRealms.Add(set.Id);
        }

        var before = _unclassified.ToDictionary(c => c, c => (c.Classes[1]?.Id, c.Classes[2]?.Id));
        moves.RemoveRange(gone, moves.Count - gone);
        foreach (var cell in _unclassified) moves.Add((cell, InGroups(cell)));
        _groups.Move(moves);
        moves.RemoveRange(gone, moves.Count - gone);
        foreach (var cell in _unclassified) moves.Add((cell, InExact(cell)));
        _exact.Move(moves);
        _groups.ChangedTags.Clear();
        _exact.ChangedTags.Clear();
        foreach (var (cell, (exact, group)) in before)
            if (cell.Classes[1]!.Id != exact || cell.Classes[2]!.Id != group) Touched.UnionWith(cell.Items);
        _unclassified.Clear();
    }

    /// <returns>Whether it is written in another way now.</returns>
    private bool Decide(LevelSet set)
    {
        var (classes, exceptions) = (_all.With(set.Id, TagKind.Member).Count, _all.With(set.Id, TagKind.Hull).Count);
        var isWide = classes > _role.NarrowLimit;
        var usesHull = isWide && exceptions < classes;
        if ((isWide, usesHull) == (set.IsWide, set.UsesHull)) return false;
        (set.IsWide, set.UsesHull) = (isWide, usesHull);
        return true;
    }

    private int[] InAll(Cell cell) => [.. cell.Memberships.Where(t => Tag.Kind(t) != TagKind.Member || !Has(_sets[Tag.Set(t)].MemberRealms, cell))];

    private int[] InGroups(Cell cell)
    {
        var signature = new List<int>();
        foreach (var tag in cell.Memberships)
            if (_sets[Tag.Set(tag)] is { IsWide: true } set && (Tag.Kind(tag) == TagKind.Member || set.UsesHull) && !Has(set.WrittenRealms, cell))
                signature.Add(Tag.Of(set.Id, TagKind.Group));
        return [.. signature];
    }

    private int[] InExact(Cell cell)
    {
        var signature = new List<int>();
        var isExcepted = false;
        foreach (var tag in cell.Memberships)
        {
            var set = _sets[Tag.Set(tag)];
            if (Tag.Kind(tag) == TagKind.Member)
            {
                if (!set.IsWide && !Has(set.MemberRealms, cell)) signature.Add(tag);
            }
            else if (set.IsWide && set.UsesHull)
            {
                signature.Add(Tag.Of(set.Id, TagKind.Except));
                isExcepted = true;
            }
        }
        // What one rule excepts another may mean: an excepted class lies in a wide set as a whole or not at all.
        if (isExcepted)
            foreach (var tag in cell.Memberships)
                if (_sets[Tag.Set(tag)] is { IsWide: true } set && (Tag.Kind(tag) == TagKind.Member || set.UsesHull)) signature.Add(Tag.Of(set.Id, TagKind.Group));
        if (isExcepted || (_role.SplitsFamilies && signature.Count > 0)) signature.Add(Tag.Family(cell.Standing.Family));
        if (cell.Standing.IsIsolated && (_role.Isolation ?? signature.Count > 0)) signature.Add(Tag.Isolated);
        signature.Sort();
        return [.. signature];
    }

    private static bool Has(int realms, Cell cell) => (realms >> cell.Standing.Family & 1) != 0;

    private void Count(Cell cell, int by)
    {
        _totals[cell.Standing.Family] += by;
        foreach (var tag in cell.Memberships)
        {
            var set = _sets[Tag.Set(tag)];
            set.Count(cell.Standing.Family, Tag.Kind(tag), by);
            _counted.Add(set);
        }
    }

    private Cell CellOf(Standing standing, int[] memberships, Cell? from)
    {
        if (_cells.TryGetValue((standing, memberships), out var cell)) return cell;
        _cells[(standing, memberships)] = cell = new Cell(standing, memberships, from);
        foreach (var tag in memberships) _sets[Tag.Set(tag)].Cells.Add(cell);
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
