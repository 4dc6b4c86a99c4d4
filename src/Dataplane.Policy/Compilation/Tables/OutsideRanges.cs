using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.Tables;

/// <summary>Finds the class of an address outside the pod network, as the kernel's interval maps do.</summary>
internal sealed class OutsideRanges(IReadOnlyList<CidrClass> ranges)
{
    private readonly PerFamily<CidrClass[]> _sorted =
        PerFamily.Of<CidrClass[]>(family => [.. ranges.Where(c => c.Family == family)]);

    /// <summary>The class of an address; 0: no block contains it.</summary>
    public ClassNumber Find(IPAddress address, AddressFamily family)
    {
        var sorted = _sorted[family].AsSpan();
        var at = sorted.BinarySearch(new Holder(AddressRange.ToNumber(address)));
        return at < 0 ? ClassNumber.None : sorted[at].Class;
    }

    /// <summary>Compares an address with ranges. It is equal to the range that contains it.</summary>
    private readonly struct Holder(UInt128 number) : IComparable<CidrClass>
    {
        public int CompareTo(CidrClass other) => number < other.Range.First ? -1 : number > other.Range.Last ? 1 : 0;
    }
}
