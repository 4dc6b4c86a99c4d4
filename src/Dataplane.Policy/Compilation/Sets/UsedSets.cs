using Dataplane.Policy.Compilation.Classes;

namespace Dataplane.Policy.Compilation.Sets;

/// <summary>A set, and the number of its users.</summary>
/// <param name="key">Equal keys mean equal sets.</param>
internal class UsedSet(SetId id, string key, UsedSet? hull)
{
    public SetId Id => id;
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
    private readonly Dictionary<SetId, T> _byId = [];
    private readonly HashSet<T> _unused = [];

    public T? Find(string key) => _byKey.GetValueOrDefault(key);

    public T Add(T set)
    {
        if (set.Hull is { } hull) hull.Hulls++;
        return _byKey[set.Key] = _byId[set.Id] = set;
    }

    /// <returns>Its id.</returns>
    public SetId Use(T set)
    {
        if (set.Users++ == 0) levels.Name(set.Id, true);
        return set.Id;
    }

    /// <summary>Ends one use. The next <see cref="Sweep"/> removes the set, unless it is used again before.</summary>
    public void Release(SetId id)
    {
        var set = _byId[id];
        if (--set.Users > 0) return;
        levels.Name(id, false);
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
                if (set is not { Users: 0, Hulls: 0 } || !_byId.Remove(set.Id)) continue;
                _byKey.Remove(set.Key);
                if (set.Hull is { } hull) hull.Hulls--;
                dropped.Add(set);
            }
        }
        _unused.Empty();
        levels.Drop([.. dropped.Select(s => s.Id)]);
        return dropped;
    }
}
