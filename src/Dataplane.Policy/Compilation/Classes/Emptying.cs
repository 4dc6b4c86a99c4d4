namespace Dataplane.Policy.Compilation.Classes;

/// <summary>
/// Clears a collection that every step fills, and frees the memory of a large one: the cost of clearing grows with the
/// capacity.
/// </summary>
internal static class Emptying
{
    private const int Small = 1024;

    public static void Empty<T>(this HashSet<T> set)
    {
        set.Clear();
        if (set.Capacity > Small) set.TrimExcess();
    }

    public static void Empty<TKey, TValue>(this Dictionary<TKey, TValue> dictionary)
        where TKey : notnull
    {
        dictionary.Clear();
        if (dictionary.Capacity > Small) dictionary.TrimExcess();
    }
}
