using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Dataplane.Kubernetes.Objects;

/// <summary>Labels sorted by key, in one array: an object has few labels, and there are many objects.</summary>
internal sealed class LabelMap : IReadOnlyDictionary<string, string>
{
    public static readonly LabelMap Empty = new([]);

    private readonly KeyValuePair<string, string>[] _sorted;

    private LabelMap(KeyValuePair<string, string>[] sorted) => _sorted = sorted;

    public int Count => _sorted.Length;

    public IEnumerable<string> Keys => _sorted.Select(l => l.Key);

    public IEnumerable<string> Values => _sorted.Select(l => l.Value);

    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    /// <summary>Of a key that is given twice, the last counts.</summary>
    public static LabelMap Of(IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        if (labels.Count == 0) return Empty;
        var sorted = new List<KeyValuePair<string, string>>(labels.Count);
        // Stable, unlike a sort of the array.
        foreach (var label in labels.OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            if (sorted.Count > 0 && sorted[^1].Key == label.Key) sorted.RemoveAt(sorted.Count - 1);
            sorted.Add(label);
        }
        return new LabelMap([.. sorted]);
    }

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        var at = _sorted.AsSpan().BinarySearch(new KeyOrder(key));
        if (at < 0)
        {
            value = null;
            return false;
        }
        value = _sorted[at].Value;
        return true;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, string>>)_sorted).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private readonly struct KeyOrder(string key) : IComparable<KeyValuePair<string, string>>
    {
        public int CompareTo(KeyValuePair<string, string> other) => string.CompareOrdinal(key, other.Key);
    }
}
