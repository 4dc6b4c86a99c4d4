using System.Net.Sockets;

namespace Dataplane.Policy.Compilation;

/// <summary>
/// Classes of addresses outside the pod network, of one family and direction: the address line is cut at every boundary of
/// every block, and pieces that lie in the same blocks share a class. A block nested in d others costs d + 1 memberships.
/// </summary>
internal sealed class ExternalClasses
{
    private readonly UInt128[] _starts;
    private readonly Partition _pieces;
    private readonly AddressFamily _family;
    private readonly uint _first;

    public ExternalClasses(IReadOnlyCollection<IReadOnlyList<AddressRange>> sets, AddressFamily family, uint first)
    {
        _family = family;
        _first = first;
        var cuts = new SortedSet<UInt128> { 0 };
        foreach (var set in sets)
            foreach (var range in set)
            {
                cuts.Add(range.First);
                if (range.Last != AddressRange.Highest(family)) cuts.Add(range.Last + 1);
            }
        _starts = [.. cuts];
        _pieces = new Partition(_starts.Length);
        foreach (var set in sets) _pieces.Refine(Pieces(set));
        Next = first + (uint)_pieces.Count;
    }

    /// <summary>The first number not in use.</summary>
    public uint Next { get; }

    public IEnumerable<uint> Cover(IReadOnlyList<AddressRange> set) => _pieces.Classes(Pieces(set)).Select(c => _first + (uint)c);

    /// <summary>The classes that make up the set, each with an address that lies in it.</summary>
    public IEnumerable<(uint Class, UInt128 Sample)> Samples(IReadOnlyList<AddressRange> set) =>
        Pieces(set).Select(i => (Class: _first + (uint)_pieces[i], Sample: _starts[i])).DistinctBy(p => p.Class);

    /// <summary>Ranges and their classes, neighbours of one class joined; addresses in no block are left out.</summary>
    public IEnumerable<CidrClass> Ranges()
    {
        CidrClass? open = null;
        for (var i = 0; i < _starts.Length; i++)
        {
            if (_pieces[i] == 0)
            {
                if (open is { } done) yield return done;
                open = null;
                continue;
            }
            var last = i + 1 < _starts.Length ? _starts[i + 1] - 1 : AddressRange.Highest(_family);
            var id = _first + (uint)_pieces[i];
            if (open is { } before && before.Class == id)
            {
                open = before with { Range = before.Range with { Last = last } };
                continue;
            }
            if (open is { } other) yield return other;
            open = new CidrClass(_family, new AddressRange(_starts[i], last), id);
        }
        if (open is { } final) yield return final;
    }

    private IEnumerable<int> Pieces(IReadOnlyList<AddressRange> set)
    {
        foreach (var range in set)
            for (var i = Array.BinarySearch(_starts, range.First); i < _starts.Length && _starts[i] <= range.Last; i++) yield return i;
    }
}
