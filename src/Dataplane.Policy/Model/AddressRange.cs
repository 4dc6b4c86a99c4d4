using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Dataplane.Policy.Model;

/// <summary>
/// Addresses from <see cref="First"/> to <see cref="Last"/>, both included, as numbers of one family.
/// </summary>
public readonly record struct AddressRange(UInt128 First, UInt128 Last)
{
    private static readonly PerFamily<UInt128> Largest = new(uint.MaxValue, UInt128.MaxValue);

    /// <summary>The largest address of a family as a number.</summary>
    public static UInt128 Highest(AddressFamily family) => Largest[family];

    public static AddressRange Of(IPNetwork network)
    {
        var first = ToNumber(network.BaseAddress);
        var size = network.BaseAddress.AddressFamily.Bits() - network.PrefixLength;
        return new AddressRange(first, size == 128 ? UInt128.MaxValue : first | ((UInt128.One << size) - 1));
    }

    public static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The address of a family that has this number.</summary>
    public static IPAddress ToAddress(UInt128 number, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes[^(family.Bits() / 8)..]);
    }

    /// <summary>Merged, sorted and disjoint: nft interval sets refuse overlaps.</summary>
    public static List<AddressRange> Merge(IEnumerable<AddressRange> ranges)
    {
        var merged = new List<AddressRange>();
        foreach (var range in ranges.OrderBy(r => r.First))
        {
            if (merged.Count > 0 && (merged[^1].Last == UInt128.MaxValue || range.First <= merged[^1].Last + 1))
                merged[^1] = new AddressRange(merged[^1].First, UInt128.Max(merged[^1].Last, range.Last));
            else
                merged.Add(range);
        }
        return merged;
    }

    /// <summary><paramref name="whole"/> without <paramref name="holes"/>, which may overlap and stick out.</summary>
    public static IEnumerable<AddressRange> Subtract(AddressRange whole, IEnumerable<AddressRange> holes)
    {
        var next = whole.First;
        foreach (var hole in Merge(holes))
        {
            if (hole.Last < next || hole.First > whole.Last) continue;
            if (hole.First > next) yield return new AddressRange(next, hole.First - 1);
            if (hole.Last >= whole.Last) yield break;
            next = hole.Last + 1;
        }
        yield return new AddressRange(next, whole.Last);
    }
}
