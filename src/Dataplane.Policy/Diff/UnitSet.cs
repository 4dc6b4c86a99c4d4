using System.Runtime.InteropServices;

namespace Dataplane.Policy.Diff;

/// <summary>
/// A set of units by their numbers, a bit each: sets of thousands are compared and hashed by the word.
/// </summary>
internal sealed class UnitSet(int units) : IEquatable<UnitSet>
{
    private const int WordBits = 64;

    private ulong[] _words = new ulong[(units + WordBits - 1) / WordBits];

    public void Add(int unit) => _words[unit / WordBits] |= 1UL << (unit % WordBits);

    public bool Contains(int unit) => (_words[unit / WordBits] >> (unit % WordBits) & 1) != 0;

    /// <summary>A copy that has this unit too.</summary>
    public UnitSet With(int unit)
    {
        var copy = new UnitSet(0) { _words = [.. _words] };
        copy.Add(unit);
        return copy;
    }

    /// <summary>The units of the set, out of all in the order of their numbers.</summary>
    public IReadOnlyList<DiffUnit> Of(IReadOnlyList<DiffUnit> all) => [.. all.Where(unit => Contains(unit.Number))];

    public bool Equals(UnitSet? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    public override bool Equals(object? obj) => Equals(obj as UnitSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(_words.AsSpan()));
        return hash.ToHashCode();
    }
}
