namespace Dataplane.Policy.Compilation;

/// <summary>
/// Splits items into the classes that no set tells apart, one set after the other (partition refinement): the work is the
/// total size of the sets. Items that no set contains share class 0.
/// </summary>
internal sealed class Partition(int items)
{
    private readonly int[] _classOf = new int[items];
    private readonly List<int> _sizes = [items];

    // Scratch, by class: how many members of the set at hand it has, and where those that leave go.
    private int[] _hits = new int[16], _target = new int[16];

    public int this[int item] => _classOf[item];

    /// <summary>Classes in use, class 0 included.</summary>
    public int Count => _sizes.Count;

    public void Refine(AddressSet members)
    {
        var touched = Hit(members);
        foreach (var old in touched)
        {
            // Class 0 keeps its meaning, "in no set", even when every item of it moves out.
            var stays = old != 0 && _hits[old] == _sizes[old];
            _target[old] = stays ? old : _sizes.Count;
            if (!stays)
            {
                _sizes[old] -= _hits[old];
                _sizes.Add(_hits[old]);
            }
            _hits[old] = 0;
        }
        foreach (var item in members) _classOf[item] = _target[_classOf[item]];
    }

    /// <summary>The classes that a set refined in earlier consists of, in ascending order.</summary>
    public IReadOnlyList<int> Classes(AddressSet members)
    {
        var touched = Hit(members);
        foreach (var id in touched) _hits[id] = 0;
        touched.Sort();
        return touched;
    }

    public int CountClasses(AddressSet members) => Classes(members).Count;

    private List<int> Hit(AddressSet members)
    {
        if (_hits.Length < _sizes.Count)
        {
            Array.Resize(ref _hits, _sizes.Count * 2);
            Array.Resize(ref _target, _sizes.Count * 2);
        }
        var touched = new List<int>();
        foreach (var item in members)
            if (_hits[_classOf[item]]++ == 0) touched.Add(_classOf[item]);
        return touched;
    }
}
