using Dataplane.Policy.Compilation.Classes;

namespace Dataplane.Policy.Compilation.Sets;

/// <summary>A set, and the number of its users.</summary>
/// <param name="key">Equal keys mean equal sets.</param>
internal class UsedSet(int number, string key, UsedSet? hull)
{
    public int Number => number;
    public string Key => key;
    public UsedSet? Hull => hull;

    /// <summary>The number of rules that name it, and of sets whose hull it is.</summary>
    public int Users { get; set; }
    public int Hulls { get; set; }
}

/// <summary>The sets of a <see cref="Levels"/>, found by their keys. Each exists while it is in use.</summary>
internal sealed class UsedSets<T>(Levels levels)
    where T : UsedSet
{
    private readonly Dictionary<string, T> _byKey = [];
    private readonly Dictionary<int, T> _byNumber = [];
    private readonly HashSet<T> _unused = [];

    public T? Find(string key) => _byKey.GetValueOrDefault(key);

    public T Add(T set)
    {
        if (set.Hull is { } hull) hull.Hulls++;
        return _byKey[set.Key] = _byNumber[set.Number] = set;
    }

    /// <returns>Its number.</returns>
    public int Use(T set)
    {
        if (set.Users++ == 0) levels.Name(set.Number, true);
        return set.Number;
    }

    /// <summary>Ends one use. The next <see cref="Sweep"/> removes the set, unless it is used again before.</summary>
    public void Release(int number)
    {
        var set = _byNumber[number];
        if (--set.Users > 0) return;
        levels.Name(number, false);
        _unused.Add(set);
    }

    /// <returns>The sets removed, including hulls that only they used.</returns>
    public IReadOnlyList<T> Sweep()
    {
        var dropped = new List<T>();
        for (var unused = _unused.ToList(); unused.Count > 0; unused =
            [.. unused.Select(s => s.Hull).OfType<T>().Distinct()])
        {
            foreach (var set in unused)
            {
                if (set is not { Users: 0, Hulls: 0 } || !_byNumber.Remove(set.Number)) continue;
                _byKey.Remove(set.Key);
                if (set.Hull is { } hull) hull.Hulls--;
                dropped.Add(set);
            }
        }
        _unused.Empty();
        levels.Drop([.. dropped.Select(s => s.Number)]);
        return dropped;
    }
}
