namespace Dataplane.Policy.Compilation.Classes;

/// <summary>For what is filled and emptied at every step: what a large one needed would be kept for good, and each small one would pay for clearing it.</summary>
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
