namespace Dataplane.Kubernetes.Loading;

/// <summary>Operations on sorted lists that share most of their objects.</summary>
public static class SortedLists
{
    /// <summary>
    /// The list with some objects removed and others added; the list itself where there are none of either. The objects
    /// between two differences are copied as one block.
    /// </summary>
    /// <param name="all">Sorted by <paramref name="order"/>; no two are equal.</param>
    /// <param name="gone">Objects of the list to remove, in any order.</param>
    /// <param name="come">Objects to add, in any order; one may replace an equal object of
    /// <paramref name="gone"/>.</param>
    /// <returns>Null: an added object equals another added one or one that stays, or a removed object is not in the
    /// list.</returns>
    public static IReadOnlyList<T>? With<T>(this IReadOnlyList<T> all, IReadOnlyCollection<T> gone,
        IReadOnlyCollection<T> come, Comparison<T> order)
        where T : class
    {
        if (gone.Count == 0 && come.Count == 0)
        {
            return all;
        }
        var old = all as T[] ?? [.. all];
        var by = Comparer<T>.Create(order);
        T[] leaving = [.. gone], coming = [.. come];
        Array.Sort(leaving, order);
        Array.Sort(coming, order);
        if (IsRepeating(leaving) || IsRepeating(coming)
            || !Array.TrueForAll(leaving, o => Array.BinarySearch(old, o, by) is var at and >= 0
            && ReferenceEquals(old[at], o)))
        {
            return null;
        }
        var result = new T[old.Length - leaving.Length + coming.Length];
        int from = 0, to = 0, l = 0, c = 0;
        while (l < leaving.Length || c < coming.Length)
        {
            var which = l == leaving.Length ? 1 : c == coming.Length ? -1 : order(leaving[l], coming[c]);
            var at = Array.BinarySearch(old, from, old.Length - from, which > 0 ? coming[c] : leaving[l], by);
            if (which > 0 && at >= 0)
            {
                return null;
            }
            var end = at < 0 ? ~at : at;
            Array.Copy(old, from, result, to, end - from);
            to += end - from;
            from = end;
            if (which <= 0)
            {
                from++;
                l++;
            }
            if (which >= 0)
            {
                result[to++] = coming[c++];
            }
        }
        Array.Copy(old, from, result, to, old.Length - from);
        return result;

        bool IsRepeating(T[] sorted)
        {
            for (var i = 1; i < sorted.Length; i++)
            {
                if (order(sorted[i - 1], sorted[i]) == 0)
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>The object of that name; null where there is none.</summary>
    /// <param name="sorted">Sorted by name, ordinal.</param>
    public static T? Named<T>(this IReadOnlyList<T> sorted, string name, Func<T, string> nameOf)
        where T : class
    {
        int low = 0, high = sorted.Count - 1;
        while (low <= high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            switch (string.CompareOrdinal(nameOf(sorted[middle]), name))
            {
                case 0:
                    return sorted[middle];
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }
        return null;
    }
}
