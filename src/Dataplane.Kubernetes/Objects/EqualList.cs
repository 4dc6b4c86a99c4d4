using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Dataplane.Kubernetes.Objects;

/// <summary>A list that never changes and is equal to another with equal items in the same order.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is a list")]
public sealed class EqualList<T>(params IReadOnlyList<T> items) : IReadOnlyList<T>, IEquatable<EqualList<T>>
{
    [SuppressMessage("Design", "CA1000", Justification = "One empty list of each type, which takes no memory")]
    public static EqualList<T> None { get; } = new();

    private readonly T[] _items = [.. items];

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    public bool Equals(EqualList<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as EqualList<T>);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items)
        {
            hash.Add(item);
        }
        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
