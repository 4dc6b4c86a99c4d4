namespace Dataplane.Policy.Model;

/// <summary>The differences between two lists, by reference; an object that was replaced is in both parts.</summary>
public sealed record ListDelta<T>(IReadOnlyList<T> Removed, IReadOnlyList<T> Added) where T : class
{
    public bool IsEmpty => Removed.Count == 0 && Added.Count == 0;
}

public static class ListDelta
{
    /// <summary>
    /// Lists that share all but a few objects in the same order cost one comparison of references for each object.
    /// </summary>
    public static ListDelta<T> Between<T>(IReadOnlyList<T> before, IReadOnlyList<T> after) where T : class
    {
        if (ReferenceEquals(before, after)) return new ListDelta<T>([], []);
        int start = 0, common = Math.Min(before.Count, after.Count);
        while (start < common && ReferenceEquals(before[start], after[start])) start++;
        var end = 0;
        while (end < common - start && ReferenceEquals(before[^(end + 1)], after[^(end + 1)])) end++;
        var old = new HashSet<T>(ReferenceEqualityComparer.Instance);
        for (var i = start; i < before.Count - end; i++) old.Add(before[i]);
        var added = new List<T>();
        for (var i = start; i < after.Count - end; i++)
            if (!old.Remove(after[i])) added.Add(after[i]);
        return new ListDelta<T>([.. old], added);
    }
}
