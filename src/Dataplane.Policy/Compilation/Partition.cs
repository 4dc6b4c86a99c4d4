namespace Dataplane.Policy.Compilation;

/// <summary>
/// Splits items into the classes that no set tells apart, one set after the other (partition refinement): the work is the
/// total size of the sets. Items that no set contains share class 0.
/// </summary>
internal sealed class Partition(int items)
{
    private readonly int[] _classOf = new int[items];
    private readonly List<int> _sizes = [items];

    public int this[int item] => _classOf[item];

    /// <summary>Classes in use, class 0 included.</summary>
    public int Count => _sizes.Count;

    public void Refine(IEnumerable<int> members)
    {
        var hits = new Dictionary<int, List<int>>();
        foreach (var item in members)
        {
            if (!hits.TryGetValue(_classOf[item], out var list)) hits[_classOf[item]] = list = [];
            list.Add(item);
        }
        foreach (var (old, list) in hits)
        {
            // Class 0 keeps its meaning, "in no set", even when every item of it moves out.
            if (old != 0 && list.Count == _sizes[old]) continue;
            foreach (var item in list) _classOf[item] = _sizes.Count;
            _sizes[old] -= list.Count;
            _sizes.Add(list.Count);
        }
    }


    /// <summary>The classes that a set refined in earlier consists of.</summary>
    public IEnumerable<int> Classes(IEnumerable<int> members) => members.Select(i => _classOf[i]).Distinct().Order();
}
