using System.Net.Sockets;

namespace Dataplane.Policy.Compilation;

/// <summary>
/// All addresses of a family, cut at every boundary of every range that rules name. The pieces, numbered from 0, are items as pod
/// addresses are.
/// </summary>
internal sealed class AddressLine
{
    private readonly UInt128[] _starts;
    private readonly AddressFamily _family;

    public AddressLine(IEnumerable<AddressRange> ranges, AddressFamily family)
    {
        _family = family;
        var cuts = new SortedSet<UInt128> { 0 };
        foreach (var range in ranges)
        {
            cuts.Add(range.First);
            if (range.Last != AddressRange.Highest(family)) cuts.Add(range.Last + 1);
        }
        _starts = [.. cuts];
    }

    public int Count => _starts.Length;

    public UInt128 Start(int piece) => _starts[piece];

    /// <summary>The pieces of ranges that the line has been cut at.</summary>
    public AddressSet Pieces(IEnumerable<AddressRange> ranges)
    {
        var pieces = new AddressSet(_starts.Length);
        foreach (var range in ranges)
            for (var i = Array.BinarySearch(_starts, range.First); i < _starts.Length && _starts[i] <= range.Last; i++) pieces.Add(i);
        return pieces;
    }

    /// <summary>Neighbours of one class joined; pieces of class 0 are left out.</summary>
    public IEnumerable<CidrClass> Classes(Func<int, uint> classOf)
    {
        for (int i = 0, next; i < _starts.Length; i = next)
        {
            var id = classOf(i);
            for (next = i + 1; next < _starts.Length && classOf(next) == id;) next++;
            var last = next < _starts.Length ? _starts[next] - 1 : AddressRange.Highest(_family);
            if (id != 0) yield return new CidrClass(_family, new AddressRange(_starts[i], last), id);
        }
    }
}
