using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>Ranges of addresses as CIDRs.</summary>
internal static class AddressText
{
    /// <summary>The fewest CIDRs that make up the ranges, in order.</summary>
    public static IEnumerable<string> Cidrs(IEnumerable<AddressRange> ranges, AddressFamily family)
    {
        var bits = family.Bits();
        foreach (var range in AddressRange.Merge(ranges))
        {
            var next = range.First;
            while (true)
            {
                var size = next == 0 ? bits : Math.Min(bits, (int)UInt128.TrailingZeroCount(next));
                while (Last(next, size) > range.Last)
                {
                    size--;
                }
                yield return $"{AddressRange.ToAddress(next, family)}/{bits - size}";
                if (Last(next, size) == range.Last)
                {
                    break;
                }
                next = Last(next, size) + 1;
            }
        }

        static UInt128 Last(UInt128 first, int size) =>
            size == 128 ? UInt128.MaxValue : first + ((UInt128.One << size) - 1);
    }
}
