using System.Runtime.InteropServices;

namespace Dataplane.Services.Pools;

/// <summary>Items that several hold, and what came and went between two commits.</summary>
internal sealed class CountedSet<T>
    where T : notnull
{
    private readonly Dictionary<T, int> _counts = [];

    /// <summary>Whether it was there at the last commit.</summary>
    private readonly Dictionary<T, bool> _touched = [];

    public IReadOnlyCollection<T> Items => _counts.Keys;

    public void Add(T item)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, item, out _);
        if (count++ == 0) _touched.TryAdd(item, false);
    }

    public void Remove(T item)
    {
        if (--CollectionsMarshal.GetValueRefOrNullRef(_counts, item) > 0) return;
        _counts.Remove(item);
        _touched.TryAdd(item, true);
    }

    public (List<T> Removed, List<T> Added) Commit()
    {
        var (removed, added) = (new List<T>(), new List<T>());
        foreach (var (item, wasThere) in _touched)
        {
            var isThere = _counts.ContainsKey(item);
            if (wasThere != isThere) (isThere ? added : removed).Add(item);
        }
        _touched.Clear();
        return (removed, added);
    }
}
