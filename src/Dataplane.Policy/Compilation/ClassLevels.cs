namespace Dataplane.Policy.Compilation;

/// <summary>
/// Numbers for one role of pod addresses (subject or peer of one direction), on two levels. A set that spans few classes is
/// written with exact classes; one that spans many - a whole namespace whose pods other rules tell apart - with groups,
/// which only such wide sets split. So wide rules do not multiply with narrow ones.
/// </summary>
internal sealed class ClassLevels
{
    /// <summary>A set of more classes than this is written with groups.</summary>
    private const int NarrowLimit = 8;

    private readonly HashSet<AddressSet> _wide = [];
    private readonly Partition _exact, _groups;
    private readonly uint _firstExact, _firstGroup;

    /// <param name="sets">Every set that <see cref="Cover"/> will be asked for.</param>
    /// <param name="addresses">How many addresses there are.</param>
    /// <param name="also">A set that exact classes must not straddle, though no rule names it.</param>
    public ClassLevels(IReadOnlyCollection<AddressSet> sets, int addresses, AddressSet? also = null)
    {
        var all = new Partition(addresses);
        foreach (var set in sets) all.Refine(set.Members());
        _exact = new Partition(addresses);
        _groups = new Partition(addresses);
        foreach (var set in sets)
        {
            var isWide = all.Classes(set.Members()).Take(NarrowLimit + 1).Count() > NarrowLimit;
            if (isWide) _wide.Add(set);
            (isWide ? _groups : _exact).Refine(set.Members());
        }
        if (also is not null) _exact.Refine(also.Members());
        _firstExact = Realm.FirstClass;
        _firstGroup = _firstExact + (uint)_exact.Count;
        Next = _firstGroup + (uint)_groups.Count;
    }

    /// <summary>The first number not in use.</summary>
    public uint Next { get; }

    /// <summary>The exact class of an address; addresses that no narrow set contains share one.</summary>
    public uint Exact(int address) => _firstExact + (uint)_exact[address];

    /// <summary>The exact class, or 0 where no narrow set contains the address: then no rule asks for it.</summary>
    public uint ExactOrNone(int address) => _exact[address] == 0 ? 0 : Exact(address);

    /// <summary>The group, or 0 where no wide set contains the address.</summary>
    public uint Group(int address) => _groups[address] == 0 ? 0 : _firstGroup + (uint)_groups[address];

    /// <summary>The classes or groups that make up the set.</summary>
    public IEnumerable<uint> Cover(AddressSet set) => _wide.Contains(set)
        ? _groups.Classes(set.Members()).Select(c => _firstGroup + (uint)c)
        : _exact.Classes(set.Members()).Select(c => _firstExact + (uint)c);
}
