namespace Dataplane.Policy.Compilation.Classes;

/// <content>Decides how sets are written, and updates the classes that follow from it.</content>
internal sealed partial class Levels
{
    /// <summary>Updates the classes to the present items and sets.</summary>
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
            _all.Change(cell.Counted, null);
            moves.Add((cell, null));
        }
        _vacated.Empty();
        foreach (var set in _renamed) _unclassified.UnionWith(set.Cells);
        _undecided.UnionWith(_renamed);
        _renamed.Empty();
        Measure();
        foreach (var cell in _unclassified)
        {
            var counted = InAll(cell);
            _all.Change(cell.Counted, counted);
            cell.Counted = counted;
        }
        Decide();

        var (gone, before) = (moves.Count,
            _unclassified.ToDictionary(c => c, c => (c.Classes[0]?.Id, c.Classes[1]?.Id)));
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
        _unclassified.Empty();
    }

    private void Measure()
    {
        IEnumerable<LevelSet> measured = !_role.HasRealms
            ? [] : _totals.AsSpan().SequenceEqual(_measured) ? _counted : _sets.Values;
        foreach (var set in measured)
        {
            if (!set.Measure(_totals)) continue;
            _undecided.Add(set);
            _undecided.UnionWith(set.BaseOf);
            _unclassified.UnionWith(set.Cells);
        }
        _totals.CopyTo(_measured, 0);
        _counted.Empty();
    }

    private void Decide()
    {
        foreach (var id in _all.ChangedSets)
            if (_sets.TryGetValue(id, out var set)) _undecided.Add(set);
        _all.ChangedSets.Empty();
        foreach (var set in _undecided.Concat(_undecided.SelectMany(s => s.HullOf)).ToHashSet())
        {
            Rebase(set, BaseFor(set));
            if (set.Realms == set.WrittenRealms) continue;
            set.Realms = set.WrittenRealms;
            OtherRealms.Add(set.Id);
        }
        _undecided.Empty();
    }

    /// <summary>
    /// The set whose groups a set is written with. Null: the set has few classes and is written with exact classes. For
    /// a wide set: its hull, if it has most of the hull's cells, otherwise the set itself.
    /// </summary>
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
        // A group may keep its signature, and yet other sets are written with it.
        foreach (var some in new[] { set.Base, wide })
            if (some is not null) _groups.MarkChanged(Tag.Of(some.Id, TagKind.Group));
        set.Base?.BaseOf.Remove(set);
        set.Base = wide;
        wide?.BaseOf.Add(set);
    }

    private int[] InAll(Cell cell) =>
        [.. cell.Memberships.Where(t => _sets[Tag.Set(t)] is { IsNamed: true } set && !Has(set.MemberRealms, cell))];

    private int[] InGroups(Cell cell)
    {
        var signature = new List<int>();
        foreach (var tag in cell.Memberships)
        {
            if (_sets[Tag.Set(tag)] is { BaseOf.Count: > 0 } wide && !Has(wide.MemberRealms, cell))
                signature.Add(Tag.Of(wide.Id, TagKind.Group));
        }
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
        // An excepted class lies in one group only: other wide sets that contain it are written with that group.
        if (isExcepted && cell.Group != _groups.Empty) signature.Add(Tag.Within(cell.Group));
        if (isExcepted || (_role.SplitsFamilies && signature.Count > 0))
            signature.Add(Tag.Family(cell.Standing.Family));
        if (cell.Standing.IsIsolated && (_role.Isolation ?? signature.Count > 0)) signature.Add(Tag.Isolated);
        signature.Sort();
        return [.. signature];
    }

    private static bool Has(int realms, Cell cell) => (realms >> cell.Standing.Family & 1) != 0;
}
