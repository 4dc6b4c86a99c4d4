namespace Dataplane.Policy.Compilation;

/// <summary>
/// Numbers for the items of one role (subjects or peers of one direction), on three levels. A set that spans few classes is
/// written with exact classes; one that spans many - a whole namespace whose pods other rules tell apart - with groups, which
/// only such wide sets split, or with a realm. So wide rules do not multiply with narrow ones. A wide set that is nearly all of
/// its hull is written as the hull and exact classes to except: so rules that each leave out something else do not split
/// each other.
/// </summary>
internal sealed class ClassLevels
{
    /// <summary>A set of more classes than this is written with groups.</summary>
    public const int NarrowLimit = 8;

    private readonly RealmItems[] _realms;
    private readonly Dictionary<PeerSet, AddressSet> _baseOfWide = [];
    private readonly AddressSet _excepted;
    private readonly Partition _exact, _groups;
    private readonly uint _firstExact, _firstGroup;

    /// <param name="sets">Every set that <see cref="Cover"/> will be asked for.</param>
    /// <param name="items">How many items there are.</param>
    /// <param name="first">The first number to give away.</param>
    /// <param name="realms">Disjoint; what contains one as a whole is written with its number.</param>
    /// <param name="narrowLimit">See <see cref="NarrowLimit"/>.</param>
    /// <param name="also">A set that exact classes must not straddle, though no rule names it.</param>
    public ClassLevels(IReadOnlyCollection<PeerSet> sets, int items, uint first, RealmItems[] realms, int narrowLimit, AddressSet? also = null)
    {
        _realms = realms;
        _excepted = new AddressSet(items);
        var all = new Partition(items);
        foreach (var set in sets) all.Refine(BelowRealms(set.Members));
        foreach (var set in sets)
        {
            var classes = all.CountClasses(BelowRealms(set.Members));
            if (classes <= narrowLimit) continue;
            var exceptions = all.CountClasses(set.Hull.Clone().ExceptWith(set.Members));
            _baseOfWide[set] = exceptions < classes ? set.Hull : set.Members;
        }

        _exact = new Partition(items);
        _groups = new Partition(items);
        foreach (var set in sets)
        {
            if (!_baseOfWide.TryGetValue(set, out var wide))
            {
                _exact.Refine(BelowRealms(set.Members));
                continue;
            }
            _groups.Refine(BelowRealms(wide));
            var exceptions = wide.Clone().ExceptWith(set.Members);
            _exact.Refine(exceptions);
            _excepted.UnionWith(exceptions);
        }
        // What one rule excepts another may mean: an excepted class lies in a wide set as a whole or not at all.
        if (!_excepted.IsEmpty)
            foreach (var set in sets) _exact.Refine(Wide(set).IntersectWith(_excepted));
        if (also is not null) _exact.Refine(also);
        _firstExact = first;
        _firstGroup = _firstExact + (uint)_exact.Count;
        Next = _firstGroup + (uint)_groups.Count;
    }

    /// <summary>The first number not in use.</summary>
    public uint Next { get; }

    /// <summary>The exact class of an item; items that no narrow set contains share one.</summary>
    public uint Exact(int item) => _firstExact + (uint)_exact[item];

    /// <summary>The exact class, or 0 where no narrow set contains the item: then no rule asks for it.</summary>
    public uint ExactOrNone(int item) => _exact[item] == 0 ? 0 : Exact(item);

    /// <summary>The group, or 0 where no wide set contains the item.</summary>
    public uint Group(int item) => _groups[item] == 0 ? 0 : _firstGroup + (uint)_groups[item];

    public PeerCover Cover(PeerSet set)
    {
        var wide = Wide(set);
        var ids = new List<uint>();
        foreach (var realm in _realms)
            if (Contains(wide, realm)) ids.Add(realm.Id);
        if (!_baseOfWide.ContainsKey(set))
        {
            ids.AddRange(ExactClasses(BelowRealms(set.Members)));
            return new PeerCover(ids, [], wide);
        }
        ids.AddRange(_groups.Classes(BelowRealms(wide)).Select(c => _firstGroup + (uint)c));
        return new PeerCover(ids, [.. ExactClasses(wide.Clone().ExceptWith(set.Members))], wide);
    }

    /// <summary>The classes of <see cref="PeerCover.Except"/>, of any cover, that lie in a wide set.</summary>
    public IEnumerable<uint> ExceptionsIn(AddressSet wide) => ExactClasses(wide.Clone().IntersectWith(_excepted));

    private IEnumerable<uint> ExactClasses(AddressSet items) => _exact.Classes(items).Select(c => _firstExact + (uint)c);

    /// <summary>What of the set is written with groups and realms, before exceptions.</summary>
    private AddressSet Wide(PeerSet set)
    {
        if (_baseOfWide.TryGetValue(set, out var wide)) return wide.Clone();
        var realms = new AddressSet(set.Members.Capacity);
        foreach (var realm in _realms)
            if (Contains(set.Members, realm)) realms.UnionWith(realm.Items);
        return realms;
    }

    private AddressSet BelowRealms(AddressSet set)
    {
        var rest = set.Clone();
        foreach (var realm in _realms)
            if (Contains(set, realm)) rest.ExceptWith(realm.Items);
        return rest;
    }

    private static bool Contains(AddressSet set, RealmItems realm) => !realm.Items.IsEmpty && set.IsSupersetOf(realm.Items);
}
