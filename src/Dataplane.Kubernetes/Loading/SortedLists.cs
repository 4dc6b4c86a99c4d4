namespace Dataplane.Kubernetes.Loading;

/// <summary>Sorted lists that share all but a few objects.</summary>
public static class SortedLists
{
    /// <summary>
    /// The list without some of its objects and with others: what stays is copied in one go between the places where something differs.
    /// The list itself where nothing does.
    /// </summary>
    /// <param name="all">By <paramref name="order"/>, in which no two are equal.</param>
    /// <param name="gone">Objects of the list, in any order.</param>
    /// <param name="come">In any order; one may take the place of an equal one that has gone.</param>
    /// <returns>Null: two objects that come, or one and another that stays, are equal; or one that has gone was not there.</returns>
    public static IReadOnlyList<T>? With<T>(this IReadOnlyList<T> all, IReadOnlyCollection<T> gone, IReadOnlyCollection<T> come, Comparison<T> order)
        where T : class
    {
        if (gone.Count == 0 && come.Count == 0)
        {
            return all;
        }
        var old = all as T[] ?? [.. all];
        T[] leaving = [.. gone], coming = [.. come];
        Array.Sort(leaving, order);
        Array.Sort(coming, order);
        if (IsRepeating(leaving) || IsRepeating(coming) || !Array.TrueForAll(leaving, o => Find(old, 0, o, order) is var at and >= 0 && ReferenceEquals(old[at], o)))
        {
            return null;
        }
        var result = new T[old.Length - leaving.Length + coming.Length];
        int from = 0, to = 0, l = 0, c = 0;
        while (l < leaving.Length || c < coming.Length)
        {
            int which = l == leaving.Length ? 1 : c == coming.Length ? -1 : order(leaving[l], coming[c]);
            int at = Find(old, from, which > 0 ? coming[c] : leaving[l], order);
            if (which > 0 && at >= 0)
            {
                return null;
            }
            int end = at < 0 ? ~at : at;
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
            for (int i = 1; i < sorted.Length; i++)
            {
                if (order(sorted[i - 1], sorted[i]) == 0)
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>The object of that name; null: there is none.</summary>
    /// <param name="sorted">By <paramref name="nameOf"/>, ordinal.</param>
    public static T? Named<T>(this IReadOnlyList<T> sorted, string name, Func<T, string> nameOf)
        where T : class
    {
        int low = 0, high = sorted.Count - 1;
        while (low <= high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
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

    /// <summary>Where the object that is equal to <paramref name="sought"/> stands; none: the complement of where it would.</summary>
    private static int Find<T>(T[] sorted, int from, T sought, Comparison<T> order)
    {
        int low = from, high = sorted.Length - 1;
        while (low <= high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            int which = order(sorted[middle], sought);
            if (which == 0)
            {
                return middle;
            }
            if (which < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return ~low;
    }
}
