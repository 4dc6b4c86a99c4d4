using System.Net.Sockets;

namespace Dataplane.Policy.Compilation;

/// <summary>
/// Classes of addresses outside the pod network on one level, of one family and direction: pieces that lie in the same blocks
/// share a class. A block nested in d others costs d + 1 memberships.
/// </summary>
internal sealed class ExternalClasses
{
    private readonly AddressLine _line;
    private readonly Partition _pieces;
    private readonly uint _first;

    public ExternalClasses(IReadOnlyCollection<IReadOnlyList<AddressRange>> sets, AddressFamily family, uint first)
    {
        _first = first;
        _line = new AddressLine(sets.SelectMany(s => s), family);
        _pieces = new Partition(_line.Count);
        foreach (var set in sets) _pieces.Refine(_line.Pieces(set));
        Next = first + (uint)_pieces.Count;
    }

    /// <summary>The first number not in use.</summary>
    public uint Next { get; }

    /// <summary>The classes that make up the set, each with an address that lies in it.</summary>
    public IEnumerable<(uint Class, UInt128 Sample)> Samples(IReadOnlyList<AddressRange> set) =>
        _line.Pieces(set).Members().Select(i => (Class: ClassOf(i), Sample: _line.Start(i))).DistinctBy(p => p.Class);

    /// <summary>Ranges and their classes; addresses in no block are left out.</summary>
    public IEnumerable<CidrClass> Ranges() => _line.Classes(i => _pieces[i] == 0 ? 0 : ClassOf(i));

    private uint ClassOf(int piece) => _first + (uint)_pieces[piece];
}
