using System.Numerics;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// A set of pod addresses, one bit each, by their number in an <see cref="AddressSpace"/>. Equal by content.
/// </summary>
internal sealed class AddressSet(int capacity) : IEquatable<AddressSet>
{
    private readonly ulong[] _words = new ulong[(capacity + 63) / 64];

    public int Capacity { get; } = capacity;

    public AddressSet Clone()
    {
        var copy = new AddressSet(Capacity);
        _words.CopyTo(copy._words, 0);
        return copy;
    }

    public void Add(int index) => _words[index >> 6] |= 1UL << (index & 63);

    public bool Contains(int index) => (_words[index >> 6] >> (index & 63) & 1) != 0;

    public AddressSet UnionWith(AddressSet other)
    {
        for (var i = 0; i < _words.Length; i++) _words[i] |= other._words[i];
        return this;
    }

    public AddressSet IntersectWith(AddressSet other)
    {
        for (var i = 0; i < _words.Length; i++) _words[i] &= other._words[i];
        return this;
    }

    public AddressSet ExceptWith(AddressSet other)
    {
        for (var i = 0; i < _words.Length; i++) _words[i] &= ~other._words[i];
        return this;
    }

    public bool IsSupersetOf(AddressSet other)
    {
        for (var i = 0; i < _words.Length; i++)
            if ((other._words[i] & ~_words[i]) != 0) return false;
        return true;
    }

    public bool IsEmpty => !_words.AsSpan().ContainsAnyExcept(0UL);

    public Enumerator GetEnumerator() => new(_words);

    /// <summary>The same for LINQ.</summary>
    public IEnumerable<int> Members()
    {
        foreach (var index in this) yield return index;
    }

    public bool Equals(AddressSet? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    public override bool Equals(object? obj) => Equals(obj as AddressSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var word in _words) hash.Add(word);
        return hash.ToHashCode();
    }

    public struct Enumerator(ulong[] words)
    {
        private int _word = -1;
        private ulong _rest;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            while (_rest == 0)
            {
                if (++_word >= words.Length) return false;
                _rest = words[_word];
            }
            Current = (_word << 6) + BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }
    }
}
